package io.nodedb.assembly;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps what is logged under a name, of every level, until it is closed. */
final class RecordedLog extends Handler implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level levelBefore;
    private final List<LogRecord> records = new ArrayList<>();

    private RecordedLog(Logger logger) {
        this.logger = logger;
        this.levelBefore = logger.getLevel();
    }

    static RecordedLog of(String name) {
        RecordedLog log = new RecordedLog(Logger.getLogger(name));
        log.logger.setLevel(Level.ALL);
        log.logger.addHandler(log);
        return log;
    }

    /** So far. */
    synchronized List<LogRecord> records() {
        return List.copyOf(records);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(levelBefore);
    }
}
