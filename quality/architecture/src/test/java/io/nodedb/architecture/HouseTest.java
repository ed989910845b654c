package io.nodedb.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house as built is the house as planned. */
class HouseTest {
    private final House house = House.asBuilt();
    private final HousePlan plan = house.plan();

    @Test
    void tableNamesTheModulesThatStandAndNoOthers() {
        assertThat(plan.modulesByFolder().keySet())
                .as("rows of docs/architecture.md against folders with a POM")
                .containsExactlyInAnyOrderElementsOf(house.poms().keySet());
    }

    @Test
    void everyModuleIsBuiltByTheParent() {
        assertThat(ModulePom.read(house.root().resolve("pom.xml")).modules())
                .filteredOn(module -> !module.equals("quality/bench") || standsThere(module))
                .containsExactlyInAnyOrderElementsOf(house.poms().keySet());
    }

    private boolean standsThere(String module) {
        return house.poms().containsKey(module);
    }

    @Test
    void arrowsOnlyRunDownward() {
        assertThat(plan.groundFirst()).hasSameSizeAs(plan.modulesByFolder().keySet());
    }

    @Test
    void pomsDeclareExactlyTheArrowsOfTheTable() {
        Map<String, String> folderByArtifact = house.folderByArtifact();
        house.poms()
                .forEach((folder, pom) -> {
                    HousePlan.Module module = plan.module(folder);
                    Set<String> declared =
                            pom.compileDependencies().stream()
                                    .map(a -> folderByArtifact.getOrDefault(a, a))
                                    .collect(Collectors.toSet());
                    if (!module.dependsOnAnything()) {
                        assertThat(declared)
                                .as(folder + "/pom.xml against docs/architecture.md")
                                .isEqualTo(module.dependsOn());
                    }
                });
    }

    @Test
    void classesUseOnlyWhatTheArrowsLeadTo() {
        Map<String, String> folderByClass = house.folderByMainClass();
        Set<String> violations = new TreeSet<>();
        house.mainClasses()
                .forEach((folder, classes) -> {
                    Set<String> reachable = plan.reachableFrom(plan.module(folder));
                    for (JavaClass javaClass : classes) {
                        for (Dependency use : javaClass.getDirectDependenciesFromSelf()) {
                            JavaClass used = use.getTargetClass().getBaseComponentType();
                            String below = folderByClass.get(used.getName());
                            if (below != null && !reachable.contains(below)) {
                                violations.add(folder + ": " + use.getDescription());
                            }
                        }
                    }
                });
        assertThat(violations).isEmpty();
    }

    @Test
    void classesLieInTheirModulesPackage() {
        List<String> strangers =
                house.mainClasses().entrySet().stream()
                        .flatMap(entry ->
                                entry.getValue().stream()
                                        .filter(c -> !owner(c).equals(entry.getKey()))
                                        .map(c -> entry.getKey() + ": " + c.getName()))
                        .toList();
        assertThat(strangers).isEmpty();
    }

    /** The module with the longest package that the class lies in or below. */
    private String owner(JavaClass javaClass) {
        String name = javaClass.getPackageName() + ".";
        String owner = "";
        int longest = 0;
        for (HousePlan.Module module : plan.modulesByFolder().values()) {
            String prefix = module.rootPackage() + ".";
            if (name.startsWith(prefix) && prefix.length() > longest) {
                owner = module.folder();
                longest = prefix.length();
            }
        }
        return owner;
    }
}
