package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyTurnsTest {
    private final KeyTurns turns = new KeyTurns();
    private final List<String> came = new ArrayList<>();

    private KeyTurns.Ticket take(String name, String... keys) {
        Set<DatabaseKey> places = new HashSet<>();
        for (String key : keys) {
            places.add(DatabaseKey.of(1, key.getBytes(StandardCharsets.US_ASCII)));
        }
        return turns.take(places, () -> came.add(name));
    }

    @Test
    void turnComesAtOnceWhenAllKeysAreFree() {
        take("one", "a", "b");
        take("two", "c");
        assertThat(came).containsExactly("one", "two");
    }

    @Test
    void whoCameFirstIsFirstAtEveryKey() {
        KeyTurns.Ticket one = take("one", "a");
        KeyTurns.Ticket two = take("two", "a", "b");
        KeyTurns.Ticket three = take("three", "b");
        assertThat(came).containsExactly("one");
        one.giveBack();
        assertThat(came).containsExactly("one", "two");
        two.giveBack();
        assertThat(came).containsExactly("one", "two", "three");
        three.giveBack();
        assertThat(turns.size()).isZero();
    }

    @Test
    void sameKeyOfAnotherCollectionIsAnotherKey() {
        take("one", "a");
        KeyTurns.Ticket ignored =
                turns.take(Set.of(DatabaseKey.of(2, new byte[] {'a'})), () -> came.add("two"));
        assertThat(came).containsExactly("one", "two");
    }

    @Test
    void turnIsGivenBackOnce() {
        KeyTurns.Ticket one = take("one", "a");
        one.giveBack();
        assertThatThrownBy(one::giveBack).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void everybodysTurnComes() {
        SplittableRandom random = new SplittableRandom(7);
        List<KeyTurns.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String[] keys = new String[1 + random.nextInt(3)];
            for (int j = 0; j < keys.length; j++) {
                keys[j] = "k" + random.nextInt(8);
            }
            tickets.add(take(Integer.toString(i), keys));
        }
        for (int given = 0; given < 200; given++) {
            assertThat(came).hasSizeGreaterThan(given);
            tickets.get(Integer.parseInt(came.get(given))).giveBack();
        }
        assertThat(turns.size()).isZero();
    }
}
