package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import java.util.Random;

/** An engine, and short ways to call it. */
abstract class KvEngineFixture {
    final MemoryGovernor governor = new MemoryGovernor(256L << 20);
    final KvCore core = new KvCore(governor, false);
    final KvCall call = new KvCall();

    KvCall call(KvOp op, String key) {
        call.reset();
        call.op = op;
        call.collection = KvCore.COLLECTION;
        byte[] bytes = Model.bytes(key);
        call.setKey(bytes, 0, bytes.length);
        return call;
    }

    void put(String key, byte[] value, long expireAt) {
        call(KvOp.PUT, key).setValue(value, 0, value.length);
        call.expireAtMillis = expireAt;
        assertThat(core.write(call)).isTrue();
    }

    void put(String key, String value) {
        put(key, Model.bytes(value), 0);
    }

    void delete(String key) {
        assertThat(core.write(call(KvOp.DELETE, key))).isTrue();
    }

    String get(String key, long readLsn) {
        int outcome = core.execute(call(KvOp.GET, key), readLsn);
        assertThat(outcome).isEqualTo(Outcome.DONE);
        return call.found
                ? Model.text(java.util.Arrays.copyOf(call.result, call.resultLength))
                : "absent";
    }

    long newestStamp(String key) {
        byte[] bytes = Model.bytes(key);
        return core.engine.newestStamp(
                KvCore.COLLECTION, bytes, 0, bytes.length, KeyHash.of(bytes));
    }

    static byte[] large(int bytes, int seed) {
        byte[] value = new byte[bytes];
        new Random(seed).nextBytes(value);
        return value;
    }

    /** A put that leaves {@link #call} alone. */
    void put2(String key, String value) {
        KvCall other = new KvCall();
        other.op = KvOp.PUT;
        other.collection = KvCore.COLLECTION;
        other.setKey(Model.bytes(key), 0, key.length());
        other.setValue(Model.bytes(value), 0, value.length());
        assertThat(core.write(other)).isTrue();
    }
}
