package io.nodedb.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.nodedb.architecture.fixture.NativeCaller;
import io.nodedb.architecture.fixture.Printer;
import io.nodedb.architecture.fixture.SharingCore;
import io.nodedb.architecture.fixture.Sleeper;
import io.nodedb.architecture.fixture.ThingManager;
import io.nodedb.architecture.fixture.util.Unmarked;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every class keeps the rules, and each rule finds the class that breaks it. */
class RulesTest {
    /** Their job is to write to the terminal. */
    private static final Set<String> TERMINAL_MODULES = Set.of("product/cli", "quality/bench");

    private final House house = House.asBuilt();

    @Test
    void packagesOfTheProductAreNullMarked() {
        holdInMain(Rules.PACKAGES_ARE_NULL_MARKED);
    }

    @Test
    void packagesAreNounsOfTheDomain() {
        holdInMain(Rules.PACKAGES_ARE_NOUNS_OF_THE_DOMAIN);
        holdInTests(Rules.PACKAGES_ARE_NOUNS_OF_THE_DOMAIN);
    }

    @Test
    void namesSayTheJob() {
        holdInMain(Rules.NAMES_SAY_THE_JOB);
        holdInTests(Rules.NAMES_SAY_THE_JOB);
    }

    @Test
    void foreignCallsAreAtHomeInOs() {
        holdInMain(Rules.FOREIGN_CALLS_ARE_AT_HOME_IN_OS);
        holdInTests(Rules.FOREIGN_CALLS_ARE_AT_HOME_IN_OS);
    }

    @Test
    void coreOwnedStateIsPlain() {
        holdInMain(Rules.CORE_OWNED_STATE_IS_PLAIN);
    }

    @Test
    void nothingSleeps() {
        holdInMain(Rules.NOTHING_SLEEPS);
        holdInTests(Rules.NOTHING_SLEEPS);
    }

    @Test
    void onlyTheTerminalModulesPrint() {
        house.mainClasses()
                .forEach((folder, classes) -> {
                    if (!TERMINAL_MODULES.contains(folder)) {
                        Rules.NOTHING_PRINTS.check(classes);
                    }
                });
    }

    @TestFactory
    Iterable<DynamicTest> everyRuleFindsTheClassThatBreaksIt() {
        return Map.of(
                        "packages are null-marked",
                                bites(Rules.PACKAGES_ARE_NULL_MARKED, Unmarked.class, 1),
                        "packages are nouns",
                                bites(Rules.PACKAGES_ARE_NOUNS_OF_THE_DOMAIN, Unmarked.class, 1),
                        "names say the job", bites(Rules.NAMES_SAY_THE_JOB, ThingManager.class, 1),
                        "foreign calls",
                                bites(Rules.FOREIGN_CALLS_ARE_AT_HOME_IN_OS, NativeCaller.class, 2),
                        "core-owned state",
                                bites(Rules.CORE_OWNED_STATE_IS_PLAIN, SharingCore.class, 4),
                        "nothing sleeps", bites(Rules.NOTHING_SLEEPS, Sleeper.class, 2),
                        "nothing prints", bites(Rules.NOTHING_PRINTS, Printer.class, 2))
                .entrySet()
                .stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), entry.getValue()::run))
                .toList();
    }

    private static Runnable bites(ArchRule rule, Class<?> culprit, int violations) {
        JavaClasses classes = new ClassFileImporter().importClasses(culprit);
        return () ->
                assertThat(rule.evaluate(classes).getFailureReport().getDetails())
                        .hasSizeGreaterThanOrEqualTo(violations)
                        .allMatch(detail -> detail.startsWith(culprit.getName()));
    }

    private void holdInMain(ArchRule rule) {
        house.mainClasses().values().forEach(rule::check);
    }

    private void holdInTests(ArchRule rule) {
        house.testClasses().values().forEach(classes -> rule.check(withoutFixtures(classes)));
    }

    private static JavaClasses withoutFixtures(JavaClasses classes) {
        String fixtures = Sleeper.class.getPackageName();
        return classes.that(
                DescribedPredicate.describe(
                        "are no fixtures",
                        (JavaClass javaClass) -> !javaClass.getPackageName().startsWith(fixtures)));
    }
}
