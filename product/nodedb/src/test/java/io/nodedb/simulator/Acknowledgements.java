package io.nodedb.simulator;

import static io.nodedb.simulator.CommittedHistory.require;

import io.nodedb.simulator.ClientOperation.Kind;
import io.nodedb.simulator.ClientOperation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What clients were told, checked against what was committed: every acknowledged effect is there,
 * at the place between request and answer; no refused one is; nothing is there that nobody asked
 * for; every read saw a value that the key had at the time; transactions are whole, read one
 * snapshot, and the first committer wins.
 */
final class Acknowledgements {
    private final CommittedHistory history;
    private final List<ClientOperation> operations = new ArrayList<>();
    private final List<ClientTransaction> transactions = new ArrayList<>();
    private final List<Version> unexplained = new ArrayList<>();
    private long explainedLsn;

    Acknowledgements(CommittedHistory history) {
        this.history = history;
    }

    void add(ClientOperation operation) {
        operations.add(operation);
    }

    void add(ClientTransaction transaction) {
        transactions.add(transaction);
    }

    /**
     * The history is complete up to {@code survivedLsn}, which is all that the database has.
     *
     * @param powerLost what was answered before its sync and lies beyond may be gone
     */
    void check(long survivedLsn, boolean powerLost) {
        if (history.isIncomplete()) {
            // With parts of the history missing only the state can be compared.
            operations.clear();
            transactions.clear();
            return;
        }
        unexplained.addAll(history.after(explainedLsn));
        explainedLsn = Math.max(explainedLsn, history.newestLsn());
        for (ClientTransaction transaction : transactions) {
            check(transaction, survivedLsn, powerLost);
        }
        for (ClientOperation operation : operations) {
            check(operation, survivedLsn, powerLost);
        }
        matchDeletions(survivedLsn, powerLost);
        explainByOpenOperations();
        transactions.clear();
        unexplained.removeIf(version -> version.maker != null);
        // What is open and will not be asked for again has no effect any more; it counts only while
        // it may have made a change that somebody who asks again may have made as well.
        operations.removeIf(operation ->
                operation.settled
                        || (operation.idempotencyKey == null
                                && unexplained.stream()
                                        .noneMatch(v -> v.key.equals(operation.key))));
    }

    private void check(ClientTransaction transaction, long survivedLsn, boolean powerLost) {
        if (transaction.settled) {
            return;
        }
        require(
                transaction.snapshotLsn >= transaction.startLsn,
                "a snapshot holds what was acknowledged before: " + transaction);
        if (transaction.snapshotLsn <= survivedLsn) {
            transaction.reads.forEach(read -> checkRead(transaction, read));
            transaction.scans.forEach(scan -> checkScan(transaction, scan));
        }
        transaction.reads.clear();
        transaction.scans.clear();
        long lsn = transaction.commitLsn;
        transaction.settled = true;
        if (transaction.outcome == Outcome.OPEN) {
            lsn = lsnOfAny(transaction);
        }
        if (transaction.writes.isEmpty() || (transaction.outcome == Outcome.OPEN && lsn == 0)) {
            return;
        }
        if (transaction.outcome == Outcome.REFUSED) {
            require(
                    lsnOfAny(transaction) == 0,
                    "a refused transaction leaves nothing: " + transaction);
            return;
        }
        if (transaction.async && powerLost && lsn > survivedLsn) {
            require(lsnOfAny(transaction) == 0, "a lost transaction is lost whole: " + transaction);
            return;
        }
        require(lsn > transaction.snapshotLsn, "a commit comes after its snapshot: " + transaction);
        require(
                transaction.outcome == Outcome.OPEN || lsn <= transaction.endLsn,
                "a commit comes before its answer: " + transaction);
        for (Map.Entry<String, @Nullable String> write : transaction.writes.entrySet()) {
            Version version = history.between(write.getKey(), lsn - 1, lsn).get(lsn);
            if (version == null
                    && write.getValue() == null
                    && history.valueAt(write.getKey(), transaction.snapshotLsn) == null) {
                continue; // put and deleted again: nothing was written
            }
            require(
                    version != null && Objects.equals(version.newValue, write.getValue()),
                    "a transaction is whole: "
                            + transaction
                            + " key="
                            + write.getKey()
                            + " found="
                            + version
                            + history.describe(write.getKey()));
            require(
                    version.maker == null,
                    "one change has one maker: " + version + " | " + version.maker);
            version.maker = transaction;
            require(
                    history.between(write.getKey(), transaction.snapshotLsn, lsn - 1).isEmpty(),
                    "the first committer wins: " + transaction + history.describe(write.getKey()));
        }
    }

    /** The LSN of a write that only this transaction made, 0 when none is there. */
    private long lsnOfAny(ClientTransaction transaction) {
        for (Map.Entry<String, @Nullable String> write : transaction.writes.entrySet()) {
            if (write.getValue() != null && !CommittedHistory.isCounter(write.getKey())) {
                Version version = history.ofValue(write.getKey(), write.getValue());
                if (version != null) {
                    return version.lsn;
                }
            }
        }
        return 0;
    }

