package io.nodedb.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of modules in {@code docs/architecture.md}: one row per module, with the columns
 * folder, package, "depends on" and purpose. "Depends on" is a list of modules by the last part of
 * their folder, a dash for none, or begins with "anything". Immutable.
 */
record HousePlan(Map<String, Module> modulesByFolder) {
    private static final String HEADER = "| folder | package | depends on |";

    /** One row; {@code dependsOn} holds folders. */
    record Module(
            String folder, String rootPackage, boolean dependsOnAnything, Set<String> dependsOn) {
        String name() {
            return lastPart(folder);
        }
    }

    static HousePlan read(Path document) {
        try {
            return parse(Files.readAllLines(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HousePlan parse(List<String> lines) {
        List<String[]> rows = rowsOf(lines);
        Map<String, String> folderByName = new LinkedHashMap<>();
        for (String[] row : rows) {
            String folder = code(row[0]);
            if (folderByName.put(lastPart(folder), folder) != null) {
                throw new IllegalArgumentException("Two rows for module " + lastPart(folder));
            }
        }
        Map<String, Module> modules = new LinkedHashMap<>();
        for (String[] row : rows) {
            String folder = code(row[0]);
            boolean anything = row[2].startsWith("anything");
            Set<String> dependsOn = anything ? Set.of() : folders(row[2], folder, folderByName);
            modules.put(folder, new Module(folder, code(row[1]), anything, dependsOn));
        }
        return new HousePlan(modules);
    }

    Module module(String folder) {
        Module module = modulesByFolder.get(folder);
        if (module == null) {
            throw new IllegalArgumentException("No row for module " + folder);
        }
        return module;
    }

    /** The folders that the module's code may use: along the arrows to the ground, and its own. */
    Set<String> reachableFrom(Module module) {
        Set<String> reached = new HashSet<>();
        if (module.dependsOnAnything()) {
            reached.addAll(modulesByFolder.keySet());
        }
        collect(module.folder(), reached);
        return reached;
    }

    private void collect(String folder, Set<String> reached) {
        if (reached.add(folder)) {
            module(folder).dependsOn().forEach(below -> collect(below, reached));
        }
    }

    /** The modules in an order in which each stands above what it depends on; fails on a circle. */
    List<String> groundFirst() {
        List<String> order = new ArrayList<>();
        Set<String> open = new HashSet<>(modulesByFolder.keySet());
        while (!open.isEmpty()) {
            List<String> standing =
                    modulesByFolder.keySet().stream()
                            .filter(open::contains)
                            .filter(f -> module(f).dependsOn().stream().noneMatch(open::contains))
                            .toList();
            if (standing.isEmpty()) {
                throw new IllegalArgumentException("The arrows run in a circle among " + open);
            }
            standing.forEach(open::remove);
            order.addAll(standing);
        }
        return order;
    }

    private static List<String[]> rowsOf(List<String> lines) {
        List<String[]> rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : lines) {
            if (line.startsWith(HEADER)) {
                inTable = true;
            } else if (inTable && !line.startsWith("|")) {
                return rows;
            } else if (inTable && !line.startsWith("| ---")) {
                rows.add(cellsOf(line));
            }
        }
        if (!inTable) {
            throw new IllegalArgumentException("No table with the header " + HEADER);
        }
        return rows;
    }

    private static String[] cellsOf(String row) {
        String[] cells = row.substring(1).split("\\|", -1);
        if (cells.length < 4) {
            throw new IllegalArgumentException("A row of four columns expected: " + row);
        }
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].strip();
        }
        return cells;
    }

    private static Set<String> folders(
            String cell, String owner, Map<String, String> folderByName) {
        Set<String> folders = new HashSet<>();
        if (cell.equals("–")) {
            return folders;
        }
        for (String part : cell.split(",", -1)) {
            String name = code(part.strip());
            String folder = folderByName.get(name);
            if (folder == null) {
                throw new IllegalArgumentException(owner + " depends on unknown module " + name);
            }
            folders.add(folder);
        }
        return folders;
    }

    private static String code(String cell) {
        if (cell.length() < 3 || !cell.startsWith("`") || !cell.endsWith("`")) {
            throw new IllegalArgumentException("A name in backquotes expected: " + cell);
        }
        return cell.substring(1, cell.length() - 1);
    }

    private static String lastPart(String folder) {
        return folder.substring(folder.lastIndexOf('/') + 1);
    }
}
