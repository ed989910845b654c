package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Immutable;

/**
 * What a manifest says of a file.
 *
 * @param number stands in its name and in each of its blocks
 * @param sizeBytes of the file
 * @param checksum of the footer, which covers the checksum of the directory
 * @param entries versions in it
 * @param deletions how many of them are deletions
 * @param lowestLsn of a version in it
 * @param highestLsn of a version in it
 * @param assignedLsn LSN of all its versions when they were written before it was known; else 0
 * @param rangesApplied what deletions of ranges up to this id cover is gone from it
 * @param smallest first row key
 * @param largest last row key
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // keys are bytes; nobody changes them
public record SegmentInfo(
        long number,
        long sizeBytes,
        int checksum,
        long entries,
        long deletions,
        long lowestLsn,
        long highestLsn,
        long assignedLsn,
        long rangesApplied,
        byte[] smallest,
        byte[] largest) {
    private static final String SUFFIX = ".rows";

    /** Its name in the folder. */
    public String name() {
        return name(number);
    }

    public static String name(long number) {
        return "%016x%s".formatted(number, SUFFIX);
    }

    /** The number in a name, or -1 when it is not the name of such a file. */
    public static long numberOf(String name) {
        if (name.length() != 16 + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseUnsignedLong(name.substring(0, 16), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** All its versions get this LSN. */
    public SegmentInfo withAssignedLsn(long lsn) {
        return new SegmentInfo(
                number,
                sizeBytes,
                checksum,
                entries,
                deletions,
                lsn,
                lsn,
                lsn,
                rangesApplied,
                smallest,
                largest);
    }
}