    private void checkRead(ClientTransaction transaction, ClientTransaction.Read read) {
        String value = history.valueAt(read.key(), transaction.snapshotLsn);
        require(
                Objects.equals(value, read.value())
                        || (read.value() == null && history.mayBeExpired(read.key())),
                "a transaction reads its snapshot: "
                        + transaction
                        + " key="
                        + read.key()
                        + " read="
                        + Values.brief(read.value())
                        + " expected="
                        + Values.brief(value)
                        + history.describe(read.key()));
    }

    private void checkScan(ClientTransaction transaction, ClientTransaction.Scan scan) {
        for (String key : history.keys()) {
            if (key.startsWith(scan.collection() + "/")) {
                checkRead(transaction, new ClientTransaction.Read(key, scan.entries().get(key)));
            }
        }
        for (String key : scan.entries().keySet()) {
            require(history.keys().contains(key), "a scan finds what was written: key=" + key);
        }
    }

    private void check(ClientOperation operation, long survivedLsn, boolean powerLost) {
        if (operation.settled || operation.outcome == Outcome.OPEN) {
            return;
        }
        if (operation.outcome == Outcome.REFUSED) {
            operation.settled = true;
            require(
                    operation.written == null
                            || history.ofValue(operation.key, operation.written) == null,
                    "a refused write leaves nothing: " + operation);
            return;
        }
        boolean mayBeLost = powerLost && operation.endLsn > survivedLsn;
        switch (operation.kind) {
            case GET -> {
                operation.settled = true;
                if (!mayBeLost) {
                    checkSeen(operation, operation.result, "a read sees what was there");
                }
            }
            case PUT, PUT_IF_ABSENT, GET_AND_PUT, COMPARE_AND_PUT -> {
                operation.settled = true;
                checkPut(operation, mayBeLost);
            }
            case INCREMENT -> {
                operation.settled = true;
                checkIncrement(operation, mayBeLost && operation.async);
            }
            case DELETE, GET_AND_DELETE, COMPARE_AND_DELETE -> {
                if (!operation.applied) {
                    operation.settled = true;
                    if (!mayBeLost) {
                        checkNotDeleted(operation);
                    }
                }
            }
            case EXPIRE -> operation.settled = true;
        }
    }

    private void checkPut(ClientOperation operation, boolean mayBeLost) {
        Version version = history.ofValue(operation.key, operation.written);
        if (!operation.applied) {
            require(version == null, "what was not applied leaves nothing: " + operation);
            if (!mayBeLost && operation.kind == Kind.PUT_IF_ABSENT) {
                require(
                        someValueIn(operation, value -> value != null),
                        "an insert is refused by a value: "
                                + operation
                                + history.describe(operation.key));
            }
            if (!mayBeLost && operation.kind == Kind.COMPARE_AND_PUT) {
                require(
                        someValueIn(operation, value -> !Objects.equals(value, operation.expected))
                                || history.mayBeExpired(operation.key),
                        "a comparison fails by another value: "
                                + operation
                                + history.describe(operation.key));
            }
            return;
        }
        if (version == null) {
            require(
                    mayBeLost && operation.async,
                    "an acknowledged write is there: "
                            + operation
                            + history.describe(operation.key));
            return;
        }
        requirePlace(operation, version);
        version.maker = operation;
        if (operation.kind == Kind.GET_AND_PUT) {
            require(
                    Objects.equals(version.oldValue, operation.result),
                    "the value before is what the write replaced: " + operation + " | " + version);
        }
        if (operation.kind == Kind.COMPARE_AND_PUT) {
            require(
                    Objects.equals(version.oldValue, operation.expected),
                    "a comparison holds when the write is made: " + operation + " | " + version);
        }
        if (operation.kind == Kind.PUT_IF_ABSENT) {
            require(
                    version.oldValue == null,
                    "an insert finds nothing: " + operation + " | " + version);
        }
    }

    private void checkIncrement(ClientOperation operation, boolean mayBeLost) {
        for (Version version :
                history.between(operation.key, operation.startLsn, operation.endLsn).values()) {
            if (version.maker == null && Long.toString(operation.number).equals(version.newValue)) {
                version.maker = operation;
                return;
            }
        }
        require(
                mayBeLost,
                "an acknowledged increment is there once: "
                        + operation
                        + history.describe(operation.key));
    }

    private void checkNotDeleted(ClientOperation operation) {
        boolean explained =
                operation.kind == Kind.COMPARE_AND_DELETE
                        ? someValueIn(
                                operation, value -> !Objects.equals(value, operation.expected))
                        : someValueIn(operation, Objects::isNull);
        require(
                explained || history.mayBeExpired(operation.key),
                "what is not deleted was not there: "
                        + operation
                        + history.describe(operation.key));
    }

