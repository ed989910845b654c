package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What transcripts can't tell: encodings at their limits, expiry of fields, other types. */
class TypesTest extends CommandFixture {
    private String encoding(String key) {
        return run("OBJECT ENCODING " + key);
    }

    private void addAll(String command, int count) {
        List<String> words = new ArrayList<>(List.of(command, "k"));
        for (int i = 0; i < count; i++) {
            words.add("e" + i);
            words.add("v");
        }
        run(0, words);
    }

    @Test
    void hashIsPackedUpToTheLimitOfElements() {
        addAll("HSET", PackedElements.MAX_ELEMENTS);
        assertThat(encoding("k")).isEqualTo("\"listpack\"");
        run("HSET k one v");
        assertThat(encoding("k")).isEqualTo("\"hashtable\"");
        assertThat(run("HLEN k")).isEqualTo("129");
        assertThat(run("HGET k e77")).isEqualTo("\"v\"");
        core.crash();
        assertThat(run("HLEN k")).isEqualTo("129");
        assertThat(run("HGET k one")).isEqualTo("\"v\"");
    }

    @Test
    void hashIsPackedUpToTheLimitOfBytes() {
        // A count, two lengths of one and two bytes, the field.
        int value = PackedElements.MAX_BYTES - 2 - 1 - 2 - 1;
        run("HSET k f " + "x".repeat(value));
        assertThat(encoding("k")).isEqualTo("\"listpack\"");
        run("HSET k f " + "x".repeat(value + 1));
        assertThat(encoding("k")).isEqualTo("\"hashtable\"");
        assertThat(run("HSTRLEN k f")).isEqualTo("" + (value + 1));
    }

    @Test
    void structureGoesWithItsKeyAndItsMemoryIsGivenBack() {
        long data = core.engine.dataBytes();
        long index = core.engine.indexBytes();
        addAll("HSET", 5_000);
        assertThat(core.engine.dataBytes()).isGreaterThan(data + 5_000 * 24);
        run("DEL k");
        core.settle();
        assertThat(core.engine.dataBytes()).isEqualTo(data);
        assertThat(core.engine.indexBytes()).isEqualTo(index);
    }

    @Test
    void fieldsExpireOneByOneAndTheKeyWithTheLast() {
        run("HSET k a 1 b 2");
        long at = core.nowMillis;
        assertThat(run("HPEXPIRE k 100 FIELDS 2 a x")).isEqualTo("[1 -2]");
        assertThat(run("HPTTL k FIELDS 3 a b x")).isEqualTo("[100 -1 -2]");
        assertThat(run("HPEXPIRETIME k FIELDS 1 a")).isEqualTo("[" + (at + 100) + "]");
        assertThat(run("HTTL k FIELDS 1 a")).isEqualTo("[1]");
        core.crash();
        core.nowMillis += 100;
        assertThat(run("HGET k a")).isEqualTo("nil");
        assertThat(run("HGETALL k")).isEqualTo("[\"b\" \"2\"]");
        assertThat(core.expire(10)).isEqualTo(2);
        core.acknowledgeAll();
        assertThat(run("HLEN k")).isEqualTo("1");
        run("HPEXPIRE k 100 FIELDS 1 b");
        core.nowMillis += 100;
        assertThat(core.expire(10)).isEqualTo(2);
        core.acknowledgeAll();
        assertThat(run("EXISTS k")).isEqualTo("0");
    }

