package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.os.wake.ParkWakeup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WalThreadTest {
    private static final int CORES = 2;
    private static final int BATCHES = 20_000;

    @Test
    @Timeout(60)
    void coresOnTheirOwnThreadsGetEveryAcknowledgementInOrder() throws Exception {
        MemoryDisk disk = new MemoryDisk(256L << 20);
        WalOptions options = WalOptions.small();
        Wal wal = Wal.open(disk, "wal", options, 1, SystemTimeSource.INSTANCE, 0);
        Doorbell writerBell = new Doorbell(new ParkWakeup());
        List<CoreLog> logs = new ArrayList<>();
        List<Doorbell> bells = new ArrayList<>();
        for (int core = 0; core < CORES; core++) {
            bells.add(new Doorbell(new ParkWakeup()));
            logs.add(new CoreLog(core, options, bells.get(core), writerBell));
        }
        WalKeeper keeper = new WalKeeper(new Doorbell(new ParkWakeup()), writerBell);
        WalWriter writer = wal.start(logs, List.of(), keeper);
        WalKeeperThread keeperThread = new WalKeeperThread(keeper);
        keeperThread.start();
        WalThread thread = new WalThread(writer, writerBell);
        thread.start();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> cores = new ArrayList<>();
        for (int core = 0; core < CORES; core++) {
            int number = core;
            cores.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    runCore(logs.get(number), bells.get(number), writer);
                                } catch (Throwable t) {
                                    failure.set(t);
                                }
                            }));
        }
        for (Thread core : cores) {
            core.join();
        }
        thread.stop();
        thread.thread().join();
        keeperThread.stop();
        keeperThread.thread().join();
        assertThat(failure.get()).isNull();
        assertThat(writer.failure()).isNull();
        assertThat(writer.counters().records()).isGreaterThan((long) CORES * BATCHES);
        wal.close();

        Wal again = Wal.open(disk, "wal", options, 1, SystemTimeSource.INSTANCE, 0);
        assertThat(again.lastLogIndex(0)).isEqualTo(BATCHES);
        assertThat(again.lastLogIndex(1)).isEqualTo(BATCHES);
        again.close();
    }

    private static void runCore(CoreLog log, Doorbell bell, WalWriter writer) {
        RecordEncoder encoder = new RecordEncoder();
        long[] ack = new long[CoreLog.ACK_STRIDE];
        int logged = 0;
        int acknowledged = 0;
        long lastLsn = 0;
        while (acknowledged < BATCHES) {
            while (logged < BATCHES) {
                int at = log.claim(RecordFormat.bytes(1, 0));
                if (at < 0) {
                    break;
                }
                encoder.begin(log.buffer(), at, RecordFormat.BATCH, 0, 1, 0, 0, 0);
                encoder.emptySection(log.core()).end();
                log.publish(logged++);
            }
            log.flush();
            boolean any = false;
            while (log.pollAck(ack)) {
                any = true;
                assertThat(ack[1]).isEqualTo(acknowledged++);
                assertThat(ack[0]).isGreaterThan(lastLsn);
                lastLsn = ack[0];
            }
            if (any) {
                assertThat(writer.progress().ackingLsn()).isGreaterThanOrEqualTo(lastLsn);
            } else {
                bell.await(log::hasAcks, Long.MAX_VALUE);
            }
        }
    }
}
