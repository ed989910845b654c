package io.nodedb.server.resp.differential;

import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws what a client does between {@code WATCH} and {@code EXEC}, with what another client does to
 * the same keys meanwhile. What is queued is what {@link RandomCommands} draws, so some of it is
 * spoilt; seldom the commands of transactions come where they do not belong.
 */
final class RandomTransactions {
    /** Replies to these are compared without asking the servers anything more. */
    private static final Set<Leeway> COMPARABLE_WITHIN =
            EnumSet.of(Leeway.NONE, Leeway.ORDER, Leeway.CLOCK, Leeway.ZERO);

    /** Refused between MULTI and EXEC, as docs/resp.md says, or checked at EXEC only. */
    private static final Set<String> REFUSED_WITHIN =
            Set.of("KEYS", "SELECT", "MOVE", "OBJECT", "MEMORY", "AUTH", "PUBSUB");

    private final RandomCommands commands;
    private final Draw draw;

    /** Who gives a command. */
    enum Client {
        OWN,
        STRANGER
    }

    record Step(Client client, Words words) {
        static Step own(String... words) {
            return new Step(Client.OWN, Words.of(words));
        }
    }

    RandomTransactions(RandomCommands commands, SplittableRandom random) {
        this.commands = commands;
        this.draw = Draw.amongAllKeys(random);
    }

    List<Step> next() {
        List<Step> steps = new ArrayList<>();
        if (draw.oneIn(2)) {
            watch(steps);
        }
        if (!draw.oneIn(20)) {
            steps.add(Step.own("MULTI"));
        }
        int queued = draw.below(8);
        for (int i = 0; i < queued; i++) {
            steps.add(draw.oneIn(25) ? misplaced() : new Step(Client.OWN, command()));
        }
        steps.add(Step.own(draw.oneIn(6) ? "discard" : "EXEC"));
        if (draw.oneIn(4)) {
            steps.add(Step.own("UNWATCH"));
        }
        return steps;
    }

    private void watch(List<Step> steps) {
        List<String> watched = draw.times(1 + draw.below(3), draw::key);
        List<String> words = new ArrayList<>(watched);
        words.addFirst("WATCH");
        steps.add(new Step(Client.OWN, new Words(words)));
        if (draw.oneIn(2)) {
            // Writes and reads alike: what changes nothing must not fail the transaction.
            steps.add(new Step(Client.STRANGER, commandOn(watched)));
        }
        if (draw.oneIn(6)) {
            steps.add(new Step(Client.OWN, commandOn(watched)));
        }
        if (draw.oneIn(8)) {
            steps.add(Step.own("UNWATCH"));
        }
    }

    /** One that names a watched key, if chance has it soon. */
    private Words commandOn(List<String> keys) {
        Words drawn = command();
        for (int i = 0; i < 60 && drawn.words().stream().noneMatch(keys::contains); i++) {
            drawn = command();
        }
        return drawn;
    }

    private Step misplaced() {
        return Step.own(draw.oneOf("MULTI", "UNWATCH", "WATCH", "NOSUCH").split(" ", -1));
    }

    private Words command() {
        while (true) {
            Words drawn = commands.next();
            if (isComparable(drawn)) {
                return drawn;
            }
        }
    }

    /** Can replies to this command be compared when they come within EXEC's? */
    static boolean isComparable(Words command) {
        String name = command.words().getFirst().toUpperCase(Locale.ROOT);
        return COMPARABLE_WITHIN.contains(Leeway.of(command))
                && !REFUSED_WITHIN.contains(name)
                && !(name.startsWith("SORT") && hasPattern(command))
                && !(name.equals("COPY") && namesDatabase(command));
    }

    /** Refused within MULTI, as docs/resp.md says. */
    private static boolean namesDatabase(Words command) {
        return command.words().stream().anyMatch(word -> word.equalsIgnoreCase("DB"));
    }

    /** Refused within MULTI over several partitions, as docs/resp.md says. */
    private static boolean hasPattern(Words command) {
        return command.words().stream().anyMatch(word -> word.contains("k*"));
    }
}
