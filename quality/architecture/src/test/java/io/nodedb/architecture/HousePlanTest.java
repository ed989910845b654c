package io.nodedb.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HousePlanTest {
    private static HousePlan plan(String... rows) {
        StringBuilder document =
                new StringBuilder(
                        "# A\n\n| folder | package | depends on | what |\n| --- | --- |\n");
        for (String row : rows) {
            document.append(row).append('\n');
        }
        return HousePlan.parse(
                document.append("\nAfter\n| not | a | row | x |\n").toString().lines().toList());
    }

    @Test
    void rowIsReadWithItsFolderPackageAndArrows() {
        HousePlan plan =
                plan(
                        "| `foundation/base` | `io.nodedb.base` | – | ids |",
                        "| `foundation/os` | `io.nodedb.os` | `base` | calls |",
                        "| `engines/kv` | `io.nodedb.engine.kv` | `os`, `base` | keys |",
                        "| `quality/bench` | `io.nodedb.bench` | anything, in tests | time |");
        assertThat(plan.modulesByFolder().keySet())
                .containsExactly("foundation/base", "foundation/os", "engines/kv", "quality/bench");
        HousePlan.Module kv = plan.module("engines/kv");
        assertThat(kv.rootPackage()).isEqualTo("io.nodedb.engine.kv");
        assertThat(kv.dependsOn()).containsOnly("foundation/os", "foundation/base");
        assertThat(plan.module("quality/bench").dependsOnAnything()).isTrue();
    }

    @Test
    void codeMayUseWhatItsArrowsLeadTo() {
        HousePlan plan =
                plan(
                        "| `a/base` | `b` | – | x |",
                        "| `a/os` | `o` | `base` | x |",
                        "| `a/kv` | `k` | `os` | x |",
                        "| `a/other` | `p` | `base` | x |");
        assertThat(plan.reachableFrom(plan.module("a/kv"))).containsOnly("a/kv", "a/os", "a/base");
        assertThat(plan.reachableFrom(plan.module("a/other"))).containsOnly("a/other", "a/base");
        assertThat(plan.groundFirst()).startsWith("a/base");
    }

    @Test
    void circleIsRefused() {
        HousePlan plan = plan("| `a/x` | `x` | `y` | x |", "| `a/y` | `y` | `x` | x |");
        assertThatThrownBy(plan::groundFirst).hasMessageContaining("circle");
    }

    @Test
    void unknownModuleIsRefused() {
        assertThatThrownBy(() -> plan("| `a/x` | `x` | `yy` | x |"))
                .hasMessage("a/x depends on unknown module yy");
    }

    @Test
    void documentWithoutTheTableIsRefused() {
        assertThatThrownBy(() -> HousePlan.parse(List.of("# Nothing here")))
                .hasMessageContaining("No table");
    }
}
