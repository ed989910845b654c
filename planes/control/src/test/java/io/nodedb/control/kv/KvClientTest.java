package io.nodedb.control.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.control.harness.ModelCore;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KvClientTest {
    private static final byte[] KEY = bytes("key");

    private final ControlHarness harness = new ControlHarness(2, 3);

    @Test
    void everyOperationAnswersAsItSays() {
        KvClient client = open(CollectionOptions.KEY_VALUE);
        assertThat(client.get(KEY)).isNull();
        assertThat(client.expiry(KEY)).isEqualTo(KvExchanges.ABSENT);
        assertThat(client.put(KEY, bytes("1"), KvCondition.IF_PRESENT, 0)).isFalse();
        assertThat(client.put(KEY, bytes("1"), KvCondition.IF_ABSENT, 0)).isTrue();
        assertThat(client.put(KEY, bytes("2"), KvCondition.IF_ABSENT, 0)).isFalse();
        assertThat(client.exists(KEY)).isTrue();
        assertThat(client.increment(KEY, 41)).isEqualTo(42);
        assertThat(client.compareAndPut(KEY, bytes("1"), bytes("x"), 0)).isFalse();
        assertThat(client.compareAndPut(KEY, bytes("42"), bytes("x"), 0)).isTrue();
        assertThat(client.getAndPut(KEY, bytes("y"))).isEqualTo(bytes("x"));
        long later = harness.time.epochMillis() + 5_000;
        assertThat(client.expireAt(KEY, later)).isTrue();
        assertThat(client.expiry(KEY)).isEqualTo(later);
        assertThat(client.expireAt(KEY, 0)).isTrue();
        assertThat(client.expiry(KEY)).isZero();
        assertThat(client.compareAndDelete(KEY, bytes("x"))).isFalse();
        assertThat(client.getAndDelete(KEY)).isEqualTo(bytes("y"));
        assertThat(client.getAndDelete(KEY)).isNull();
        assertThat(client.delete(KEY)).isFalse();
    }

    @Test
    void largeValueComesInPartsAndWhole() {
        KvClient client = open(CollectionOptions.KEY_VALUE);
        byte[] value = new byte[1_000_003];
        new Random(3).nextBytes(value);
        client.put(KEY, value, KvCondition.ALWAYS, 0);
        assertThat(client.get(KEY)).isEqualTo(value);
        CompletableFuture<byte[]> async = client.getAsync(KEY);
        for (int i = 0; i < 100 && !async.isDone(); i++) {
            harness.round();
        }
        assertThat(async.join()).isEqualTo(value);
        // The next small answer on the same exchange is not mixed with it.
        client.put(KEY, bytes("small"), KvCondition.ALWAYS, 0);
        assertThat(client.get(KEY)).isEqualTo(bytes("small"));
    }

    @Test
    void callAfterALostAnswerUsesAnotherExchange() {
        KvClient client = open(CollectionOptions.KEY_VALUE);
        client.put(KEY, bytes("1"), KvCondition.ALWAYS, 0);
        int core = harness.coreOf(partition());
        Runnable[] world = harness.world.toArray(new Runnable[0]);
        harness.world.clear();
        harness.world.add(() -> harness.time.advanceMillis(1_000));
        assertThatThrownBy(() -> client.get(KEY))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        Request<Call> late = harness.take(core);
        Call lost = late.payload;
        harness.world.clear();
        harness.world.add(() -> {
            Request<Call> request = harness.port(core).take();
            if (request != null) {
                assertThat(request.payload).isNotSameAs(lost);
                ((KvCall) request.payload).found = false;
                harness.succeed(request, 1);
            }
        });
        assertThat(client.get(KEY)).isNull();
        harness.world.clear();
        for (Runnable part : world) {
            harness.world.add(part);
        }
        harness.succeed(late, 1);
        assertThat(client.get(KEY)).isEqualTo(bytes("1"));
    }

    @Test
    void durabilityIsTheCallersThenTheCollectionsThenTheDatabases() {
        KvClient async = open(CollectionOptions.KEY_VALUE.withDurability(CommitDurability.ASYNC));
        assertThat(durabilityOf(async)).isEqualTo(Durability.ASYNC);
        assertThat(
                        durabilityOf(
                                async.with(
                                        CallOptions.DEFAULT.withDurability(CommitDurability.SYNC))))
                .isEqualTo(Durability.SYNC);
        CollectionInfo plain =
                harness.control.createCollection("plain", CollectionOptions.KEY_VALUE);
        assertThat(durabilityOf(harness.control.keyValue(plain, CallOptions.DEFAULT)))
                .isEqualTo(Durability.SYNC);
    }

    @Test
    void whatOneThreadSendsWithoutWaitingIsOneSession() {
        KvClient client = open(CollectionOptions.KEY_VALUE);
        harness.world.clear();
        int core = harness.coreOf(partition());
        CompletableFuture<Boolean> one = client.putAsync(KEY, bytes("1"), KvCondition.ALWAYS, 0);
        CompletableFuture<Boolean> two = client.putAsync(KEY, bytes("2"), KvCondition.ALWAYS, 0);
        assertThat(one).isNotDone();
        assertThat(two).isNotDone();
        Request<Call> first = harness.take(core);
        Request<Call> second = harness.take(core);
        assertThat(first.session).isNotZero().isEqualTo(second.session);
        assertThat(((KvCall) first.payload).value[0]).isEqualTo((byte) '1');
    }

    private byte durabilityOf(KvClient client) {
        byte[] seen = new byte[1];
        harness.world.addFirst(() -> {
            for (int core = 0; core < harness.cores(); core++) {
                Request<Call> request = harness.port(core).take();
                if (request != null) {
                    seen[0] = request.durability;
                    harness.succeed(request, 1);
                }
            }
        });
        client.delete(KEY);
        harness.world.removeFirst();
        return seen[0];
    }

    private KvClient open(CollectionOptions options) {
        ModelCore.all(harness);
        return harness.control.keyValue(
                harness.control.createCollection("c", options), CallOptions.DEFAULT);
    }

    private int partition() {
        return harness.control
                .catalog()
                .state()
                .slots()
                .partitionOfHash(io.nodedb.base.ids.KeyHash.of(KEY));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
