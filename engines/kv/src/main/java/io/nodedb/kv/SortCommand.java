package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SORT and SORT_RO. The keys that patterns lead to, and the destination, are looked up in this
 * partition alone: when they may live elsewhere, whoever sends the command brings them to where it
 * is executed. Text is compared byte by byte.
 */
@CoreOwned
final class SortCommand {
    private static final String NOT_NUMBERS =
            "ERR One or more scores can't be converted into double";

    /** An element and what it is sorted by: a number, or a text that may be missing. */
    @SuppressWarnings("ArrayRecordComponent") // private, and the arrays are only read
    private record Item(byte[] element, double score, byte @Nullable [] text) {}

    private final ElementSource source;
    private final List<SortPattern> answered = new ArrayList<>();
    private @Nullable SortPattern by;
    private boolean descending;
    private boolean alphabetical;
    private long offset;
    private long most;

    /** The argument that names the destination, 0 when there is none. */
    private int target;

    SortCommand(ElementSource source) {
        this.source = source;
    }

    int execute(CommandRun run) {
        String wrong = readOptions(run);
        if (wrong != null) {
            return run.error(wrong);
        }
        long present = run.find(0);
        ValueType type = present == 0 ? ValueType.LIST : run.table.typeOf(present);
        if (type == ValueType.STRING || type == ValueType.HASH) {
            return run.wrongType();
        }
        List<byte[]> elements = present == 0 ? List.of() : source.elements(run, present);
        List<byte[]> sorted = sort(run, elements, type);
        if (sorted == null) {
            return run.error(NOT_NUMBERS);
        }
        return answer(run, cut(sorted));
    }

    /** What is wrong with the options; null when nothing is. */
    private @Nullable String readOptions(CommandRun run) {
        answered.clear();
        by = null;
        descending = false;
        alphabetical = false;
        offset = 0;
        most = -1;
        target = 0;
        Arguments arguments = run.arguments;
        for (int i = 1; i < run.count(); i++) {
            int more = run.count() - i - 1;
            if (arguments.isWord(i, "ASC")) {
                descending = false;
            } else if (arguments.isWord(i, "DESC")) {
                descending = true;
            } else if (arguments.isWord(i, "ALPHA")) {
                alphabetical = true;
            } else if (arguments.isWord(i, "LIMIT") && more >= 2) {
                if (!run.parsed.isInteger(arguments, i + 1)) {
                    return CommandErrors.NOT_AN_INTEGER;
                }
                offset = run.parsed.integer();
                if (!run.parsed.isInteger(arguments, i + 2)) {
                    return CommandErrors.NOT_AN_INTEGER;
                }
                most = run.parsed.integer();
                i += 2;
            } else if (more >= 1 && takesArgument(run, i)) {
                i++;
            } else {
                return CommandErrors.SYNTAX;
            }
        }
        return null;
    }

    private boolean takesArgument(CommandRun run, int i) {
        if (run.arguments.isWord(i, "BY")) {
            by = new SortPattern(run.arguments.copy(i + 1));
        } else if (run.arguments.isWord(i, "GET")) {
            answered.add(new SortPattern(run.arguments.copy(i + 1)));
        } else if (run.arguments.isWord(i, "STORE") && run.call.command == Command.SORT) {
            target = i + 1;
        } else {
            return false;
        }
        return true;
    }

    /** The elements in order; null when they are to be numbers and are not. */
    private @Nullable List<byte[]> sort(CommandRun run, List<byte[]> elements, ValueType type) {
        SortPattern pattern = by;
        boolean alphabetically = alphabetical;
        if (pattern != null && !pattern.hasStar()) {
            if (type != ValueType.SET || target == 0) {
                return descending ? elements.reversed() : elements;
            }
            // What is stored must not depend on the order in which a set happens to lie.
            pattern = null;
            alphabetically = true;
        }
        List<Item> items = new ArrayList<>(elements.size());
        for (byte[] element : elements) {
            byte[] key = pattern == null ? element : pattern.resolve(run, source, element);
            double score = alphabetically || key == null ? 0 : score(run, key);
            if (Double.isNaN(score)) {
                return null;
            }
            items.add(new Item(element, score, key));
        }
        Comparator<Item> order = alphabetically ? SortCommand::compareTexts : SortCommand::compare;
        items.sort(descending ? order.reversed() : order);
        List<byte[]> sorted = new ArrayList<>(items.size());
        for (Item item : items) {
            sorted.add(item.element);
        }
        return sorted;
    }

    private static int compare(Item one, Item other) {
        int order = Double.compare(one.score, other.score);
        return order != 0 ? order : Arrays.compareUnsigned(one.element, other.element);
    }

    private static int compareTexts(Item one, Item other) {
        byte[] text = one.text;
        byte[] otherText = other.text;
        if (text == null || otherText == null) {
            return Boolean.compare(text != null, otherText != null);
        }
        return Arrays.compareUnsigned(text, otherText);
    }

    /**
     * A text's number; NaN when it is none. Leading blanks and no text at all are taken here, and a
     * zero byte ends the text, as for C. A negative zero becomes zero, which it would come before.
     */
    private static double score(CommandRun run, byte[] text) {
        if (run.parsed.isInteger(text, 0, text.length)) {
            return run.parsed.integer();
        }
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        if (end == 0) {
            return 0;
        }
        String letters = new String(text, 0, end, StandardCharsets.ISO_8859_1).stripLeading();
        return FloatingText.parseDouble(letters) + 0.0;
    }

    private List<byte[]> cut(List<byte[]> sorted) {
        int from = Math.clamp(offset, 0, sorted.size());
        int left = sorted.size() - from;
        int to = from + (most < 0 ? left : (int) Math.min(left, most));
        return sorted.subList(from, to);
    }

    private int answer(CommandRun run, List<byte[]> sorted) {
        int width = Math.max(1, answered.size());
        if (target == 0) {
            run.reply.array(sorted.size() * width);
        }
        List<byte[]> stored = new ArrayList<>();
        for (byte[] element : sorted) {
            for (int i = 0; i < width; i++) {
                byte[] value =
                        answered.isEmpty()
                                ? element
                                : answered.get(i).resolve(run, source, element);
                if (target != 0) {
                    stored.add(value == null ? new byte[0] : value);
                } else if (value == null) {
                    run.reply.nil();
                } else {
                    run.reply.bulk(value);
                }
            }
        }
        return target == 0 ? Outcome.DONE : store(run, stored);
    }

    private int store(CommandRun run, List<byte[]> elements) {
        long prior = run.find(target);
        if (!elements.isEmpty()) {
            source.putList(run, target, elements, prior);
        } else if (prior != 0) {
            run.delete(prior);
        }
        return run.integer(elements.size());
    }
}
