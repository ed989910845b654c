package io.nodedb.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One transaction of a client: what it read at its snapshot, wrote, and was told. */
final class ClientTransaction {
    /** What a key was at the snapshot. */
    record Read(String key, @Nullable String value) {}

    /** A whole collection at the snapshot. */
    record Scan(String collection, Map<String, String> entries) {}

    final String client;
    final long snapshotLsn;

    /** What was certainly committed before it began. */
    final long startLsn;

    final List<Read> reads = new ArrayList<>();
    final List<Scan> scans = new ArrayList<>();

    /** By key with collection; null deletes. */
    final Map<String, @Nullable String> writes = new LinkedHashMap<>();

    ClientOperation.Outcome outcome = ClientOperation.Outcome.OPEN;
    boolean async;
    long commitLsn;
    long endLsn;
    boolean settled;

    ClientTransaction(String client, long snapshotLsn, long startLsn) {
        this.client = client;
        this.snapshotLsn = snapshotLsn;
        this.startLsn = startLsn;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(client + " transaction");
        writes.forEach((key, value) ->
                text.append(' ').append(key).append('=').append(Values.brief(value)));
        return text.append(" outcome=")
                .append(outcome)
                .append(" snapshot=")
                .append(Values.shortLsn(snapshotLsn))
                .append(" commit=")
                .append(Values.shortLsn(commitLsn))
                .append(" end=")
                .append(Values.shortLsn(endLsn))
                .toString();
    }
}
