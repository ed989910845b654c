package io.nodedb.bench.report;

import io.nodedb.base.ownership.Immutable;

/**
 * Who does the works.
 *
 * @param name as printed, with the version
 * @param ours false for a peer
 */
@Immutable
public record Contestant(String name, boolean ours) {
    public static Contestant ours(String name) {
        return new Contestant(name, true);
    }

    public static Contestant peer(String name) {
        return new Contestant(name, false);
    }
}
