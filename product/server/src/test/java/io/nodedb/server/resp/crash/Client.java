package io.nodedb.server.resp.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client: sends commands, several before it reads a reply or one by one, holds each reply
 * against what its model says, and knows what was acknowledged when the server died.
 *
 * <p>Its thread works from {@link #start} on until the server is gone or it is told to stop; before
 * and after, the test's thread uses it.
 */
final class Client {
    private static final int MOST_OUTSTANDING = 8;

    private final int number;
    private final String prefix;
    private final SharedKeys shared;
    private final Tokens tokens;
    private final Load load;
    private final Deque<Step> outstanding = new ArrayDeque<>();
    private OwnKeys acknowledged = new OwnKeys();
    private long turns;
    private @Nullable Thread thread;

    Client(int number, SharedKeys shared, Tokens tokens, Load load) {
        this.number = number;
        this.prefix = prefix(number);
        this.shared = shared;
        this.tokens = tokens;
        this.load = load;
    }

    static String prefix(int number) {
        return "c" + number + ".";
    }

    void start(Endpoint endpoint, List<String[]> pairs, SplittableRandom random) {
        OwnKeySpace space = new OwnKeySpace(prefix, pairs, random.split());
        thread =
                Thread.ofPlatform()
                        .name("client-" + number)
                        .start(() -> work(endpoint, space, random));
    }

    void join() throws InterruptedException {
        Thread working = thread;
        if (working != null) {
            working.join();
        }
    }

    @SuppressWarnings("CatchThrowable") // told to the test's thread, whatever it was
    private void work(Endpoint endpoint, OwnKeySpace space, SplittableRandom random) {
        try (RespConnection server = RespConnection.open(endpoint)) {
            while (!load.isStopping()) {
                switch (random.nextInt(12)) {
                    case 0 -> takeTurn(server);
                    case 1 -> transfer(server, random);
                    case 2 -> transferWhatWasWatched(server, random);
                    case 3 -> SharedKeys.checkRead(server.call(SharedKeys.reading()));
                    case 4 -> Tokens.move(server, random);
                    case 5 -> tokens.takeAndReturn(number, server, random);
                    default ->
                            together(
                                    server,
                                    space.batch(
                                            random.nextBoolean()
                                                    ? 1
                                                    : 1 + random.nextInt(MOST_OUTSTANDING)));
                }
                load.done();
            }
        } catch (UncheckedIOException gone) {
            if (!load.isKilled()) {
                load.failed(gone);
            }
        } catch (Throwable failure) {
            load.failed(failure);
        } finally {
            long now = System.currentTimeMillis();
            outstanding.forEach(step -> step.settledMillis = now);
        }
    }

    private void together(RespConnection server, List<Step> steps) {
        for (Step step : steps) {
            step.sentMillis = System.currentTimeMillis();
            outstanding.add(step);
            send(server, step);
        }
        for (Step step : steps) {
            List<String> replies = replies(server, step);
            step.settledMillis = System.currentTimeMillis();
            for (int i = 0; i < replies.size(); i++) {
                String expected = acknowledged.apply(step.commands().get(i), replies.get(i), step);
                if (expected != null) {
                    assertThat(replies.get(i)).as("reply %s to %s", i, step).isEqualTo(expected);
                }
            }
            outstanding.removeFirst();
        }
    }

    private static void send(RespConnection server, Step step) {
        if (step.isTransaction()) {
            server.send(Words.of("MULTI"));
        }
        step.commands().forEach(server::send);
        if (step.isTransaction()) {
            server.send(Words.of("EXEC"));
        }
    }

    private static List<String> replies(RespConnection server, Step step) {
        if (!step.isTransaction()) {
            return List.of(OwnKeys.text(server.read()));
        }
        RespValue exec = exec(server, step.commands().size());
        assertThat(exec.elements()).as("%s of %s", exec, step).hasSameSizeAs(step.commands());
        return exec.elements().stream().map(OwnKeys::text).toList();
    }

    /** Reads the replies to MULTI and to each command; the one to EXEC is returned. */
    private static RespValue exec(RespConnection server, int commands) {
        assertThat(server.read()).isEqualTo(new RespValue.Simple("OK"));
        for (int i = 0; i < commands; i++) {
            assertThat(server.read()).isEqualTo(new RespValue.Simple("QUEUED"));
        }
        return server.read();
    }

    private void takeTurn(RespConnection server) {
        Step turn = Step.transaction(shared.beginTurn(number, prefix + turns++));
        send(server, turn);
        shared.endTurn(number, exec(server, turn.commands().size()));
    }

    private static void transfer(RespConnection server, SplittableRandom random) {
        String amount = Integer.toString(random.nextInt(100));
        Step step =
                Step.transaction(
                        List.of(
                                Words.of("DECRBY", account(random), amount),
                                Words.of("INCRBY", account(random), amount)));
        send(server, step);
        assertThat(exec(server, 2)).isInstanceOf(RespValue.Items.class);
    }

    private static String account(SplittableRandom random) {
        return SharedKeys.account(random.nextInt(SharedKeys.ACCOUNTS));
    }

    /** Money is lost or made when somebody else has come between and nobody notices. */
    private void transferWhatWasWatched(RespConnection server, SplittableRandom random) {
        int number = random.nextInt(SharedKeys.ACCOUNTS);
        String from = SharedKeys.account(number);
        String to = SharedKeys.account((number + 1) % SharedKeys.ACCOUNTS);
        assertThat(server.call("WATCH", from, to)).isEqualTo(new RespValue.Simple("OK"));
        long amount = random.nextInt(100);
        long reduced = SharedKeys.balance(server.call("GET", from)) - amount;
        long raised = SharedKeys.balance(server.call("GET", to)) + amount;
        Step step =
                Step.transaction(
                        List.of(
                                Words.of("SET", from, Long.toString(reduced)),
                                Words.of("SET", to, Long.toString(raised))));
        send(server, step);
        RespValue exec = exec(server, 2);
        assertThat(exec).isInstanceOfAny(RespValue.Items.class, RespValue.Null.class);
        load.watched(exec instanceof RespValue.Items);
    }

    /** What the server holds is explained by this client's steps, see {@link Explanation}. */
    void compare(Found found) {
        List<Step> open = new ArrayList<>(outstanding);
        OwnKeys explained = Explanation.of(acknowledged, open, found, prefix);
        if (explained == null) {
            OwnKeys all = acknowledged.copy();
            open.forEach(step -> Explanation.apply(all, step));
            throw new AssertionError(
                    "client "
                            + number
                            + ": with nothing of "
                            + open
                            + ": "
                            + acknowledged.difference(found, prefix)
                            + "; with all of it: "
                            + all.difference(found, prefix));
        }
        acknowledged = explained;
        acknowledged.settle(found);
        outstanding.clear();
    }
}
