package io.nodedb.bench.image;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The jars that this process runs from, and so the versions of the peers. */
public final class ClassPath {
    private ClassPath() {}

    /** The class path with the jars for which {@code wanted} holds, by file name. */
    public static String only(Predicate<String> wanted) {
        return entries().stream()
                .filter(entry -> wanted.test(nameOf(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Name and version of a library, from its jar's name: {@code agrona} gives {@code Agrona 2.6.0}
     * when that is {@code title}; without a jar, the title alone.
     */
    public static String titleWithVersion(String title, String artifact) {
        Pattern jar = Pattern.compile(Pattern.quote(artifact) + "-(\\d.*)\\.jar");
        List<String> versions =
                entries().stream()
                        .map(entry -> jar.matcher(nameOf(entry)))
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1))
                        .toList();
        if (versions.size() > 1) {
            throw new IllegalStateException(
                    "The image holds several versions, delete it: folder="
                            + imageFolder()
                            + " artifact="
                            + artifact
                            + " versions="
                            + versions);
        }
        return versions.isEmpty() ? title : title + " " + versions.getFirst();
    }

    /** Where the first jar lies. */
    public static Path imageFolder() {
        Path parent = Path.of(entries().getFirst()).toAbsolutePath().getParent();
        return parent == null ? Path.of(".") : parent;
    }

    private static List<String> entries() {
        return List.of(
                System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1));
    }

    private static String nameOf(String entry) {
        return new File(entry).getName();
    }
}