    @Test
    void conditionsOnFieldExpiry() {
        run("HSET k a 1 b 2");
        assertThat(run("HEXPIRE k 100 XX FIELDS 1 a")).isEqualTo("[0]");
        assertThat(run("HEXPIRE k 100 GT FIELDS 1 a")).isEqualTo("[0]");
        assertThat(run("HEXPIRE k 100 NX FIELDS 1 a")).isEqualTo("[1]");
        assertThat(run("HEXPIRE k 100 NX FIELDS 1 a")).isEqualTo("[0]");
        assertThat(run("HEXPIRE k 50 GT FIELDS 1 a")).isEqualTo("[0]");
        assertThat(run("HEXPIRE k 50 LT FIELDS 2 a b")).isEqualTo("[1 1]");
        assertThat(run("HPERSIST k FIELDS 3 a b c")).isEqualTo("[1 1 -2]");
        assertThat(run("HPERSIST k FIELDS 1 a")).isEqualTo("[-1]");
        assertThat(run("HEXPIREAT k 1 FIELDS 2 a b")).isEqualTo("[2 2]");
        assertThat(run("EXISTS k")).isEqualTo("0");
        assertThat(run("HEXPIRE k 1 FIELDS 2 a b")).isEqualTo("[-2 -2]");
        assertThat(run("HEXPIRE k 1 FIELDS 3 a b"))
                .isEqualTo("-ERR The `numfields` parameter must match the number of arguments");
        assertThat(run("HEXPIRE k -1 FIELDS 1 a"))
                .isEqualTo("-ERR invalid expire time, must be >= 0");
    }

    @Test
    void writingAFieldForgetsItsExpiryAndCountingKeepsIt() {
        run("HSET k a 1 b 2");
        run("HEXPIRE k 100 FIELDS 2 a b");
        run("HINCRBY k a 1");
        run("HSET k b 3");
        assertThat(run("HTTL k FIELDS 2 a b")).isEqualTo("[100 -1]");
    }

    @Test
    void copyOfAStructureIsAnotherOne() {
        addAll("HSET", 300);
        run("COPY k copy");
        run("HSET k e1 changed");
        run("HDEL copy e2");
        assertThat(run("HGET copy e1")).isEqualTo("\"v\"");
        assertThat(run("HGET k e2")).isEqualTo("\"v\"");
        run("DEL k");
        core.settle();
        assertThat(run("HLEN copy")).isEqualTo("299");
    }

    @Test
    void renamedStructureIsTheSame() {
        addAll("HSET", 300);
        run("RENAME k other");
        core.settle();
        core.crash();
        assertThat(run("HLEN other")).isEqualTo("300");
        assertThat(run("HGET other e299")).isEqualTo("\"v\"");
        assertThat(core.engine.table(KvCore.COLLECTION).structures().count()).isEqualTo(1);
    }

    @Test
    void callsOfTheEmbeddedInterfaceMeetOtherTypes() {
        run("HSET k a 1");
        KvCall get = new KvCall();
        get.op = KvOp.GET;
        get.collection = KvCore.COLLECTION;
        get.setKey(Model.bytes("k"), 0, 1);
        assertThat(core.execute(get, 0))
                .isEqualTo(io.nodedb.base.errors.ErrorCode.TYPE_MISMATCH.number());
        get.op = KvOp.PUT;
        get.setValue(Model.bytes("v"), 0, 1);
        assertThat(core.execute(get, 0)).isEqualTo(Outcome.DONE);
        assertThat(core.applyBatch()).isTrue();
        assertThat(run("GET k")).isEqualTo("\"v\"");
    }

    @Test
    void scansOfAStructureFindEveryElementOnceWhateverIsWritten() {
        addAll("HSET", 1_000);
        List<String> found = new ArrayList<>();
        String cursor = "0";
        int turn = 0;
        do {
            String reply = run("HSCAN k " + cursor + " COUNT 20");
            cursor = reply.substring(2, reply.indexOf('"', 2));
            for (String word : reply.split(" ", -1)) {
                String plain = word.replaceAll("[\\[\\]\"]", "");
                if (plain.startsWith("e")) {
                    found.add(plain);
                }
            }
            run("HSET k new" + turn++ + " v");
        } while (!cursor.equals("0"));
        assertThat(found).doesNotHaveDuplicates().hasSize(1_000);
        assertThat(turn).isGreaterThan(10);
    }

    @Test
    void drawsAreDifferentElements() {
        addAll("SADD", 500);
        String drawn = run("SRANDMEMBER k 20");
        assertThat(List.of(drawn.split(" ", -1))).doesNotHaveDuplicates().hasSize(20);
        String most = run("SRANDMEMBER k 480");
        assertThat(List.of(most.split(" ", -1))).doesNotHaveDuplicates().hasSize(480);
        assertThat(run("SPOP k 501").split(" ", -1)).hasSize(501);
        assertThat(run("EXISTS k")).isEqualTo("0");
    }
}
