package io.nodedb.simulator;

import static io.nodedb.simulator.CommittedHistory.require;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.control.transaction.BatchOutcome;
import io.nodedb.control.transaction.CommandBatch;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.plan.kv.command.WatchedKey;
import io.nodedb.simulator.ClientOperation.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of the front end that moves money between accounts in batches of commands, some under a
 * watch, each with a mark; and reads all accounts in one batch, which finds the sum of nothing. A
 * mark that was promised lasts, and one that was refused never shows. Accounts are shared by all
 * these clients, marks are a client's own.
 */
final class BatchActor extends Actor {
    private static final int ACCOUNTS = 6;
    private static final int MOST_MOVES = 12;

    private final SplittableRandom random;
    private final Set<String> made = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private @Nullable SimulatedLife life;
    private @Nullable String waitsFor;
    private boolean checking;
    private long numbers;

    BatchActor(String name, SplittableRandom random) {
        super(name);
        this.random = random;
    }

    @Override
    void attach(SimulatedLife newLife) {
        life = newLife;
    }

    @Override
    void detach() {
        life = null;
        waitsFor = null;
    }

    @Override
    boolean idle() {
        return waitsFor == null;
    }

    @Override
    boolean step() {
        if (waitsFor != null) {
            return false;
        }
        SimulatedLife now = Objects.requireNonNull(life);
        switch (random.nextInt(4)) {
            case 0 -> readAll(now, () -> {});
            case 1 -> watchThenMove(now);
            default -> move(now, null, random.nextInt(ACCOUNTS));
        }
        return true;
    }

    /** Reads everything and compares it with what this client was told. */
    void check(SimulatedLife of) {
        life = of;
        checking = true;
        boolean[] read = new boolean[1];
        readAll(of, () -> read[0] = true);
        of.runPartsUntil(() -> read[0] || waitsFor == null, "the sum of all accounts");
        require(read[0], "the accounts can be read after a start");
        CommandBatch marks = new CommandBatch(of.router());
        List<String> names = new ArrayList<>(made);
        names.addAll(refused);
        List<CommandCall> calls = new ArrayList<>();
        for (String mark : names) {
            calls.add(add(of, marks, Command.EXISTS, mark));
        }
        waitsFor = "marks";
        send(of, marks, outcome -> require(outcome.isCommitted(), "marks can be read: " + outcome));
        of.runPartsUntil(() -> waitsFor == null, "the marks of all batches");
        for (int i = 0; i < names.size(); i++) {
            boolean there = number(calls.get(i)) == 1;
            require(there || !made.contains(names.get(i)), "a batch lasts: " + names.get(i));
            require(!there || !refused.contains(names.get(i)), "nothing of it: " + names.get(i));
        }
        checking = false;
        detach();
    }

    private void readAll(SimulatedLife now, Runnable then) {
        CommandBatch batch = new CommandBatch(now.router());
        List<CommandCall> calls = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            calls.add(add(now, batch, Command.INCRBY, "a" + i, "0"));
        }
        waitsFor = "sum";
        send(
                now,
                batch,
                outcome -> {
                    if (outcome.isCommitted()) {
                        long sum = 0;
                        for (CommandCall call : calls) {
                            sum += number(call);
                        }
                        require(sum == 0, "a batch reads all of another or nothing: sum=" + sum);
                        then.run();
                    }
                });
    }

    private void watchThenMove(SimulatedLife now) {
        int account = random.nextInt(ACCOUNTS);
        byte[] key = Values.bytes("a" + account);
        int partition = now.router().partitionOf(KeyHash.of(key));
        WatchCall call = new WatchCall();
        call.watch(now.collection(SimulatedLife.BATCHES).id(), key);
        Exchange<WatchCall> exchange = new Exchange<>(call);
        exchange.envelope(CallOptions.DEFAULT, now.time().nanoTime());
        exchange.partition = partition;
        waitsFor = "watch";
        boolean sent =
                now.frontSender()
                        .send(
                                now.router().coreOf(partition),
                                exchange,
                                answered -> {
                                    if (life != now) {
                                        return;
                                    }
                                    waitsFor = null;
                                    if (answered.errorCode() == 0) {
                                        move(
                                                now,
                                                call.watched(partition, answered.watermarkLsn()),
                                                account);
                                    }
                                });
        if (!sent) {
            waitsFor = null;
        }
    }

    private void move(SimulatedLife now, @Nullable WatchedKey watched, int first) {
        CommandBatch batch = new CommandBatch(now.router());
        if (watched != null) {
            batch.watch(watched);
        }
        String mark = name() + "-" + numbers++;
        int moves = 1 + random.nextInt(random.nextInt(MOST_MOVES) + 1);
        CommandCall ignored = add(now, batch, Command.SET, mark, "x".repeat(random.nextInt(200)));
        for (int i = 0; i < moves; i++) {
            int amount = 1 + random.nextInt(9);
            int from = i == 0 ? first : random.nextInt(ACCOUNTS);
            ignored = add(now, batch, Command.INCRBY, "a" + from, "-" + amount);
            ignored =
                    add(
                            now,
                            batch,
                            Command.INCRBY,
                            "a" + random.nextInt(ACCOUNTS),
                            Integer.toString(amount));
        }
        waitsFor = mark;
        send(
                now,
                batch,
                outcome -> {
                    if (outcome.isCommitted()) {
                        made.add(mark);
                    } else if (outcome.watchChanged() || outcomeOf(outcome) == Outcome.REFUSED) {
                        refused.add(mark);
                    }
                });
    }

    /** What came of a batch that was not committed; an error that no client may see throws. */
    private static Outcome outcomeOf(BatchOutcome outcome) {
        ErrorCode code = Objects.requireNonNull(outcome.commit().error());
        return Refusals.outcome(new NodeDbException(code, outcome.commit().message()));
    }

    private void send(
            SimulatedLife now,
            CommandBatch batch,
            java.util.function.Consumer<BatchOutcome> listener) {
        now.frontCoordinator()
                .commit(
                        batch,
                        now.time().nanoTime()
                                + TimeUnit.MILLISECONDS.toNanos(
                                        !checking && random.nextInt(8) == 0 ? 2 : 30_000),
                        Durability.SYNC,
                        CallOptions.DEFAULT,
                        0,
                        outcome -> {
                            if (life == now) {
                                waitsFor = null;
                                if (!outcome.isCommitted() && !outcome.watchChanged()) {
                                    Outcome allowed = outcomeOf(outcome);
                                    now.trace().add(allowed.ordinal());
                                }
                                listener.accept(outcome);
                            }
                        });
    }

    private static CommandCall add(
            SimulatedLife now, CommandBatch batch, Command command, String... arguments) {
        CommandCall call = new CommandCall();
        call.command = command;
        call.collection = now.collection(SimulatedLife.BATCHES).id();
        for (String argument : arguments) {
            call.arguments.add(Values.bytes(argument));
        }
        batch.add(now.router().partitionOf(KeyHash.of(Values.bytes(arguments[0]))), call);
        return call;
    }

    private static long number(CommandCall call) {
        require(
                call.reply.length() == 9 && call.reply.bytes()[0] == Reply.INTEGER,
                "the reply is a number: " + call);
        return java.nio.ByteBuffer.wrap(call.reply.bytes())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getLong(1);
    }
}
