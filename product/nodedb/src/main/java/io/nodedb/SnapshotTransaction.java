package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Transaction} over the Control Plane's. */
final class SnapshotTransaction implements Transaction {
    private final ControlPlane control;
    private final io.nodedb.control.transaction.Transaction transaction;
    private final RulesCache rules;
    private final TimeSource time;

    SnapshotTransaction(
            ControlPlane control,
            io.nodedb.control.transaction.Transaction transaction,
            RulesCache rules,
            TimeSource time) {
        this.control = control;
        this.transaction = transaction;
        this.rules = rules;
        this.time = time;
    }

    @Override
    public KeyValueOperations kv(String collection) {
        return new Operations(
                control.createCollection(
                        requireNonNull(collection, "collection"), CollectionOptions.KEY_VALUE));
    }

    @Override
    public DocumentOperations documents(String collection) {
        return new TransactionDocuments(
                transaction,
                new DocumentCollection(
                        control.catalog(),
                        rules,
                        control.createCollection(
                                requireNonNull(collection, "collection"),
                                CollectionOptions.DOCUMENT)));
    }

    @Override
    public long snapshotLsn() {
        return transaction.snapshotLsn();
    }

    private final class Operations implements KeyValueOperations {
        private final CollectionInfo collection;

        Operations(CollectionInfo collection) {
            this.collection = collection;
        }

        @Override
        public String name() {
            return collection.name();
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return transaction.get(collection, requireNonNull(key, "key"));
        }

        @Override
        public boolean exists(byte[] key) {
            return transaction.exists(collection, requireNonNull(key, "key"));
        }

        @Override
        public boolean put(byte[] key, byte[] value, PutOptions options) {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
            boolean takesEffect =
                    switch (options.condition()) {
                        case ALWAYS -> true;
                        case IF_ABSENT -> !transaction.exists(collection, key);
                        case IF_PRESENT -> transaction.exists(collection, key);
                    };
            if (takesEffect) {
                transaction.put(collection, key, value, options.expireAtMillis(time.epochMillis()));
            }
            return takesEffect;
        }

        @Override
        public boolean delete(byte[] key) {
            return transaction.delete(collection, requireNonNull(key, "key"));
        }

        @Override
        public long increment(byte[] key, long delta) {
            return transaction.increment(collection, requireNonNull(key, "key"), delta);
        }

        @Override
        public boolean compareAndPut(byte[] key, byte[] expected, byte[] value) {
            return transaction.compareAndPut(
                    collection,
                    requireNonNull(key, "key"),
                    requireNonNull(expected, "expected"),
                    requireNonNull(value, "value"),
                    0);
        }

        @Override
        public boolean compareAndDelete(byte[] key, byte[] expected) {
            return transaction.compareAndDelete(
                    collection, requireNonNull(key, "key"), requireNonNull(expected, "expected"));
        }

        @Override
        public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
            return transaction.getAndPut(
                    collection, requireNonNull(key, "key"), requireNonNull(value, "value"));
        }

        @Override
        public byte @Nullable [] getAndDelete(byte[] key) {
            return transaction.getAndDelete(collection, requireNonNull(key, "key"));
        }

        @Override
        public boolean expire(byte[] key, Duration life) {
            long lifeMillis = PutOptions.positiveMillis(life);
            return transaction.expireAt(
                    collection,
                    requireNonNull(key, "key"),
                    PutOptions.later(time.epochMillis(), lifeMillis));
        }

        @Override
        public boolean persist(byte[] key) {
            return transaction.expireAt(collection, requireNonNull(key, "key"), 0);
        }

        @Override
        public Optional<Duration> ttl(byte[] key) {
            return Expiries.remaining(
                    transaction.expiry(collection, requireNonNull(key, "key")), time.epochMillis());
        }

        @Override
        public Scan scan() {
            return new Scan(transaction.scan(collection));
        }

        @Override
        public long count() {
            return transaction.count(collection);
        }
    }
}
