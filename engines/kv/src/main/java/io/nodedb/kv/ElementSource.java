package io.nodedb.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What SORT needs to know of types that hold elements. */
interface ElementSource {
    /** The elements of a list, set or sorted set, in its order if it has one. */
    List<byte[]> elements(CommandRun run, long version);

    /** The value of a hash's field; null when there is none, or the version holds no hash. */
    byte @Nullable [] field(CommandRun run, long version, byte[] field);

    /**
     * The key of an argument becomes a list.
     *
     * @param elements at least one
     * @param prior the key's live version before, 0 when there is none
     */
    void putList(CommandRun run, int argument, List<byte[]> elements, long prior);
}
