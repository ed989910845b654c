package io.nodedb.server.resp.crash;

import io.nodedb.server.resp.probe.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says how what a server holds has come about: by everything that it had acknowledged, and of what
 * it had not by some steps, each whole, and none without those before it on the same keys. Tries
 * every choice, of which a client that has few commands outstanding leaves few.
 */
final class Explanation {
    private final List<Step> open;
    private final Found found;
    private final String prefix;

    private Explanation(List<Step> open, Found found, String prefix) {
        this.open = open;
        this.found = found;
        this.prefix = prefix;
    }

    /** The keys as they must be then; null when nothing explains them. */
    static @Nullable OwnKeys of(OwnKeys acknowledged, List<Step> open, Found found, String prefix) {
        return new Explanation(open, found, prefix).from(acknowledged, 0, Set.of());
    }

    private @Nullable OwnKeys from(OwnKeys state, int next, Set<String> left) {
        if (next == open.size()) {
            return state.difference(found, prefix) == null ? state : null;
        }
        Step step = open.get(next);
        if (step.keys().stream().noneMatch(left::contains)) {
            OwnKeys with = state.copy();
            apply(with, step);
            OwnKeys explained = from(with, next + 1, left);
            if (explained != null) {
                return explained;
            }
        }
        Set<String> alsoLeft = new HashSet<>(left);
        alsoLeft.addAll(step.keys());
        return from(state, next + 1, alsoLeft);
    }

    /** A step of which no reply has come. */
    static void apply(OwnKeys state, Step step) {
        for (Words command : step.commands()) {
            String ignored = state.apply(command, null, step);
        }
    }
}
