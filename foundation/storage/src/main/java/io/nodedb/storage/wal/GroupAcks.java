package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.WalOwned;

/** The acknowledgements that the cores get when the present group lasts. Allocates nothing. */
@WalOwned
final class GroupAcks {
    private final CoreLog[] cores;
    private final boolean[] touched;
    private final int[] coreOf;
    private final long[] lsns;
    private final long[] tokens;
    private final int[] kinds;
    private int count;

    GroupAcks(CoreLog[] cores, int capacity) {
        this.cores = cores;
        this.touched = new boolean[cores.length];
        this.coreOf = new int[capacity];
        this.lsns = new long[capacity];
        this.tokens = new long[capacity];
        this.kinds = new int[capacity];
    }

    /** Is there room for one record's acknowledgements, whoever takes part? */
    boolean hasRoom() {
        return count + cores.length <= coreOf.length;
    }

    void add(int core, long lsn, long token, int kind) {
        Check.that(count < coreOf.length, "acknowledgements fit", count);
        coreOf[count] = core;
        lsns[count] = lsn;
        tokens[count] = token;
        kinds[count] = kind;
        count++;
    }

    /** Hands out everything in the order of the LSNs, then rings each core at most once. */
    void deliver() {
        for (int i = 0; i < count; i++) {
            cores[coreOf[i]].acknowledge(lsns[i], tokens[i], kinds[i], 0);
            touched[coreOf[i]] = true;
        }
        ring();
    }

    /** As {@link #deliver}, but everything failed. */
    void deliverFailed() {
        for (int i = 0; i < count; i++) {
            cores[coreOf[i]].acknowledge(0, tokens[i], CoreLog.FAILED, kinds[i]);
            touched[coreOf[i]] = true;
        }
        ring();
    }

    private void ring() {
        count = 0;
        for (int core = 0; core < touched.length; core++) {
            if (touched[core]) {
                touched[core] = false;
                cores[core].ringCore();
            }
        }
    }
}
