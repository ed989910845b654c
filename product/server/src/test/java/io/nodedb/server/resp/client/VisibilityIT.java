package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Durability;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.Placement;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What one client was told to be written, every other one finds, at once. Each key has one writer,
 * who counts it up; readers note how far a writer has been told before they ask.
 */
@Timeout(600)
class VisibilityIT {
    private static final int WRITERS = 3;
    private static final int READERS = 3;
    private static final int KEYS_EACH = 4;
    private static final int MOST_PIPELINED = 16;
    private static final int BATCHES = 150;

    private final AtomicLongArray told = new AtomicLongArray(WRITERS * KEYS_EACH);
    private final AtomicInteger writing = new AtomicInteger();

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "COMBINED, SYNC",
        "COMBINED, ASYNC",
        "SEPARATE, SYNC",
        "SEPARATE, ASYNC",
    })
    void acknowledgedWriteIsSeenByEveryOtherClientAtOnce(Placement placement, Durability durability)
            throws Exception {
        Settings settings =
                Settings.defaults()
                        .with(ServerSettings.DATA, folder.toString())
                        .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                        .with(ServerSettings.RESP, 0)
                        .with(ServerSettings.PLACEMENT, placement)
                        .with(ServerSettings.DURABILITY, durability)
                        .with(RuntimeSettings.DATA_CORES, 3)
                        .with(RuntimeSettings.EVENT_LOOPS, 2);
        try (NodeDbServer server = NodeDbServer.start(settings)) {
            Endpoint endpoint = Endpoint.local(server.respAddress().getPort());
            SeededRuns.of(LongForm.of("resp-visibility"))
                    .run(1, 40, random -> writeAndRead(endpoint, random));
        }
    }

    private void writeAndRead(Endpoint endpoint, SplittableRandom random) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> clients = new ArrayList<>();
            writing.set(WRITERS);
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                SplittableRandom own = random.split();
                clients.add(threads.submit(() -> write(endpoint, writer, own)));
            }
            for (int i = 0; i < READERS; i++) {
                SplittableRandom own = random.split();
                clients.add(threads.submit(() -> read(endpoint, own)));
            }
            for (Future<?> client : clients) {
                Object ignored = client.get();
            }
        }
    }

    private static String key(int number) {
        return "key:" + number;
    }

    /** Some keys at once, one or all of the writer's in a command or a transaction. */
    private void write(Endpoint endpoint, int writer, SplittableRandom random) {
        try (RespConnection server = RespConnection.open(endpoint)) {
            for (int batch = 0; batch < BATCHES; batch++) {
                int count = random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_PIPELINED);
                List<Write> writes = new ArrayList<>();
                long[] next = new long[KEYS_EACH];
                for (int key = 0; key < KEYS_EACH; key++) {
                    next[key] = told.get(writer * KEYS_EACH + key);
                }
                for (int i = 0; i < count; i++) {
                    Write write = draw(writer, next, random);
                    writes.add(write);
                    write.commands.forEach(server::send);
                }
                server.flush();
                for (Write write : writes) {
                    for (int i = 0; i < write.commands.size(); i++) {
                        assertThat(server.read()).isNotInstanceOf(RespValue.Failure.class);
                    }
                    for (int i = 0; i < write.keys.size(); i++) {
                        told.set(write.keys.get(i), write.versions.get(i));
                    }
                }
            }
        } finally {
            int ignored = writing.decrementAndGet();
        }
    }

    /** Commands that are acknowledged when the last of them is, and what is written then. */
    private record Write(List<Words> commands, List<Integer> keys, List<Long> versions) {}

    private static Write draw(int writer, long[] next, SplittableRandom random) {
        List<Integer> keys = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        int kind = random.nextInt(4);
        int first = random.nextInt(KEYS_EACH);
        for (int key = 0; key < KEYS_EACH; key++) {
            if (kind < 2 || key == first) {
                keys.add(writer * KEYS_EACH + key);
                versions.add(++next[key]);
            }
        }
        List<Words> commands = new ArrayList<>();
        List<String> all = new ArrayList<>(List.of("MSET"));
        for (int i = 0; i < keys.size(); i++) {
            String value = Long.toString(versions.get(i));
            commands.add(Words.of("SET", key(keys.get(i)), value));
            all.addAll(List.of(key(keys.get(i)), value));
        }
        if (kind == 0) {
            return new Write(List.of(new Words(all)), keys, versions);
        }
        if (kind == 1) {
            commands.addFirst(Words.of("MULTI"));
            commands.addLast(Words.of("EXEC"));
        }
        return new Write(commands, keys, versions);
    }

    private void read(Endpoint endpoint, SplittableRandom random) {
        long[] found = new long[WRITERS * KEYS_EACH];
        try (RespConnection server = RespConnection.open(endpoint)) {
            while (writing.get() > 0) {
                int count = random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_PIPELINED);
                List<Integer> keys = new ArrayList<>();
                List<Long> least = new ArrayList<>();
                List<Words> commands = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    int key = random.nextInt(found.length);
                    keys.add(key);
                    least.add(told.get(key));
                    commands.add(
                            random.nextBoolean()
                                    ? Words.of("GET", key(key))
                                    : Words.of(
                                            "MGET", key(key), key(random.nextInt(found.length))));
                }
                List<RespValue> replies = server.pipeline(commands);
                for (int i = 0; i < count; i++) {
                    RespValue reply = replies.get(i);
                    RespValue value =
                            reply instanceof RespValue.Items(List<RespValue> items)
                                    ? items.getFirst()
                                    : reply;
                    long version = value instanceof RespValue.Null ? 0 : number(value);
                    int key = keys.get(i);
                    assertThat(version)
                            .as("%s of %s", commands.get(i), commands)
                            .isGreaterThanOrEqualTo(least.get(i))
                            .isGreaterThanOrEqualTo(found[key]);
                    found[key] = version;
                }
            }
        }
    }

    private static long number(RespValue value) {
        return Long.parseLong(((RespValue.Bulk) value).bytes());
    }
}
