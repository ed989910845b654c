package io.nodedb.os.process;

import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of this process and its machine. Usable from every thread; reads files, so not for hot
 * paths.
 */
@Shared("no state")
public final class ProcessMemory {
    private static final Path PROC = Path.of("/proc");

    /** Page size of amd64 and of most aarch64 systems, where the kernel does not tell. */
    private static final int USUAL_PAGE_BYTES = 4096;

    /** The entry of the auxiliary vector that holds the page size; getauxval(3). */
    private static final long AT_PAGESZ = 6;

    private ProcessMemory() {}

    /** Memory of the machine in bytes, whatever a container may use of it. */
    public static long physicalBytes() {
        long bytes = ProcFiles.sizeField(PROC.resolve("meminfo"), "MemTotal");
        if (bytes != ProcFiles.ABSENT) {
            return bytes;
        }
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /** The smaller of the machine's memory and the control group's limit: what may be used. */
    public static long availableBytes() {
        return Math.min(physicalBytes(), ControlGroup.memoryLimitBytes());
    }

    /**
     * Resident anonymous memory of this process in bytes: heap, off-heap, stacks, without mapped
     * files; -1 where the system does not tell.
     */
    public static long residentAnonymousBytes() {
        return ProcFiles.sizeField(PROC.resolve("self/status"), "RssAnon");
    }

    /** Size of a page of memory in bytes. */
    public static int pageBytes() {
        try {
            ByteBuffer vector =
                    ByteBuffer.wrap(Files.readAllBytes(PROC.resolve("self/auxv")))
                            .order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                long type = vector.getLong();
                long value = vector.getLong();
                if (type == AT_PAGESZ) {
                    return (int) value;
                }
            }
        } catch (IOException e) {
            // Not Linux, or /proc is not mounted.
        }
        return USUAL_PAGE_BYTES;
    }

    /** This process's number. */
    public static long pid() {
        return ProcessHandle.current().pid();
    }

    /**
     * Processors that this process may use, as the Java platform counts them (containers included).
     */
    public static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
