package io.nodedb.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** What every class is held to, whatever its module. */
final class Rules {
    private static final Set<String> EMPTY_WORDS =
            Set.of("util", "utils", "common", "impl", "misc", "helper", "helpers");
    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Manager|Helper|Utils?)");
    private static final Pattern SYNCHRONISER =
            Pattern.compile("java\\.util\\.concurrent\\.(locks|atomic)\\..*");

    private Rules() {}

    /** A package without its package-info has none of the annotations that package-info carries. */
    static final ArchRule PACKAGES_ARE_NULL_MARKED =
            rule(
                    "lie in a package whose package-info is @NullMarked",
                    (javaClass, violation) -> {
                        JavaPackage home = javaClass.getPackage();
                        if (!home.tryGetAnnotationOfType(NullMarked.class).isPresent()) {
                            violation.accept("package " + home.getName() + " is not @NullMarked");
                        }
                    });

    static final ArchRule PACKAGES_ARE_NOUNS_OF_THE_DOMAIN =
            rule(
                    "lie in no package called " + EMPTY_WORDS,
                    (javaClass, violation) ->
                            Arrays.stream(javaClass.getPackageName().split("\\.", -1))
                                    .filter(EMPTY_WORDS::contains)
                                    .forEach(word -> violation.accept("package named " + word)));

    static final ArchRule NAMES_SAY_THE_JOB =
            rule(
                    "not be called Manager, Helper or Util",
                    (javaClass, violation) -> {
                        if (EMPTY_NAME.matcher(javaClass.getSimpleName()).matches()) {
                            violation.accept("the name says no job");
                        }
                    });

    static final ArchRule FOREIGN_CALLS_ARE_AT_HOME_IN_OS =
            rule(
                    "call foreign functions only in io.nodedb.os",
                    (javaClass, violation) -> {
                        String home = javaClass.getPackageName() + ".";
                        if (!home.startsWith("io.nodedb.os.")) {
                            javaClass.getDirectDependenciesFromSelf().stream()
                                    .filter(use -> callsForeign(use.getTargetClass().getName()))
                                    .forEach(use -> violation.accept(use.getDescription()));
                        }
                    });

    static final ArchRule CORE_OWNED_STATE_IS_PLAIN =
            rule(
                    "share nothing when they are @CoreOwned",
                    (javaClass, violation) -> {
                        if (javaClass.isAnnotatedWith(CoreOwned.class)) {
                            tellSharedState(javaClass, violation);
                        }
                    });

    static final ArchRule NOTHING_SLEEPS =
            accessRule(
                    "not sleep",
                    access ->
                            access.getName().equals("sleep")
                                    && (access.getTargetOwner().isEquivalentTo(Thread.class)
                                            || access.getTargetOwner()
                                                    .isEquivalentTo(TimeUnit.class)));

    static final ArchRule NOTHING_PRINTS =
            accessRule(
                    "not write to System.out or System.err",
                    access ->
                            access.getTargetOwner().isEquivalentTo(System.class)
                                    && (access.getName().equals("out")
                                            || access.getName().equals("err")));

    private static boolean callsForeign(String typeName) {
        return typeName.startsWith("java.lang.foreign.Linker")
                || typeName.startsWith("java.lang.foreign.SymbolLookup");
    }

    private static void tellSharedState(JavaClass javaClass, Consumer<String> violation) {
        for (JavaField field : javaClass.getAllFields()) {
            if (field.getModifiers().contains(JavaModifier.VOLATILE)) {
                violation.accept("volatile " + field.getFullName());
            }
            String type = field.getRawType().getBaseComponentType().getName();
            if (SYNCHRONISER.matcher(type).matches()) {
                violation.accept(type + " " + field.getFullName());
            }
        }
        for (JavaMethod method : javaClass.getMethods()) {
            if (method.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
                violation.accept("synchronized " + method.getFullName());
            }
        }
    }

    private static ArchRule accessRule(String claim, Predicate<JavaAccess<?>> forbidden) {
        return rule(
                claim,
                (javaClass, violation) ->
                        javaClass.getAccessesFromSelf().stream()
                                .filter(forbidden)
                                .forEach(access -> violation.accept(access.getDescription())));
    }

    private static ArchRule rule(String claim, BiConsumer<JavaClass, Consumer<String>> check) {
        ArchCondition<JavaClass> condition =
                new ArchCondition<>(claim) {
                    @Override
                    public void check(JavaClass javaClass, ConditionEvents events) {
                        check.accept(
                                javaClass,
                                what ->
                                        events.add(
                                                SimpleConditionEvent.violated(
                                                        javaClass,
                                                        javaClass.getName() + ": " + what)));
                    }
                };
        return classes().should(condition).allowEmptyShould(true);
    }
}
