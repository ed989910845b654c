package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.disk.FileAccess;
import io.nodedb.os.disk.FileSystemDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging a record allocates nothing: neither on the core's side nor on the writer's. */
class WalAllocationTest {
    private static final int ROUNDS = 500;
    private static final int BATCHES_PER_ROUND = 8;
    private static final int SEGMENT_BYTES = 16 << 20;

    /** What measuring itself may cost; far less than one object per round. */
    private static final long NOISE_BYTES = 4_096;

    private final byte[] key = new byte[16];
    private final Effects effects = new Effects(256);
    private final RecordEncoder encoder = new RecordEncoder();
    private final long[] ack = new long[CoreLog.ACK_STRIDE];

    @Test
    void drainingStampingWritingAndAcknowledgingAllocatesNothing(@TempDir Path folder)
            throws IOException {
        Doorbell bell = new Doorbell(new NullWakeup());
        WalOptions small = WalOptions.small();
        // One segment for all: changing it is not the hot path.
        WalOptions options =
                new WalOptions(
                        SEGMENT_BYTES,
                        1,
                        small.recycledSegments(),
                        small.coreRingBytes(),
                        small.coreAcks(),
                        small.groupBytes(),
                        small.asyncSyncIntervalNanos(),
                        small.gatherNanos(),
                        small.diskRetryNanos(),
                        small.keepBytes(),
                        small.keepMillis());
        Wal wal =
                Wal.open(
                        // Foreign calls allocate until they are compiled, which takes more of them
                        // than are made here. What they allocate then, NativeDiskTest says.
                        new FileSystemDisk(folder, FileAccess.CHANNEL),
                        "wal",
                        options,
                        1,
                        SystemTimeSource.INSTANCE,
                        0);
        CoreLog core = new CoreLog(0, options, bell, bell);
        CommitPort port = new CommitPort(16, bell, bell);
        WalKeeper keeper = new WalKeeper(bell, bell);
        WalWriter writer = wal.start(List.of(core), List.of(port), keeper);
        CommitRequest request = new CommitRequest();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            round(core, port, writer, keeper, request);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round(core, port, writer, keeper, request);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(NOISE_BYTES);
        wal.close();
    }

    private void round(
            CoreLog core,
            CommitPort port,
            WalWriter writer,
            WalKeeper keeper,
            CommitRequest request) {
        for (int i = 0; i < BATCHES_PER_ROUND; i++) {
            log(core, RecordFormat.BATCH, 0);
        }
        long position = log(core, RecordFormat.PREPARE, 7);
        port.submit(request.commit(7, 0, 0, 0).core(0, position).partition(0));
        while (WalSteps.step(writer, keeper)) {
            Thread.onSpinWait();
        }
        while (core.pollAck(ack)) {
            Thread.onSpinWait();
        }
        while (port.poll() != null) {
            Thread.onSpinWait();
        }
    }

    private long log(CoreLog core, int type, long txnId) {
        effects.reset();
        effects.put(1, 1, 1, key, 0, key.length, key, 0, key.length, 0);
        int at = core.claim(RecordFormat.bytes(1, effects.length()));
        encoder.begin(core.buffer(), at, type, 0, 1, txnId, 0, 0);
        encoder.section(0, effects).end();
        return core.publish(txnId);
    }
}
