package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Document;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.backup.DatabaseCopy;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.VirtualTime;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A database is copied, and at the copy's n-th look at its files, for every n, the database lives
 * on for a while: writes, takes checkpoints, flushes rows, cuts and reuses its log.
 */
@Timeout(300)
class BackupInterleavingTest {
    private static final LongForm FORM = LongForm.of("backup-interleaving");

    /** Pages of the log are looked at one by one: some of them will do. */
    private static final int READS_IN_A_LOOK = 16;

    private static final String[] RESTLESS = {
        "partitions", "2",
        "checkpoint_interval", "10ms",
        "wal_segment", "64KiB",
        "wal_ring", "16KiB",
        "wal_group", "16KiB",
        "wal_recycle", "128KiB",
        "wal_keep", "0"
    };

    private final VirtualTime time = new VirtualTime();
    private SteppedDatabase database;
    private int rounds;

    private void live(int more) {
        for (int i = 0; i < more; i++) {
            rounds++;
            String value = Integer.toString(rounds);
            database.db.inTransaction(tx -> {
                tx.kv("one").put("k", value);
                tx.kv("one").put("other", value.repeat(900));
                tx.documents("two").put("k", Document.empty().with("round", value));
            });
            database.db.documents("two").put("d" + rounds % 20, Document.empty().with("n", rounds));
            if (i % 10 == 0) {
                database.run(25);
            }
        }
    }

    /** Calls {@code meanwhile} at the n-th look. */
    private static final class Looks {
        private final int at;
        private final Runnable meanwhile;
        private int looks;
        private int reads;

        Looks(int at, Runnable meanwhile) {
            this.at = at;
            this.meanwhile = meanwhile;
        }

        Disk of(Disk disk) {
            return watched(
                    Disk.class,
                    (proxy, method, arguments) -> {
                        if (Set.of("openForRead", "list").contains(method.getName())) {
                            look();
                        }
                        Object result = invoke(() -> method.invoke(disk, arguments));
                        return result instanceof DiskFile file ? of(file) : result;
                    });
        }

        private DiskFile of(DiskFile file) {
            return watched(
                    DiskFile.class,
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("read")) {
                            reads++;
                            if (reads % READS_IN_A_LOOK == 0) {
                                look();
                            }
                        }
                        return invoke(() -> method.invoke(file, arguments));
                    });
        }

        private void look() {
            looks++;
            if (looks == at) {
                meanwhile.run();
            }
        }

        private interface Call {
            Object run() throws ReflectiveOperationException;
        }

        private static Object invoke(Call call) throws Throwable {
            try {
                return call.run();
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private static <T> T watched(Class<T> type, InvocationHandler handler) {
            return type.cast(
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }
    }

    @Test
    void whateverHappensMeanwhileTheCopyIsWholeAndAsOfOneMoment() throws IOException {
        int stride = FORM.count(7, 1);
        boolean reached = true;
        for (int n = 1; reached; n += stride) {
            MemoryDisk disk = new MemoryDisk();
            rounds = 0;
            database = new SteppedDatabase(disk, time, RESTLESS);
            live(40);
            int before = rounds;
            Looks looks = new Looks(n, () -> live(60));
            MemoryDisk target = new MemoryDisk();
            DatabaseCopy.Report ignored =
                    DatabaseCopy.copy(
                            looks.of(disk),
                            target,
                            DatabaseCopy.Sharing.NONE,
                            Map.of(KvEngineFactory.ID, new KvEngineFactory().name()),
                            Map.of(DocumentEngineFactory.ID, new DocumentEngineFactory().name()));
            reached = looks.looks >= n;
            database.close();
            try (SteppedDatabase copy = new SteppedDatabase(target, time, RESTLESS)) {
                String round = copy.db.kv("one").get("k");
                assertThat(Integer.parseInt(round)).as("n=%d", n).isBetween(before, rounds);
                assertThat(copy.db.kv("one").get("other")).isEqualTo(round.repeat(900));
                assertThat(copy.db.documents("two").get("k"))
                        .isEqualTo(Document.empty().with("round", round));
            }
        }
    }
}
