package io.nodedb.server.resp.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Durability;
import io.nodedb.server.Placement;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.testkit.ForkedJvm;
import io.nodedb.testkit.LongForm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RespCrashIT {
    private static final int SHORT_CYCLES = 6;
    private static final int LONG_CYCLES = 200;
    private static final int CLIENTS = 4;
    private static final int MOST_STEPS = 800;
    private static final int MOST_CORES = 3;

    @TempDir Path directory;

    private final SharedKeys shared = new SharedKeys();
    private final Tokens tokens = new Tokens();
    private final Load load = new Load();
    private final List<Client> clients = new ArrayList<>();
    private final List<List<String[]>> pairs = new ArrayList<>();

    @Test
    void nothingAcknowledgedIsLostDoubledUndoneOrHalvedWhenTheServerIsKilled() throws Exception {
        LongForm form = LongForm.of("resp-crash");
        SplittableRandom random = new SplittableRandom(form.seed());
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(i, shared, tokens, load));
        }
        int cycles = form.count(SHORT_CYCLES, LONG_CYCLES);
        for (int cycle = 0; cycle <= cycles; cycle++) {
            Durability durability = cycle % 2 == 0 ? Durability.SYNC : Durability.ASYNC;
            try {
                killWhileItOpens(durability, random);
                live(durability, random, cycle < cycles);
            } catch (AssertionError failure) {
                throw new AssertionError(
                        "cycle="
                                + cycle
                                + " durability="
                                + durability
                                + ", begin with: "
                                + form.replayCommand(form.seed()),
                        failure);
            }
        }
        // The last one was told to end.
        try (ForkedJvm server = start(Durability.SYNC, random)) {
            compare(server, port(server));
        }
        assertThat(load.watchedThatPassed()).as("watched transactions that passed").isPositive();
    }

    private ForkedJvm start(Durability durability, SplittableRandom random) {
        return ForkedJvm.start(
                CrashServer.class,
                directory.toString(),
                Integer.toString(1 + random.nextInt(MOST_CORES)),
                (random.nextBoolean() ? Placement.COMBINED : Placement.SEPARATE).name(),
                durability.name());
    }

    /** Sometimes a server dies before it has recovered from the last time. */
    private void killWhileItOpens(Durability durability, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            try (ForkedJvm server = start(durability, random)) {
                server.awaitLine(CrashServer.OPENING);
                server.kill();
            }
        }
    }

    private static Endpoint port(ForkedJvm server) {
        server.awaitLine(CrashServer.OPENING);
        String port = server.readLine();
        if (port == null) {
            int status = server.waitFor();
            throw new AssertionError("exit status " + status + ": " + server.stderr());
        }
        return Endpoint.local(Integer.parseInt(port));
    }

    private void live(Durability durability, SplittableRandom random, boolean killed)
            throws InterruptedException {
        try (ForkedJvm server = start(durability, random)) {
            Endpoint endpoint = port(server);
            compare(server, endpoint);
            load.begin();
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).start(endpoint, pairs.get(i), random.split());
            }
            try {
                load.await(1 + random.nextInt(MOST_STEPS));
            } finally {
                if (killed) {
                    load.kill();
                    server.kill();
                }
                load.stop();
                for (Client client : clients) {
                    client.join();
                }
            }
            load.throwFailure();
            if (!killed) {
                server.send("stop");
                assertThat(server.waitFor()).as(server.stderr()).isZero();
            }
        }
    }

    private void compare(ForkedJvm server, Endpoint endpoint) {
        try (RespConnection connection = RespConnection.open(endpoint)) {
            Found found = Found.in(connection);
            assertThat(found.values().keySet())
                    .allMatch(key -> key.matches("c[0-3]\\..*|shared\\..*"));
            shared.compare(found);
            tokens.compareAndComplete(found, connection);
            clients.forEach(client -> client.compare(found));
            if (pairs.isEmpty()) {
                for (int i = 0; i < CLIENTS; i++) {
                    pairs.add(OwnKeySpace.pairs(connection, Client.prefix(i)));
                }
                assertThat(pairs).noneMatch(List::isEmpty);
            }
        } catch (java.io.UncheckedIOException broken) {
            throw new AssertionError(server.stderr(), broken);
        }
    }
}
