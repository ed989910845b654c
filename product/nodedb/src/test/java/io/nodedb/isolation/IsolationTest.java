package io.nodedb.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Change;
import io.nodedb.ChangeFeed;
import io.nodedb.CollectionSettings;
import io.nodedb.KeyValueOperations;
import io.nodedb.NodeDb;
import io.nodedb.Transaction;
import io.nodedb.TransactionOptions;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.isolation.RecordedTransaction.Outcome;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Threads run transactions on few keys of a real database; their history has no forbidden anomaly.
 */
class IsolationTest {
    private static final String COLLECTION = "data";
    private static final String MARKER = "marker";
    private static final int THREADS = 4;
    private static final int TRANSACTIONS = 400;
    private static final int MAX_STEPS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void concurrentTransactionsAreIsolated() {
        SeededRuns.of(LongForm.of("isolation")).run(4, 200, IsolationTest::run);
    }

    private static void run(SplittableRandom random) throws Exception {
        Settings settings =
                Settings.defaults()
                        .with(RuntimeSettings.DATA_CORES, 1 + random.nextInt(3))
                        .with(RuntimeSettings.PARTITIONS, 1 + random.nextInt(5));
        History history = new History();
        int keys = 2 + random.nextInt(6);
        try (NodeDb database = NodeDb.inMemory(settings)) {
            KeyValueOperations data =
                    database.kv(COLLECTION, CollectionSettings.DEFAULTS.withFeed());
            try (ChangeFeed feed = database.changes(0)) {
                runThreads(database, history, keys, random);
                data.put(MARKER, MARKER);
                recordVersions(feed, history);
            }
        }
        assertThat(IsolationChecker.violations(history)).isEmpty();
        assertThat(history.transactions()).anyMatch(t -> t.outcome() == Outcome.COMMITTED);
    }

    private static void runThreads(
            NodeDb database, History history, int keys, SplittableRandom random) throws Exception {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String client = "client-" + i;
            SplittableRandom own = random.split();
            clients.add(() -> {
                for (int n = 0; n < TRANSACTIONS; n++) {
                    history.add(transaction(database, client, n, keys, own));
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        }
    }

    private static RecordedTransaction transaction(
            NodeDb database, String client, int number, int keys, SplittableRandom random) {
        RecordedTransaction record = new RecordedTransaction(client);
        try {
            database.inTransaction(
                    TransactionOptions.DEFAULTS.attempts(1),
                    transaction -> steps(transaction, record, client + "." + number, keys, random));
            return record.committed();
        } catch (RolledBack e) {
            return record.aborted();
        } catch (NodeDbException e) {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.CONFLICT);
            return record.aborted();
        }
    }

    private static void steps(
            Transaction transaction,
            RecordedTransaction record,
            String name,
            int keys,
            SplittableRandom random) {
        KeyValueOperations data = transaction.kv(COLLECTION);
        int count = 1 + random.nextInt(MAX_STEPS);
        for (int step = 0; step < count; step++) {
            String key = "k" + random.nextInt(keys);
            if (random.nextBoolean()) {
                record.read(key, data.get(key));
            } else {
                String value = name + "." + step;
                data.put(key, value);
                record.write(key, value);
            }
        }
        if (random.nextInt(10) == 0) {
            throw new RolledBack();
        }
    }

    private static void recordVersions(ChangeFeed feed, History history) {
        while (true) {
            Change change = feed.poll(PATIENCE);
            assertThat(change).as("the feed tells the last write").isNotNull();
            String key = new String(change.key(), StandardCharsets.UTF_8);
            if (key.equals(MARKER)) {
                return;
            }
            history.version(key, new String(change.value(), StandardCharsets.UTF_8));
        }
    }

    /** The client's own wish to roll back. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
