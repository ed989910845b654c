package io.nodedb.simulator;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.scan.EntrySource;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.control.scan.ScanEntry;
import io.nodedb.control.transaction.CommitOutcome;
import io.nodedb.control.transaction.Transaction;
import io.nodedb.control.transaction.TransactionOptions;
import io.nodedb.plan.document.ScanDirection;
import io.nodedb.simulator.ClientOperation.Outcome;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that runs transactions: reads of its snapshot, scans, writes to several keys of both
 * collections, then a commit, or none. Some of its steps wait, which lets the database go on but no
 * other actor; the others leave gaps in which everybody works.
 */
final class TransactionActor extends Actor {
    private final SplittableRandom random;
    private final Workload workload;
    private @Nullable SimulatedLife life;
    private @Nullable Transaction transaction;
    private @Nullable ClientTransaction record;
    private boolean waiting;
    private int left;

    TransactionActor(String name, Workload workload, SplittableRandom random) {
        super(name);
        this.workload = workload;
        this.random = random;
    }

    @Override
    void attach(SimulatedLife newLife) {
        life = newLife;
    }

    @Override
    void detach() {
        life = null;
        transaction = null;
        record = null;
        waiting = false;
    }

    @Override
    boolean idle() {
        return record == null;
    }

    @Override
    boolean step() {
        SimulatedLife now = life;
        if (now == null || waiting || random.nextInt(4) == 0) {
            return false;
        }
        try {
            Transaction open = transaction;
            ClientTransaction told = record;
            if (open == null || told == null) {
                begin(now);
            } else if (left-- > 0) {
                work(now, open, told);
            } else {
                finish(now, open, told);
            }
        } catch (NodeDbException e) {
            failed(e);
        }
        return true;
    }

