package io.nodedb.document.rules;

import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.RandomDocuments;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.ColumnDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Fields that a writer could give for a random definition; few values, so that some are equal. */
public final class RandomRows {
    private static final int TRIES = 40;

    private final SplittableRandom random;
    private final RandomDocuments documents;

    public RandomRows(SplittableRandom random) {
        this.random = random;
        documents = new RandomDocuments(random);
    }

    public Value.Document fields(CollectionDefinition definition) {
        Map<String, Value> fields = new LinkedHashMap<>();
        if (definition.isStrict()) {
            for (ColumnDefinition column : definition.standingColumns()) {
                if (!column.isGenerated() && random.nextInt(8) != 0) {
                    fields.put(column.name(), typed(column.type()));
                }
            }
        } else {
            for (String name : List.of("a", "b", "tags", "name", "g0", "g1", "g2")) {
                if (random.nextInt(4) != 0) {
                    fields.put(name, any());
                }
            }
        }
        return new Value.Document(fields);
    }

    /** A value for any field: scalars, small numbers, arrays, objects with a name or c. */
    public Value any() {
        return switch (random.nextInt(8)) {
            case 0 -> documents.next();
            case 1, 2 -> Value.of((long) random.nextInt(4));
            case 3 -> Value.of(random.nextInt(4) / 2.0);
            case 4 -> {
                List<Value> elements = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    elements.add(
                            random.nextInt(4) == 0
                                    ? new Value.Document(Map.of("name", small()))
                                    : small());
                }
                yield new Value.Array(elements);
            }
            case 5 -> new Value.Document(Map.of("name", small(), "c", small()));
            default -> documents.scalar();
        };
    }

    private Value small() {
        return random.nextInt(6) == 0 ? Value.NULL : Value.of(random.nextInt(3));
    }

    /** A value of a type, or NULL. */
    private Value typed(Type type) {
        if (type.isArray()) {
            List<Value> elements = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                elements.add(typed(type.elementType()));
            }
            return new Value.Array(elements);
        }
        for (int i = 0; i < TRIES; i++) {
            Value value = any();
            if (value.tag() == type.tag()
                    || (value.tag().isText() && type.tag().isText() && isShort(value))) {
                return value;
            }
        }
        return Value.NULL;
    }

    private static boolean isShort(Value text) {
        return ((Value.Text) text).value().length() <= 20;
    }
}
