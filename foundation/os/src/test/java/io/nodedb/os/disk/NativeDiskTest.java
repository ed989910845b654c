package io.nodedb.os.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.os.allocation.AllocationMeter;
import io.nodedb.os.libc.NativeAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeDiskTest extends FileSystemDiskContract {
    private static final int BYTES = 4096;

    @BeforeAll
    static void needsForeignCalls() {
        Assumptions.assumeTrue(NativeAccess.allowed(), NativeAccess.refusal());
    }

    @Override
    FileAccess access() {
        return FileAccess.NATIVE;
    }

    @Test
    void isChosenWhereForeignCallsAreAllowed() {
        assertThat(new FileSystemDisk(root).survivesInterrupts()).isTrue();
    }

    /** Interrupts arrive at every point of the calls, not only before them. */
    @Test
    void interruptsDuringCallsChangeNothing() throws Exception {
        Thread caller = Thread.currentThread();
        AtomicBoolean stop = new AtomicBoolean();
        Thread interrupter =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!stop.get()) {
                                caller.interrupt();
                                Thread.onSpinWait();
                            }
                        });
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        try (DiskFile file = create().create("a")) {
            for (int i = 0; i < 200; i++) {
                Thread.interrupted();
                file.write(0, buffer.clear().putInt(0, i));
                file.sync();
                assertThat(file.read(0, buffer.putInt(0, -1).clear())).isEqualTo(BYTES);
                assertThat(buffer.getInt(0)).isEqualTo(i);
            }
        } finally {
            stop.set(true);
            while (interrupter.isAlive()) {
                Thread.interrupted();
                Thread.onSpinWait();
            }
            Thread.interrupted();
        }
    }

    /** The number of a closed descriptor goes to the next file that is opened. */
    @Test
    void lateReadDoesNotReachTheNextFile() throws Exception {
        Disk disk = create();
        ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
        for (String name : new String[] {"read", "next"}) {
            try (DiskFile file = disk.create(name)) {
                file.write(0, bytes.clear().put(0, (byte) name.charAt(0)));
            }
        }
        for (int i = 0; i < 300; i++) {
            DiskFile file = disk.openForRead("read");
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<Void> reader = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> complete(reader, () -> readToClose(file, reading)));
            reading.await();
            file.close();
            DiskFile[] next = new DiskFile[4];
            for (int n = 0; n < next.length; n++) {
                next[n] = disk.openForRead("next");
            }
            reader.get(60, TimeUnit.SECONDS);
            for (DiskFile opened : next) {
                assertThat(opened.read(0, bytes.clear())).isEqualTo(BYTES);
                assertThat(bytes.get(0)).isEqualTo((byte) 'n');
                opened.close();
            }
        }
    }

    private static void complete(CompletableFuture<Void> future, Runnable work) {
        try {
            work.run();
            future.complete(null);
        } catch (RuntimeException | AssertionError e) {
            future.completeExceptionally(e);
        }
    }

    private static void readToClose(DiskFile file, CountDownLatch reading) {
        ByteBuffer target = ByteBuffer.allocateDirect(BYTES);
        try {
            while (true) {
                assertThat(file.read(0, target.clear())).isEqualTo(BYTES);
                assertThat(target.get(0)).isEqualTo((byte) 'r');
                reading.countDown();
            }
        } catch (ClosedChannelException e) {
            // The end that this waits for.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void transfersOfDirectBuffersAndSyncsAllocateNothing() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        try (DiskFile file = create().create("a")) {
            Runnable transfers =
                    () -> {
                        try {
                            file.write(0, buffer.clear());
                            file.read(0, buffer.clear());
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    };
            assertThat(AllocationMeter.bytesPerOperation(transfers)).isZero();
            file.sync();
            // With nothing to write back, so that the device is not waited for.
            Runnable sync =
                    () -> {
                        try {
                            file.sync();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    };
            assertThat(AllocationMeter.bytesPerOperation(sync)).isZero();
        }
    }
}
