package io.nodedb.server.resp.crash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one key should hold: a list its items; everything else its cells by name, of which a string
 * has one without a name, a set's have no value, and a sorted set's value is the score.
 */
final class Held {
    /** A value and its end. */
    record Cell(String value, Expiry expiry) {}

    final String type;
    final TreeMap<String, Cell> cells = new TreeMap<>();
    final List<String> items = new ArrayList<>();
    Expiry expiry = Expiry.NEVER;

    Held(String type) {
        this.type = type;
    }

    Held copy() {
        Held copy = new Held(type);
        copy.cells.putAll(cells);
        copy.items.addAll(items);
        copy.expiry = expiry;
        return copy;
    }

    boolean isEmpty() {
        return cells.isEmpty() && items.isEmpty();
    }

    void put(String name, String value) {
        cells.put(name, new Cell(value, Expiry.NEVER));
    }

    String get(String name, String absent) {
        Cell cell = cells.get(name);
        return cell == null ? absent : cell.value();
    }

    /** Members of a sorted set, lowest score first. */
    List<String> ranking() {
        return cells.entrySet().stream()
                .sorted(
                        Comparator.comparingLong((Map.Entry<String, Cell> entry) ->
                                        Long.parseLong(entry.getValue().value()))
                                .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** May this be missing altogether when the last look was at {@code ended}? */
    boolean mayHaveEnded(long ended) {
        return expiry.mayHaveEnded(ended)
                || (items.isEmpty()
                        && cells.values().stream()
                                .allMatch(cell -> cell.expiry().mayHaveEnded(ended)));
    }

    boolean admits(Found.Value value, Found found) {
        if (!value.type().equals(type) || !expiry.admits(value.expiresAt(), found.begun())) {
            return false;
        }
        List<String> texts = value.elements().stream().map(Found.Element::text).toList();
        return switch (type) {
            case "list" -> texts.equals(items);
            case "string" -> texts.equals(List.of(get("", "")));
            case "zset" ->
                    texts.equals(
                            ranking().stream().map(name -> name + "=" + get(name, "")).toList());
            case "set" -> texts.equals(List.copyOf(cells.keySet()));
            default -> admitsFields(value, found);
        };
    }

    private boolean admitsFields(Found.Value value, Found found) {
        Map<String, Found.Element> there = new TreeMap<>();
        for (Found.Element element : value.elements()) {
            int equals = element.text().indexOf('=');
            String field = element.text().substring(0, equals);
            there.put(field, element);
            Cell cell = cells.get(field);
            if (cell == null
                    || !cell.value().equals(element.text().substring(equals + 1))
                    || !cell.expiry().admits(element.expiresAt(), found.begun())) {
                return false;
            }
        }
        return cells.entrySet().stream()
                .allMatch(entry ->
                        there.containsKey(entry.getKey())
                                || entry.getValue().expiry().mayHaveEnded(found.ended()));
    }

    @Override
    public String toString() {
        return type + (type.equals("list") ? items : cells) + " until " + expiry;
    }
}