    /**
     * Gives each acknowledged deletion a change between its request and its answer. Changes are
     * taken in order, each by the deletion that has to be answered first, which finds a full
     * matching if there is one.
     */
    private void matchDeletions(long survivedLsn, boolean powerLost) {
        List<ClientOperation> deletions = new ArrayList<>();
        for (ClientOperation operation : operations) {
            if (!operation.settled && operation.outcome == Outcome.DONE) {
                deletions.add(operation);
            }
        }
        deletions.sort(Comparator.comparingLong(operation -> operation.endLsn));
        for (Version version : unexplained) {
            if (version.maker != null || version.newValue != null) {
                continue;
            }
            for (ClientOperation operation : deletions) {
                if (!operation.settled && couldDelete(operation, version)) {
                    operation.settled = true;
                    version.maker = operation;
                    break;
                }
            }
        }
        for (ClientOperation operation : deletions) {
            require(
                    operation.settled
                            || (operation.async && powerLost && operation.endLsn > survivedLsn),
                    "an acknowledged deletion is there: "
                            + operation
                            + history.describe(operation.key));
            operation.settled = true;
        }
    }

    private static boolean couldDelete(ClientOperation operation, Version version) {
        return operation.key.equals(version.key)
                && version.operation == io.nodedb.event.Operation.DELETE
                && operation.startLsn < version.lsn
                && (operation.outcome == Outcome.OPEN || version.lsn <= operation.endLsn)
                && switch (operation.kind) {
                    case DELETE -> true;
                    case GET_AND_DELETE ->
                            operation.outcome == Outcome.OPEN
                                    || Objects.equals(operation.result, version.oldValue);
                    case COMPARE_AND_DELETE -> Objects.equals(operation.expected, version.oldValue);
                    case GET, PUT, PUT_IF_ABSENT, GET_AND_PUT, COMPARE_AND_PUT, INCREMENT, EXPIRE ->
                            false;
                };
    }

    /** Every change that no acknowledged operation made was made by one that has no answer. */
    private void explainByOpenOperations() {
        Set<ClientOperation> used = new HashSet<>();
        for (Version version : unexplained) {
            if (version.maker != null) {
                continue;
            }
            if (isExpiry(version)) {
                version.maker = this;
                continue;
            }
            ClientOperation maker = explain(version, used);
            require(
                    maker != null,
                    "somebody asked for every change: " + version + history.describe(version.key));
            boolean sure =
                    operations.stream()
                            .noneMatch(o -> o.idempotencyKey != null && mayHaveMade(o, version));
            if (sure) {
                maker.settled = true;
                version.maker = maker;
            }
        }
    }

    private boolean isExpiry(Version version) {
        return switch (version.operation) {
            case EXPIRE -> history.mayBeExpired(version.key);
            case UPDATE ->
                    history.hasExpiry(version.key)
                            && Objects.equals(version.oldValue, version.newValue);
            case INSERT, DELETE, GAP -> false;
        };
    }

    private @Nullable ClientOperation explain(Version version, Set<ClientOperation> used) {
        for (ClientOperation operation : operations) {
            if (!used.contains(operation) && mayHaveMade(operation, version)) {
                used.add(operation);
                return operation;
            }
        }
        return null;
    }

    private static boolean mayHaveMade(ClientOperation operation, Version version) {
        return operation.outcome == Outcome.OPEN
                && !operation.settled
                && operation.key.equals(version.key)
                && operation.startLsn < version.lsn
                && couldMake(operation, version);
    }

    private static boolean couldMake(ClientOperation operation, Version version) {
        if (version.newValue == null) {
            return couldDelete(operation, version);
        }
        return operation.kind == Kind.INCREMENT
                ? Long.parseLong(version.newValue)
                        == (version.oldValue == null ? 0 : Long.parseLong(version.oldValue)) + 1
                : version.newValue.equals(operation.written);
    }

    private static void requirePlace(ClientOperation operation, Version version) {
        require(
                operation.startLsn < version.lsn && version.lsn <= operation.endLsn,
                "a write is committed between request and answer: " + operation + " | " + version);
        require(
                version.maker == null,
                "one change has one maker: " + version + " | " + version.maker);
    }

    private void checkSeen(ClientOperation operation, @Nullable String seen, String claim) {
        require(
                someValueIn(operation, value -> Objects.equals(value, seen))
                        || (seen == null && history.mayBeExpired(operation.key)),
                claim + ": " + operation + history.describe(operation.key));
    }

    /** Did the key have such a value at some time between request and answer? */
    private boolean someValueIn(
            ClientOperation operation, java.util.function.Predicate<@Nullable String> wanted) {
        if (wanted.test(history.valueAt(operation.key, operation.startLsn))) {
            return true;
        }
        for (Version version :
                history.between(operation.key, operation.startLsn, operation.endLsn).values()) {
            if (wanted.test(version.newValue)) {
                return true;
            }
        }
        return false;
    }
}
