package io.nodedb.base.settings;

import java.util.List;

/** Numbers of the memory governor. */
public final class MemorySettings {
    private static final long MIB = 1L << 20;
    private static final long MAX_BYTES = 1L << 50;

    public static final Setting<Long> MEMORY_LIMIT =
            Setting.bytes(
                    "memory_limit",
                    0,
                    0,
                    MAX_BYTES,
                    "Memory of the whole process, Java heap included; 0 takes 75 % of the smaller"
                            + " of physical memory and the container's limit.");

    public static final Setting<Long> MEMORY_OFF_HEAP_MIN =
            Setting.bytes(
                    "memory_off_heap_min",
                    64 * MIB,
                    MIB,
                    MAX_BYTES,
                    "Least memory beside the Java heap, when memory_limit leaves less.");

    public static final Setting<Integer> MEMORY_WARNING =
            Setting.percent(
                    "memory_warning", 75, "Fill of the memory limit at which caches stop growing.");

    public static final Setting<Integer> MEMORY_CRITICAL =
            Setting.percent(
                    "memory_critical",
                    90,
                    "Fill of the memory limit at which caches shrink and writes slow down.");

    public static final Setting<Integer> MEMORY_EMERGENCY =
            Setting.percent(
                    "memory_emergency",
                    97,
                    "Fill of the memory limit at which writes that need memory are refused.");

    public static final Setting<Long> KV_MEMORY =
            Setting.bytes(
                    "kv_memory",
                    0,
                    0,
                    1L << 50,
                    "Most memory that the key-value engine may hold; 0: any.");

    public static final Setting<Long> TENANT_MEMORY =
            Setting.bytes(
                    "tenant_memory",
                    0,
                    0,
                    1L << 50,
                    "Most memory that the collections of one tenant may hold; 0: any.");

    /** Every setting of this class. */
    public static final List<Setting<?>> ALL =
            List.of(
                    MEMORY_LIMIT,
                    MEMORY_OFF_HEAP_MIN,
                    MEMORY_WARNING,
                    MEMORY_CRITICAL,
                    MEMORY_EMERGENCY,
                    KV_MEMORY,
                    TENANT_MEMORY);

    private MemorySettings() {}
}
