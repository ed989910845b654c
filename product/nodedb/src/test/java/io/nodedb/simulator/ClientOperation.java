package io.nodedb.simulator;

import org.jspecify.annotations.Nullable;

/** One key-value operation of a client: what it asked for and what it was told. */
final class ClientOperation {
    enum Kind {
        GET,
        PUT,
        PUT_IF_ABSENT,
        GET_AND_PUT,
        COMPARE_AND_PUT,
        DELETE,
        GET_AND_DELETE,
        COMPARE_AND_DELETE,
        INCREMENT,
        EXPIRE
    }

    enum Outcome {
        /** No answer yet, or none for ever, or one that leaves it open. */
        OPEN,
        DONE,
        /** Certainly not executed. */
        REFUSED
    }

    final String client;
    final Kind kind;
    final String collection;

    /** With its collection: {@code sync/k1}. */
    final String key;

    final boolean async;

    /** The value that it writes, which no other operation writes; null for kinds without one. */
    @Nullable String written;

    @Nullable String expected;
    long expireAtMillis;
    byte @Nullable [] idempotencyKey;

    Outcome outcome = Outcome.OPEN;

    /** What was certainly committed before it was sent. */
    long startLsn;

    /** What may have been committed when it was answered. */
    long endLsn;

    @Nullable String result;
    boolean applied;
    long number;

    /** It is acknowledged and was checked, or it is refused. */
    boolean settled;

    ClientOperation(String client, Kind kind, String collection, String key, boolean async) {
        this.client = client;
        this.kind = kind;
        this.collection = collection;
        this.key = collection + "/" + key;
        this.async = async;
    }

    String bareKey() {
        return key.substring(collection.length() + 1);
    }

    @Override
    public String toString() {
        return client
                + " "
                + kind
                + " key="
                + key
                + (async ? " async" : "")
                + (idempotencyKey == null ? "" : " idempotent")
                + " written="
                + Values.brief(written)
                + " expected="
                + Values.brief(expected)
                + " outcome="
                + outcome
                + " result="
                + Values.brief(result)
                + " applied="
                + applied
                + " number="
                + number
                + " start="
                + Values.shortLsn(startLsn)
                + " end="
                + Values.shortLsn(endLsn);
    }
}
