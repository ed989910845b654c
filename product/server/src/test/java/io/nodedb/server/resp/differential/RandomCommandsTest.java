package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.plan.kv.command.Command;
import io.nodedb.server.resp.probe.Words;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomCommandsTest {
    /** Redis 7.0 has no field expiry, and its DBSIZE counts what has expired for a while. */
    private static final Pattern NOT_COMPARABLE =
            Pattern.compile("H(P?EXPIRE(AT|TIME)?|P?TTL|PERSIST)|DBSIZE|VALUE .*");

    @Test
    void everyComparableDataCommandIsDrawn() {
        List<String> comparable =
                Arrays.stream(Command.values())
                        .map(Command::commandName)
                        .filter(name -> !NOT_COMPARABLE.matcher(name).matches())
                        .toList();
        assertThat(new RandomCommands(new SplittableRandom(1)).names()).containsAll(comparable);
    }

    @Test
    void sameSeedDrawsTheSameCommands() {
        assertThat(draw(7, 500)).isEqualTo(draw(7, 500)).isNotEqualTo(draw(8, 500));
    }

    @Test
    void noExpiryComesDueWhileATestRuns() {
        List<Long> soon =
                draw(3, 20_000).stream()
                        .filter(c -> c.words().getFirst().matches("(?i)P?(EXPIRE|SETEX)"))
                        .flatMap(c -> c.words().stream().skip(1))
                        .filter(word -> word.matches("\\d{1,18}"))
                        .map(Long::valueOf)
                        .filter(time -> time > 0 && time < 100_000)
                        .toList();
        assertThat(soon).isEmpty();
    }

    @Test
    void nothingThatIsDrawnIsListedAsLeftOut() {
        assertThat(new RandomCommands(new SplittableRandom(1)).names())
                .doesNotContainAnyElementsOf(NotDrawn.names());
    }

    private static List<Words> draw(long seed, int count) {
        RandomCommands commands = new RandomCommands(new SplittableRandom(seed));
        return Stream.generate(commands::next).limit(count).toList();
    }
}
