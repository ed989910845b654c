package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one batch, a section for each partition that it touches, in the order in which
 * they were begun. Reused from batch to batch; the sections' buffers keep their size up to a bound.
 */
@CoreOwned
public final class SectionedEffects {
    /** A typical operation fits. */
    private static final int INITIAL_BYTES = 256;

    private Effects[] sections = {new Effects(INITIAL_BYTES)};
    private int[] partitions = new int[1];
    private int count;

    /** Forgets all sections. */
    public void reset() {
        count = 0;
    }

    /** Gives the present sections away: what is returned is independent, this object is empty. */
    public SectionedEffects detach() {
        SectionedEffects taken = new SectionedEffects();
        taken.sections = sections;
        taken.partitions = partitions;
        taken.count = count;
        sections = new Effects[] {new Effects(INITIAL_BYTES)};
        partitions = new int[1];
        count = 0;
        return taken;
    }

    /** Starts or continues the section of a partition. */
    public Effects section(int partition) {
        if (count > 0 && partitions[count - 1] == partition) {
            return sections[count - 1];
        }
        // A record names each partition once.
        for (int i = count - 2; i >= 0; i--) {
            if (partitions[i] == partition) {
                return sections[i];
            }
        }
        if (count == sections.length) {
            sections = Arrays.copyOf(sections, 2 * count);
            partitions = Arrays.copyOf(partitions, 2 * count);
            for (int i = count; i < sections.length; i++) {
                sections[i] = new Effects(INITIAL_BYTES);
            }
        }
        sections[count].reset();
        partitions[count] = partition;
        return sections[count++];
    }

    /** The section of a partition, null when nothing began one. */
    public @Nullable Effects find(int partition) {
        for (int i = count - 1; i >= 0; i--) {
            if (partitions[i] == partition) {
                return sections[i];
            }
        }
        return null;
    }

    /** The present end of a partition's section, for {@link #rollback}. */
    public long mark(int partition) {
        Effects section = find(partition);
        return section == null ? 0 : section.mark();
    }

    /** Forgets what was appended for a partition after {@link #mark} gave {@code mark}. */
    public void rollback(int partition, long mark) {
        Effects section = find(partition);
        if (section != null) {
            section.rollback(mark);
        }
    }

    /** Forgets sections that are empty. */
    public void dropEmpty() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (sections[i].length() > 0) {
                Effects section = sections[i];
                sections[i] = sections[kept];
                sections[kept] = section;
                partitions[kept] = partitions[i];
                kept++;
            }
        }
        count = kept;
    }

    /** The partitions of all sections. */
    public int[] partitions() {
        return Arrays.copyOf(partitions, count);
    }

    public int count() {
        return count;
    }

    public int partition(int section) {
        return partitions[section];
    }

    public Effects effects(int section) {
        return sections[section];
    }

    /** Operations in all sections. */
    public int operations() {
        int operations = 0;
        for (int i = 0; i < count; i++) {
            operations += sections[i].count();
        }
        return operations;
    }

    /** Bytes of all sections. */
    public int lengthBytes() {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += sections[i].length();
        }
        return bytes;
    }
}
