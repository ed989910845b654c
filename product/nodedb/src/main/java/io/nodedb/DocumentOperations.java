package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.rules.RowPatch;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with a collection of documents, inside a transaction and outside.
 *
 * <p>What is written goes through the rules of the collection's definition first: defaults and
 * generated ids are filled in, values get their declared types, columns and fields that are
 * computed are, NOT NULL, CHECK and type guards are asked. A document that breaks one is refused
 * with a {@link io.nodedb.document.rules.RowRefusedException}, which names the field or constraint
 * ({@link ErrorCode#NOT_NULL_VIOLATION}, {@link ErrorCode#CONSTRAINT_REJECTED}, {@link
 * ErrorCode#TYPE_GUARD_VIOLATION}, {@link ErrorCode#UNDEFINED_COLUMN}, {@link
 * ErrorCode#GENERATED_ALWAYS}, and those of PostgreSQL's casts). A collection that was created
 * without a definition takes any document under any id.
 *
 * <p>Where the definition names a primary key, the id of a document is in its fields: {@link
 * #insert(Document)} finds it there, and an id that is given beside the document must agree with it
 * or fills it in. An id's texts are read as the key's types: {@code Id.of("2026-11-28")} finds a
 * date.
 *
 * <p>A document has at most 16 MiB and an id at most 16 KiB, or 8 KiB where the definition names
 * its key ({@link ErrorCode#PROGRAM_LIMIT}). What is on disk and damaged is {@link
 * ErrorCode#DATA_CORRUPTED} with file and offset; the rest serves.
 */
public interface DocumentOperations {
    String name();

    /** What the collection is at this moment. */
    CollectionDefinition definition();

    /** The document of an id, or null. */
    @Nullable Document get(Id id);

    boolean exists(Id id);

    /**
     * Stores a document, whatever was there. It is made as a new one: what it leaves out gets its
     * default.
     */
    void put(Id id, Document document);

    /** As {@link #put(Id, Document)}, under the id that is in the document or generated. */
    Id put(Document document);

    /**
     * Stores a new document. {@link ErrorCode#UNIQUE_VIOLATION} when the id is taken: then nothing
     * is changed.
     */
    void insert(Id id, Document document);

    /**
     * As {@link #insert(Id, Document)}, under the id that is in the document. A generated one is a
     * UUID of version 7, so new ids come after older ones.
     *
     * @return the document's id
     */
    Id insert(Document document);

    /** Stores a document in the place of one that is there; false when there is none. */
    boolean replace(Id id, Document document);

    /**
     * Changes fields of a document that is there, and checks its rules again; false when there is
     * none. It takes effect as one write, whoever else changes the same document. A patch that
     * changes fields of the primary key moves the document: {@link ErrorCode#UNIQUE_VIOLATION} when
     * the new id is taken.
     */
    boolean patch(Id id, RowPatch patch);

    /** As {@link #patch(Id, RowPatch)}: sets these fields and leaves the others. */
    default boolean patch(Id id, Document fields) {
        return patch(id, Patching.merge(fields));
    }

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