    private void begin(SimulatedLife now) {
        long timeout =
                random.nextInt(10) == 0
                        ? 1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(60))
                        : TimeUnit.SECONDS.toNanos(30);
        CommitDurability durability =
                random.nextInt(4) == 0 ? CommitDurability.ASYNC : CommitDurability.DEFAULT;
        long durable = now.progress().durableLsn();
        Transaction begun =
                now.kernel()
                        .control()
                        .transactions()
                        .begin(
                                new TransactionOptions(
                                        CallOptions.DEFAULT
                                                .withTimeoutNanos(timeout)
                                                .withDurability(durability),
                                        1));
        ClientTransaction told = new ClientTransaction(name(), begun.snapshotLsn(), durable);
        told.async = durability == CommitDurability.ASYNC;
        transaction = begun;
        record = told;
        left = 1 + random.nextInt(6);
        workload.acknowledgements().add(told);
    }

    private void work(SimulatedLife now, Transaction open, ClientTransaction told) {
        String collection = workload.collection(random);
        String key = random.nextInt(5) == 0 ? workload.counterKey(random) : workload.key(random);
        String fullKey = collection + "/" + key;
        boolean counter = CommittedHistory.isCounter(fullKey);
        byte[] bytes = Values.bytes(key);
        switch (random.nextInt(8)) {
            case 0 -> scan(now, open, told, collection);
            case 1, 2 -> readLater(now, open, told, collection, fullKey);
            case 3 -> {
                String value = Values.text(open.get(now.collection(collection), bytes));
                sawInTransaction(told, fullKey, value);
            }
            case 4 -> {
                if (!counter && open.delete(now.collection(collection), bytes)) {
                    told.writes.put(fullKey, null);
                }
            }
            default -> {
                if (counter) {
                    long sum = open.increment(now.collection(collection), bytes, 1);
                    told.writes.put(fullKey, Long.toString(sum));
                } else {
                    put(now, open, told, collection, key);
                }
            }
        }
    }

    private void put(
            SimulatedLife now,
            Transaction open,
            ClientTransaction told,
            String collection,
            String key) {
        String value = workload.value(random);
        open.put(now.collection(collection), Values.bytes(key), Values.bytes(value), 0);
        told.writes.put(collection + "/" + key, value);
    }

    private void readLater(
            SimulatedLife now,
            Transaction open,
            ClientTransaction told,
            String collection,
            String fullKey) {
        waiting = true;
        CompletableFuture<byte @Nullable []> ignored =
                open.getAsync(
                                now.collection(collection),
                                Values.bytes(fullKey.substring(collection.length() + 1)))
                        .whenComplete((value, failure) -> {
                            if (record != told) {
                                return;
                            }
                            waiting = false;
                            if (failure == null) {
                                sawInTransaction(told, fullKey, Values.text(value));
                            } else {
                                failed(failure);
                            }
                        });
    }

    /** Its own writes it must see at once; what it did not write is compared with the snapshot. */
    private void sawInTransaction(ClientTransaction told, String key, @Nullable String value) {
        if (told.writes.containsKey(key)) {
            CommittedHistory.require(
                    java.util.Objects.equals(told.writes.get(key), value),
                    "a transaction reads its own writes: "
                            + told
                            + " key="
                            + key
                            + " read="
                            + Values.brief(value));
        } else {
            told.reads.add(new ClientTransaction.Read(key, value));
            workload.saw(key, value);
        }
    }

    private void scan(
            SimulatedLife now, Transaction open, ClientTransaction told, String collection) {
        Map<String, String> entries = new TreeMap<>();
        try (EntrySource scan =
                collection.equals(SimulatedLife.DOCUMENTS)
                        ? open.scan(now.collection(collection), range())
                        : open.scan(now.collection(collection))) {
            for (ScanEntry entry = scan.next(); entry != null; entry = scan.next()) {
                String key = collection + "/" + Values.text(entry.key());
                String before = entries.put(key, Values.text(entry.value()));
                CommittedHistory.require(before == null, "a scan finds a key once: " + key);
            }
        }
        // Its own writes are compared here; the rest later with the snapshot.
        told.writes.forEach((key, value) -> {
            if (key.startsWith(collection + "/")) {
                CommittedHistory.require(
                        java.util.Objects.equals(entries.get(key), value),
                        "a scan sees the transaction's own writes: "
                                + told
                                + " key="
                                + key
                                + " found="
                                + Values.brief(entries.get(key)));
            }
        });
        if (told.writes.isEmpty()) {
            told.scans.add(new ClientTransaction.Scan(collection, entries));
        }
    }

    private KeyRange range() {
        return new KeyRange(
                null, null, random.nextBoolean() ? ScanDirection.FORWARD : ScanDirection.BACKWARD);
    }

    private void finish(SimulatedLife now, Transaction open, ClientTransaction told) {
        if (random.nextInt(6) == 0) {
            open.close();
            ended(told, Outcome.REFUSED, 0);
            return;
        }
        if (!told.writes.isEmpty()) {
            // One value that only this transaction writes tells where it was committed.
            put(now, open, told, workload.collection(random), workload.key(random));
        }
        told.async |=
                told.writes.keySet().stream()
                        .allMatch(key -> key.startsWith(SimulatedLife.ASYNC + "/"));
        if (random.nextInt(3) == 0) {
            ended(told, Outcome.DONE, open.commit());
            return;
        }
        waiting = true;
        open.commitAsync(outcome -> {
            if (record == told) {
                waiting = false;
                committed(told, outcome);
            }
        });
    }

    private void committed(ClientTransaction told, CommitOutcome outcome) {
        if (outcome.isCommitted()) {
            ended(told, Outcome.DONE, outcome.lsn());
        } else {
            ended(
                    told,
                    Refusals.outcome(
                            new NodeDbException(
                                    outcome.error() == null ? ErrorCode.INTERNAL : outcome.error(),
                                    outcome.message())),
                    0);
        }
    }

    private void failed(Throwable failure) {
        Transaction open = transaction;
        ClientTransaction told = record;
        Outcome outcome = Refusals.outcome(failure);
        if (open == null || told == null) {
            return;
        }
        open.close();
        ended(told, outcome, 0);
    }

    private void ended(ClientTransaction told, Outcome outcome, long lsn) {
        SimulatedLife now = life;
        told.outcome = outcome;
        told.commitLsn = lsn;
        if (now != null) {
            told.endLsn = now.progress().ackingLsn();
            now.trace().add(told.toString());
        }
        transaction = null;
        record = null;
    }
}
