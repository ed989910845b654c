package io.nodedb.crash;

import io.nodedb.Documents;
import io.nodedb.NodeDb;
import io.nodedb.base.settings.RowSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.value.Type;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.PrimaryKey;

/** As {@link CrashSettings}, with rows that reach files and several levels in a second. */
final class DocumentCrashSettings {
    static final String DOCUMENTS = "documents";
    static final String KEYS = "keys";

    /** The field that holds what a step has written. */
    static final String FIELD = "v";

    /** Accounts below this number are documents, the others keys. */
    static final int DOCUMENT_ACCOUNTS = CrashSettings.ACCOUNTS / 2;

    /** The document that says which version of the definition was acknowledged last. */
    static final String DEFINITION = "definition";

    private DocumentCrashSettings() {}

    /** Strict, so that rows of all its versions are read by the newest. */
    static CollectionDefinition definition() {
        return CollectionDefinition.strict(
                PrimaryKey.of("id"),
                NewColumn.of("id", Type.TEXT),
                NewColumn.of(FIELD, Type.TEXT).notNull());
    }

    /** The collection of documents as it is, or new. */
    static Documents documents(NodeDb database) {
        return database.collections().contains(DOCUMENTS)
                ? database.documents(DOCUMENTS)
                : database.createDocuments(DOCUMENTS, definition());
    }

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
