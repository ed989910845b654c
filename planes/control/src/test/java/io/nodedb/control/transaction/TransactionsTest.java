package io.nodedb.control.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.control.harness.ModelCore;
import io.nodedb.control.kv.KvClient;
import io.nodedb.control.kv.KvExchanges;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private static final byte[] KEY = bytes("key");

    private final ControlHarness harness = new ControlHarness(2, 4);
    private final Transactions transactions = harness.control.transactions();
    private CollectionInfo collection;
    private KvClient client;

    @BeforeEach
    void createCollection() {
        ModelCore.all(harness);
        collection = harness.control.createCollection("c", CollectionOptions.KEY_VALUE);
        client = harness.control.keyValue(collection, CallOptions.DEFAULT);
    }

    @Test
    void conflictIsRunAgainOnANewSnapshot() {
        int[] attempts = new int[1];
        long sum =
                transactions.run(
                        TransactionOptions.DEFAULT,
                        tx -> {
                            long result = tx.increment(collection, KEY, 1);
                            if (++attempts[0] < 4) {
                                client.increment(KEY, 10);
                            }
                            return result;
                        });
        assertThat(attempts[0]).isEqualTo(4);
        assertThat(sum).isEqualTo(31);
        assertThat(client.get(KEY)).isEqualTo(bytes("31"));
        assertThat(harness.pauses).isEqualTo(3);
    }

    @Test
    void attemptsAreBounded() {
        int[] attempts = new int[1];
        assertThatThrownBy(() ->
                        transactions.run(
                                new TransactionOptions(CallOptions.DEFAULT, 3),
                                tx -> {
                                    attempts[0]++;
                                    tx.put(collection, KEY, KEY, 0);
                                    return client.increment(KEY, 1);
                                }))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(attempts[0]).isEqualTo(3);
    }

    @Test
    void whatTheBodyThrowsRollsBack() {
        assertThatThrownBy(() ->
                        transactions.run(
                                TransactionOptions.DEFAULT,
                                tx -> {
                                    tx.put(collection, KEY, KEY, 0);
                                    throw new IllegalStateException("no");
                                }))
                .hasMessage("no");
        assertThat(client.get(KEY)).isNull();
    }

    @Test
    void endedTransactionIsRefused() {
        Transaction tx = transactions.begin(TransactionOptions.DEFAULT);
        tx.put(collection, KEY, KEY, 0);
        tx.commit();
        assertThatThrownBy(() -> tx.get(collection, KEY)).hasMessageContaining("has ended");
        assertThatThrownBy(tx::commit).hasMessageContaining("has ended");
    }

    @Test
    void deadlineHoldsForTheWholeTransaction() {
        Transaction tx =
                transactions.begin(
                        new TransactionOptions(
                                CallOptions.DEFAULT.withTimeoutNanos(1_000_000_000L), 1));
        tx.put(collection, KEY, KEY, 0);
        harness.time.advanceMillis(1_001);
        assertThatThrownBy(tx::commit)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        tx.close();
        assertThat(client.get(KEY)).isNull();
    }

    @Test
    void nextTransactionSeesTheLastCommit() {
        for (int i = 0; i < 20; i++) {
            byte[] value = bytes("v" + i);
            long lsn =
                    transactions.run(
                            TransactionOptions.DEFAULT,
                            tx -> {
                                tx.put(collection, KEY, value, 0);
                                tx.put(collection, bytes("other-" + value[1]), value, 0);
                                return tx.snapshotLsn();
                            });
            try (Transaction tx = transactions.begin(TransactionOptions.DEFAULT)) {
                assertThat(tx.get(collection, KEY)).isEqualTo(value);
                assertThat(tx.snapshotLsn()).isGreaterThan(lsn);
            }
        }
    }

    @Test
    void expiryFollowsTheTransactionsOwnWrites() {
        long later = harness.time.epochMillis() + 60_000;
        client.put(KEY, bytes("1"), KvCondition.ALWAYS, later);
        try (Transaction tx = transactions.begin(TransactionOptions.DEFAULT)) {
            tx.increment(collection, KEY, 1);
            assertThat(tx.expiry(collection, KEY)).isEqualTo(later);
            tx.put(collection, KEY, bytes("3"), KvCall.KEEP_EXPIRY);
            assertThat(tx.expiry(collection, KEY)).isEqualTo(later);
            tx.put(collection, KEY, bytes("4"), 0);
            assertThat(tx.expiry(collection, KEY)).isZero();
            tx.delete(collection, KEY);
            assertThat(tx.expiry(collection, KEY)).isEqualTo(KvExchanges.ABSENT);
            tx.put(collection, KEY, bytes("5"), 1);
            assertThat(tx.get(collection, KEY)).as("expired in 1970").isNull();
        }
    }

    @Test
    void asynchronousCommitIsToldOnTheLaneThread() {
        Transaction tx = transactions.begin(TransactionOptions.DEFAULT);
        var read = tx.getAsync(collection, KEY);
        for (int i = 0; i < 10 && !read.isDone(); i++) {
            harness.round();
        }
        assertThat(read.join()).isNull();
        tx.put(collection, KEY, KEY, 0);
        tx.put(collection, bytes("b"), KEY, 0);
        List<CommitOutcome> outcomes = new ArrayList<>();
        tx.commitAsync(outcomes::add);
        for (int i = 0; i < 10 && outcomes.isEmpty(); i++) {
            harness.round();
        }
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().lsnOrThrow()).isEqualTo(harness.lastLsn.get());
        assertThat(client.get(KEY)).isEqualTo(KEY);
    }

    @Test
    void incrementOfWhatIsNoIntegerIsRefused() {
        client.put(KEY, bytes("x"), KvCondition.ALWAYS, 0);
        client.put(bytes("max"), bytes("" + Long.MAX_VALUE), KvCondition.ALWAYS, 0);
        try (Transaction tx = transactions.begin(TransactionOptions.DEFAULT)) {
            assertThatThrownBy(() -> tx.increment(collection, KEY, 1))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TYPE_MISMATCH));
            assertThatThrownBy(() -> tx.increment(collection, bytes("max"), 1))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERFLOW));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
