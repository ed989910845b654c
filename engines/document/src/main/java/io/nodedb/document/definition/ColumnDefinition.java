package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;

/**
 * A column of a strict collection, standing or dropped.
 *
 * @param id the column's for ever, counted from 1; a dropped one's is never given again
 * @param missing what rows hold that were written before the column was added
 * @param addedIn the row version whose rows have it first
 * @param droppedIn the row version whose rows don't have it any more; {@link #STANDS} when none
 */
@Immutable
public record ColumnDefinition(
        int id,
        String name,
        Type type,
        Nullability nullability,
        ColumnSource source,
        Value missing,
        int addedIn,
        int droppedIn) {
    /** Of a column that is not dropped; the first row version is 0, and drops make later ones. */
    public static final int STANDS = 0;

    public boolean stands() {
        return droppedIn == STANDS;
    }

    /** Do rows of a version hold this column? */
    public boolean isStoredIn(int rowVersion) {
        return addedIn <= rowVersion && (stands() || rowVersion < droppedIn);
    }

    public boolean isGenerated() {
        return source instanceof ColumnSource.Generated;
    }

    ColumnDefinition named(String newName) {
        return new ColumnDefinition(
                id, newName, type, nullability, source, missing, addedIn, droppedIn);
    }

    ColumnDefinition with(Nullability newNullability) {
        return new ColumnDefinition(
                id, name, type, newNullability, source, missing, addedIn, droppedIn);
    }

    ColumnDefinition with(ColumnSource newSource) {
        return new ColumnDefinition(
                id, name, type, nullability, newSource, missing, addedIn, droppedIn);
    }

    ColumnDefinition with(Type newType) {
        return new ColumnDefinition(
                id, name, newType, nullability, source, missing, addedIn, droppedIn);
    }

    ColumnDefinition dropped(int rowVersion) {
        return new ColumnDefinition(
                id, name, type, nullability, source, missing, addedIn, rowVersion);
    }
}
