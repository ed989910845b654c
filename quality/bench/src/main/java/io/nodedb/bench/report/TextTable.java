package io.nodedb.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table of texts: aligned for a terminal, or in Markdown. */
public final class TextTable {
    private final List<String> columns;
    private final int leftColumns;
    private final List<List<String>> rows = new ArrayList<>();

    /** The first {@code leftColumns} columns are aligned to the left, the others to the right. */
    public TextTable(int leftColumns, List<String> columns) {
        this.leftColumns = leftColumns;
        this.columns = List.copyOf(columns);
    }

    public void add(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a row has one cell per column: " + cells.size() + " of " + columns.size());
        }
        rows.add(List.copyOf(cells));
    }

    /** For a terminal. */
    public String aligned() {
        int[] widths = new int[columns.size()];
        measure(widths, columns);
        rows.forEach(row -> measure(widths, row));
        StringBuilder text = new StringBuilder();
        appendAligned(text, widths, columns);
        List<String> rules = new ArrayList<>();
        for (int width : widths) {
            rules.add("-".repeat(width));
        }
        appendAligned(text, widths, rules);
        rows.forEach(row -> appendAligned(text, widths, row));
        return text.toString();
    }

    /** For a document. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        appendMarkdown(text, columns);
        List<String> rules = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            rules.add(column < leftColumns ? "---" : "---:");
        }
        appendMarkdown(text, rules);
        rows.forEach(row -> appendMarkdown(text, row));
        return text.toString();
    }

    private static void measure(int[] widths, List<String> row) {
        for (int column = 0; column < widths.length; column++) {
            widths[column] = Math.max(widths[column], row.get(column).length());
        }
    }

    private void appendAligned(StringBuilder text, int[] widths, List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ")
                    .append(column < leftColumns ? cell + padding : padding + cell);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static void appendMarkdown(StringBuilder text, List<String> row) {
        text.append('|');
        for (String cell : row) {
            text.append(' ').append(cell.replace("|", "\\|")).append(" |");
        }
        text.append('\n');
    }
}
