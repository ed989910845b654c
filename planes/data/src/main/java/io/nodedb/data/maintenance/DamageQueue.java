package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.Shared;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.DamageReports;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Damage that cores have met in files of rows, until a thread that may block lists it. There is at
 * most one report for each file of each opening of a store.
 */
@Shared("concurrent queue")
public final class DamageQueue implements DamageReports {
    private record Report(DamagedFileException damage, String covered) {}

    private final ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();
    private final DamageReports list;

    /**
     * @param list where {@link #listAll} puts them; may block
     */
    public DamageQueue(DamageReports list) {
        this.list = list;
    }

    @Override
    public void damaged(DamagedFileException damage, String covered) {
        reports.add(new Report(damage, covered));
    }

    /** Any thread. */
    boolean isEmpty() {
        return reports.isEmpty();
    }

    /** Lists what has come in. Blocks; any thread that may. */
    public void listAll() {
        for (Report next = reports.poll(); next != null; next = reports.poll()) {
            list.damaged(next.damage, next.covered);
        }
    }
}
