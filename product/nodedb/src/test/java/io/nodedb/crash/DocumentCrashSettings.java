package io.nodedb.crash;

import io.nodedb.base.settings.RowSettings;
import io.nodedb.base.settings.Settings;

/** As {@link CrashSettings}, with rows that reach files and several levels in a second. */
final class DocumentCrashSettings {
    static final String DOCUMENTS = "documents";
    static final String KEYS = "keys";

    /** The field that holds what a step has written. */
    static final String FIELD = "v";

    /** Accounts below this number are documents, the others keys. */
    static final int DOCUMENT_ACCOUNTS = CrashSettings.ACCOUNTS / 2;

    private DocumentCrashSettings() {}

    static Settings settings(int cores) {
        return CrashSettings.settings(cores)
                .with(RowSettings.ROWS_MEMTABLE, 64L << 10)
                .with(RowSettings.ROWS_BLOCK, 1L << 10)
                .with(RowSettings.ROWS_FILE, 64L << 10)
                .with(RowSettings.ROWS_LEVEL_ZERO, 2)
                .with(RowSettings.ROWS_LEVEL_ONE, 64L << 10)
                .with(RowSettings.ROWS_CACHE, 192L << 10);
    }
}
