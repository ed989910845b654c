package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobPatternTest {
    @ParameterizedTest
    @CsvSource({
        "a*c, abbbc, true",
        "a*c, abbb, false",
        "*, '', true",
        "a?c, abc, true",
        "a?c, ac, false",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[^a-c]x, dx, true",
        "[^a-c]x, ax, false",
        "[c-a]x, bx, true",
        "'\\*', '*', true",
        "'\\*', a, false",
        "[\\]]x, ]x, true",
        "a**b*, aXbY, true",
        "*a*b*c*, xxaxxbxx, false",
        "[ab, a, true",
        "abc, abcd, false"
    })
    void matchesAsAPatternSays(String pattern, String text, boolean matches) {
        GlobPattern glob = new GlobPattern();
        byte[] bytes = Model.bytes("<" + pattern + ">");
        glob.set(bytes, 1, pattern.length());
        byte[] of = Model.bytes("<" + text + ">");
        assertThat(glob.matches(of, 1, text.length())).isEqualTo(matches);
    }
}
