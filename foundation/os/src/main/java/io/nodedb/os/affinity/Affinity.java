package io.nodedb.os.affinity;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.libc.LibC;
import io.nodedb.os.libc.NativeAccess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Binds threads to processors with sched_setaffinity(2). Usable from every thread. */
@Shared("no state")
public final class Affinity {
    /** Processors that a {@code cpu_set_t} of the C library has bits for. */
    public static final int MAX_PROCESSORS = 1024;

    private Affinity() {}

    /**
     * Binds the calling platform thread to one processor, numbered as in {@link
     * #allowedProcessors()}. A failure changes nothing and is told in the answer.
     */
    public static Pinning pinCurrentThread(int processor) {
        Check.that(processor >= 0 && processor < MAX_PROCESSORS, "a processor's number", processor);
        if (!NativeAccess.allowed()) {
            return new Pinning(false, NativeAccess.refusal());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(LibC.ERRNO_LAYOUT);
            MemorySegment mask = arena.allocate(MAX_PROCESSORS / Byte.SIZE, Long.BYTES);
            mask.setAtIndex(
                    ValueLayout.JAVA_LONG, processor / Long.SIZE, 1L << (processor % Long.SIZE));
            if (LibC.schedSetAffinity(errno, 0, mask.byteSize(), mask) != 0) {
                return new Pinning(
                        false,
                        "sched_setaffinity failed: processor="
                                + processor
                                + " errno="
                                + LibC.errno(errno));
            }
        }
        return new Pinning(true, "pinned: processor=" + processor);
    }

    /**
     * The processors that the calling thread may run on (a container may leave it 2 and 5 of 8);
     * where the system does not tell, 0 to one less than there are.
     */
    public static int[] allowedProcessors() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    return parseList(line.substring(line.indexOf(':') + 1).strip());
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Not Linux, or /proc is not mounted: the fallback below is right there.
        }
        return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
    }

    /** Parses the kernel's list format, {@code 0-3,8,10-11}. */
    static int[] parseList(String list) {
        IntStream.Builder processors = IntStream.builder();
        for (String range : list.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            IntStream.rangeClosed(first, last).forEach(processors);
        }
        return processors.build().toArray();
    }
}
