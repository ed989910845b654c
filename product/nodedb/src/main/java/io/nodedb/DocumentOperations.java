package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with a collection of documents, inside a transaction and outside.
 *
 * <p>A document has at most 16 MiB and an id at most 16 KiB ({@link ErrorCode#PROGRAM_LIMIT}). What
 * is on disk and damaged is {@link ErrorCode#DATA_CORRUPTED} with file and offset; the rest serves.
 */
public interface DocumentOperations {
    String name();

    /** The document of an id, or null. */
    @Nullable Document get(Id id);

    boolean exists(Id id);

    /** Stores a document, whatever was there. */
    void put(Id id, Document document);

    /**
     * Stores a new document. {@link ErrorCode#UNIQUE_VIOLATION} when the id is taken: then nothing
     * is changed.
     */
    void insert(Id id, Document document);

    /** Stores a document in the place of one that is there; false when there is none. */
    boolean replace(Id id, Document document);

    /** True when the document was there. */
    boolean delete(Id id);

    /** The documents of a range of ids, as of one moment. */
    DocumentScan scan(IdRange range);

    /** All documents in the order of their ids, as of one moment. */
    default DocumentScan scan() {
        return scan(IdRange.ALL);
    }

    /** The number of documents in a range; reads every one's place. */
    long count(IdRange range);

    /** The number of documents. */
    default long count() {
        return count(IdRange.ALL);
    }

    /** As {@link #get(Id)}, of a text. */
    default @Nullable Document get(String id) {
        return get(Id.of(id));
    }

    /** As {@link #put(Id, Document)}, of a text. */
    default void put(String id, Document document) {
        put(Id.of(id), document);
    }

    /** As {@link #insert(Id, Document)}, of a text. */
    default void insert(String id, Document document) {
        insert(Id.of(id), document);
    }

    /** As {@link #delete(Id)}, of a text. */
    default boolean delete(String id) {
        return delete(Id.of(id));
    }
}
