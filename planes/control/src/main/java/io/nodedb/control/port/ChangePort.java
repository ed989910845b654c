package io.nodedb.control.port;

/** Opens change feeds; the Event Plane reads them from the log. */
public interface ChangePort {
    /**
     * A cursor over the committed changes of collections with a feed, in the order of the log.
     *
     * @param fromLsn only changes above it; {@code LSN_TOO_OLD} when the log no longer reaches back
     */
    ChangeCursor open(long fromLsn);
}
