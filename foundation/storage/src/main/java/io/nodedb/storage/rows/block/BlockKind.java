package io.nodedb.storage.rows.block;

/** What a block of a file holds; the number is written to disk. */
public enum BlockKind {
    /** Versions of rows. */
    DATA(1),

    /** Places of the data blocks of one section. */
    INDEX(2),

    /** Which keys one section may hold. */
    FILTER(3),

    /** The sections of the file, and what is known of it as a whole. */
    DIRECTORY(4);

    private final int number;

    BlockKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
