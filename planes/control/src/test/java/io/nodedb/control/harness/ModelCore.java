package io.nodedb.control.harness;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ids.Lsn;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.wal.CommitPortByHand;
import io.nodedb.storage.wal.CommitRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a core and the log do, as naively as possible: every version of every key in a list, each
 * commit durable at once. The core's side of a real port.
 */
@SuppressWarnings("ArrayRecordComponent") // the model's own, never written after construction
public final class ModelCore implements Runnable {
    private static final int INLINE_BYTES = KvCall.INLINE_RESULT_BYTES;

    private final ControlHarness harness;
    private final int core;
    private final Map<Key, List<Version>> versions = new HashMap<>();
    private final Map<Long, CommitCall> prepared = new HashMap<>();
    private final TreeSet<Integer> collections = new TreeSet<>();
    private final List<Streaming> streaming = new ArrayList<>();

    private record Key(int partition, int collection, String text, byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && partition == that.partition
                    && collection == that.collection
                    && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * partition + collection) + text.hashCode();
        }
    }

    private record Version(long lsn, byte @Nullable [] value, long expireAtMillis) {}

    private record Streaming(Request<Call> request, byte[] value, int[] sent) {}

    public ModelCore(ControlHarness harness, int core) {
        this.harness = harness;
        this.core = core;
        collections.add(Catalog.COLLECTION);
    }

    /** One per core of the harness, with their log, running whenever a caller waits. */
    public static List<ModelCore> all(ControlHarness harness) {
        List<ModelCore> cores = new ArrayList<>();
        for (int core = 0; core < harness.cores(); core++) {
            ModelCore model = new ModelCore(harness, core);
            cores.add(model);
            harness.world.add(model);
        }
        harness.world.add(() -> decide(harness, cores));
        return cores;
    }

    public Set<Integer> collections() {
        return collections;
    }

    private static void decide(ControlHarness harness, List<ModelCore> cores) {
        for (CommitRequest decision = harness.writer.take();
                decision != null;
                decision = harness.writer.take()) {
            long lsn = harness.lastLsn.get() + 1;
            for (int core : CommitPortByHand.cores(decision)) {
                CommitCall call = cores.get(core).prepared.remove(decision.txnId());
                if (decision.commits()) {
                    cores.get(core).install(call, lsn);
                }
            }
            harness.lastLsn.set(lsn);
            harness.writer.answer(decision, decision.commits() ? lsn : 0, 0);
        }
    }

    @Override
    public void run() {
        stream();
        for (Request<Call> request = harness.port(core).take();
                request != null;
                request = harness.port(core).take()) {
            int error = execute(request);
            if (error < 0) {
                continue;
            }
            if (error == 0) {
                harness.succeed(request, harness.lastLsn.get());
            } else {
                harness.fail(request, error, "model");
            }
        }
    }

    /** -1: answered later. */
    private int execute(Request<Call> request) {
        return switch (request.payload) {
            case KvCall call -> keyValue(request, call);
            case KvScanCall call -> scan(request, call);
            case CommitCall call -> commit(call);
            case CollectionCall call -> collection(call);
            default -> ErrorCode.UNSUPPORTED.number();
        };
    }

    private int collection(CollectionCall call) {
        if (call.action == CollectionCall.Action.OPEN) {
            collections.add(call.collection);
        } else {
            collections.remove(call.collection);
            versions.keySet().removeIf(key -> key.collection == call.collection);
        }
        return 0;
    }

    private int commit(CommitCall call) {
        for (KeyWrite write : call.writes) {
            Key key = key(write.partition(), write.collection(), write.key());
            boolean locked =
                    prepared.values().stream()
                            .flatMap(other -> other.writes.stream())
                            .anyMatch(other ->
                                    key(other.partition(), other.collection(), other.key())
                                            .equals(key));
            List<Version> all = versions.getOrDefault(key, List.of());
            if (locked
                    || (call.snapshotLsn != 0
                            && !all.isEmpty()
                            && all.getLast().lsn > call.snapshotLsn)) {
                return ErrorCode.CONFLICT.number();
            }
        }
        if (call.prepareOnly) {
            prepared.put(call.txnId, call);
            call.ringPosition = 8 * call.txnId;
        } else {
            install(call, harness.lastLsn.incrementAndGet());
        }
        return 0;
    }

    private void install(CommitCall call, long lsn) {
        for (KeyWrite write : call.writes) {
            add(
                    key(write.partition(), write.collection(), write.key()),
                    new Version(lsn, write.value(), write.expireAtMillis()));
        }
    }

    private void add(Key key, Version version) {
        versions.computeIfAbsent(key, id -> new ArrayList<>()).add(version);
    }

    private @Nullable Version at(Key key, long lsn, long nowMillis) {
        Version found = null;
        for (Version version : versions.getOrDefault(key, List.of())) {
            if (lsn == 0 || version.lsn <= lsn) {
                found = version;
            }
        }
        return found == null
                        || found.value == null
                        || (found.expireAtMillis > 0 && found.expireAtMillis <= nowMillis)
                ? null
                : found;
    }

    private int keyValue(Request<Call> request, KvCall call) {
        if (!collections.contains(call.collection)) {
            return ErrorCode.NOT_FOUND.number();
        }
        long nowMillis =
                request.readLsn == 0 ? harness.time.epochMillis() : Lsn.millis(request.readLsn);
        Key key = key(request.partition, call.collection, Arrays.copyOf(call.key, call.keyLength));
        Version now = at(key, request.readLsn, nowMillis);
        byte[] before = now == null ? null : now.value;
        long expiry = now == null ? 0 : now.expireAtMillis;
        byte[] value = Arrays.copyOf(call.value, call.valueLength);
        byte[] expected = Arrays.copyOf(call.expected, call.expectedLength);
        long newExpiry = call.expireAtMillis == KvCall.KEEP_EXPIRY ? expiry : call.expireAtMillis;
        call.found = before != null;
        switch (call.op) {
            case GET -> {
                return result(request, call, before);
            }
            case EXISTS -> {}
            case EXPIRY -> call.resultNumber = expiry;
            case PUT -> {
                call.applied =
                        call.condition == KvCondition.ALWAYS
                                || (call.condition == KvCondition.IF_PRESENT) == call.found;
                if (call.applied) {
                    add(key, new Version(next(), value, newExpiry));
                }
            }
            case DELETE -> remove(key, call.found);
            case INCREMENT -> {
                call.resultNumber =
                        (before == null ? 0 : Long.parseLong(text(before))) + call.number;
                add(
                        key,
                        new Version(
                                next(),
                                Long.toString(call.resultNumber)
                                        .getBytes(StandardCharsets.US_ASCII),
                                expiry));
            }
            case GET_AND_PUT -> {
                add(key, new Version(next(), value, 0));
                return result(request, call, before);
            }
            case GET_AND_DELETE -> {
                remove(key, call.found);
                return result(request, call, before);
            }
            case COMPARE_AND_PUT -> {
                call.applied = Arrays.equals(before, expected);
                if (call.applied) {
                    add(key, new Version(next(), value, newExpiry));
                }
            }
            case COMPARE_AND_DELETE -> {
                call.applied = Arrays.equals(before, expected);
                remove(key, call.applied);
            }
            case EXPIRE -> {
                call.applied = call.found;
                if (call.found) {
                    add(key, new Version(next(), before, call.expireAtMillis));
                }
            }
        }
        return 0;
    }

    private void remove(Key key, boolean present) {
        if (present) {
            add(key, new Version(next(), null, 0));
        }
    }

    private long next() {
        return harness.lastLsn.incrementAndGet();
    }

    private int result(Request<Call> request, KvCall call, byte @Nullable [] value) {
        if (value == null) {
            return 0;
        }
        call.resultLength = value.length;
        if (value.length > INLINE_BYTES) {
            streaming.add(new Streaming(request, value, new int[2]));
            stream();
            return -1;
        }
        System.arraycopy(value, 0, call.resultBuffer(value.length), 0, value.length);
        return 0;
    }

    /** Sends what credit allows. */
    private void stream() {
        streaming.removeIf(open -> {
            while (open.sent[0] < open.value.length) {
                Chunk chunk = harness.port(core).takeFreeChunk(open.request);
                if (chunk == null) {
                    harness.port(core).flushAnswers();
                    return false;
                }
                int part = Math.min(chunk.bytes.length, open.value.length - open.sent[0]);
                System.arraycopy(open.value, open.sent[0], chunk.bytes, 0, part);
                chunk.length = part;
                chunk.sequence = open.sent[1]++;
                open.sent[0] += part;
                harness.port(core).pushPartial(chunk);
            }
            harness.succeed(open.request, harness.lastLsn.get());
            return true;
        });
    }

    private int scan(Request<Call> request, KvScanCall call) {
        List<Key> keys = new ArrayList<>();
        for (Key key : versions.keySet()) {
            if (key.partition == call.partition
                    && key.collection == call.collection
                    && Long.compareUnsigned(KeyHash.of(key.bytes), call.cursor) >= 0
                    && at(key, request.readLsn, harness.time.epochMillis()) != null) {
                keys.add(key);
            }
        }
        keys.sort(Comparator.comparing(key -> KeyHash.of(key.bytes), Long::compareUnsigned));
        ByteBuffer page = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        call.finished = true;
        for (Key key : keys) {
            if (call.entries >= call.maxEntries || page.position() >= call.maxBytes) {
                call.finished = false;
                call.nextCursor = KeyHash.of(key.bytes);
                break;
            }
            Version version = at(key, request.readLsn, harness.time.epochMillis());
            byte[] value = call.withValues ? version.value : new byte[0];
            page.putInt(key.bytes.length).putInt(value.length).putLong(version.expireAtMillis);
            page.put(key.bytes).put(value);
            call.entries++;
        }
        call.page = Arrays.copyOf(page.array(), page.position());
        call.pageLength = page.position();
        return 0;
    }

    private static Key key(int partition, int collection, byte[] bytes) {
        return new Key(partition, collection, text(bytes), bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
