package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.transaction.Transaction;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RowPatch;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Patches as writes of a transaction: what was read is still there when it commits. */
final class Patching {
    private Patching() {}

    /**
     * Writes the row of a key after a patch, under another key when the patch changes that.
     *
     * @param row as the transaction has read it, null when there is none
     * @return was there a row?
     */
    static boolean apply(
            Transaction transaction,
            DocumentCollection.Seen collection,
            byte[] key,
            byte @Nullable [] row,
            RowPatch patch) {
        if (row == null) {
            return false;
        }
        PreparedRow after = collection.rules().patched(key, row, patch).orElse(null);
        if (after == null) {
            return true;
        }
        if (!Arrays.equals(after.key(), key)) {
            if (transaction.exists(collection.info(), after.key())) {
                throw taken(collection.info().name(), Id.ofKey(after.key()));
            }
            boolean ignored = transaction.delete(collection.info(), key);
        }
        transaction.putRow(
                collection.info(), after.key(), after.row(), collection.rules().version());
        return true;
    }

    /** Sets these fields and leaves the others. */
    static RowPatch merge(Document fields) {
        RowPatch patch = new RowPatch();
        for (Map.Entry<String, io.nodedb.base.value.Value> field : fields.fields().entrySet()) {
            patch = patch.set(FieldPath.of(field.getKey()), field.getValue());
        }
        return patch;
    }

    static NodeDbException taken(String collection, Id id) {
        return new NodeDbException(
                ErrorCode.UNIQUE_VIOLATION,
                "A document has this id already: collection=" + collection + " id=" + id);
    }
}
