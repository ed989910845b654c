package io.nodedb.server.resp.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Commands by weight, each with the way to draw its arguments. */
final class CommandTable {
    private final TreeMap<Integer, Row> rowsByLastTicket = new TreeMap<>();
    private int tickets;

    private record Row(List<String> name, Supplier<List<String>> arguments) {}

    /** {@code name} may have two words, as of {@code OBJECT ENCODING}. */
    void add(int weight, String name, Supplier<List<String>> arguments) {
        tickets += weight;
        rowsByLastTicket.put(tickets, new Row(List.of(name.split(" ", -1)), arguments));
    }

    /** The words of a command, name first. */
    List<String> draw(Draw draw) {
        Row row = rowsByLastTicket.higherEntry(draw.below(tickets)).getValue();
        return words(row.name(), row.arguments().get());
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        rowsByLastTicket.values().forEach(row -> names.add(String.join(" ", row.name())));
        return names;
    }

    /** Strings and lists of strings, one after the other. */
    static List<String> words(Object... parts) {
        List<String> words = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof List<?> list) {
                list.forEach(word -> words.add((String) word));
            } else {
                words.add((String) part);
            }
        }
        return words;
    }
}
