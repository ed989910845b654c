package io.nodedb.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The house as it is: the modules' folders, POMs and compiled classes beside the plan. Read once
 * per test process; immutable afterwards.
 */
record House(
        Path root,
        HousePlan plan,
        Map<String, ModulePom> poms,
        Map<String, JavaClasses> mainClasses,
        Map<String, JavaClasses> testClasses) {
    static final Set<String> STOREYS =
            Set.of("foundation", "engines", "planes", "product", "quality", "clients");

    /** Built only by the command that wants them, with what they download; judged if they are. */
    private static final Set<String> BEHIND_A_PROFILE = Set.of("quality/bench");

    private static @Nullable House asBuilt;

    /** Read once; each caller hears what is wrong with it. */
    static synchronized House asBuilt() {
        if (asBuilt == null) {
            asBuilt = read(Path.of(System.getProperty("nodedb.root")));
        }
        return asBuilt;
    }

    private static House read(Path root) {
        HousePlan plan = HousePlan.read(root.resolve("docs/architecture.md"));
        Map<String, ModulePom> poms = new LinkedHashMap<>();
        Map<String, JavaClasses> main = new LinkedHashMap<>();
        Map<String, JavaClasses> test = new LinkedHashMap<>();
        for (String folder : moduleFolders(root)) {
            Path module = root.resolve(folder);
            poms.put(folder, ModulePom.read(module.resolve("pom.xml")));
            boolean needed = !BEHIND_A_PROFILE.contains(folder);
            main.put(folder, classesOf(module, "src/main/java", "target/classes", needed));
            test.put(folder, classesOf(module, "src/test/java", "target/test-classes", needed));
        }
        return new House(root, plan, poms, main, test);
    }

    /** The folders below the storeys that hold a POM. */
    private static Set<String> moduleFolders(Path root) {
        Set<String> folders = new TreeSet<>();
        for (String storey : STOREYS) {
            if (Files.isDirectory(root.resolve(storey))) {
                try (Stream<Path> children = Files.list(root.resolve(storey))) {
                    children.filter(child -> Files.exists(child.resolve("pom.xml")))
                            .forEach(child -> folders.add(storey + "/" + child.getFileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return folders;
    }

    /** A module whose sources are not compiled would pass every rule, so that is refused. */
    private static JavaClasses classesOf(
            Path module, String sources, String compiled, boolean needed) {
        if (needed
                && Files.exists(module.resolve(sources))
                && !Files.exists(module.resolve(compiled))) {
            throw new IllegalStateException(
                    module.resolve(compiled)
                            + " is missing: run ./test, and see that quality/architecture/pom.xml"
                            + " reaches every module");
        }
        return new ClassFileImporter().importPath(module.resolve(compiled));
    }

    Map<String, String> folderByArtifact() {
        return poms.entrySet().stream()
                .collect(Collectors.toMap(e -> e.getValue().artifact(), Map.Entry::getKey));
    }

    /** Which module a class of ours belongs to, by its full name. */
    Map<String, String> folderByMainClass() {
        Map<String, String> folders = new HashMap<>();
        mainClasses.forEach((folder, classes) ->
                classes.forEach(javaClass -> folders.put(javaClass.getName(), folder)));
        return folders;
    }
}
