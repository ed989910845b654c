package io.nodedb.plan.expression;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All functions by name, and which overload a call means: the one with the most arguments of
 * exactly its types among those that the arguments convert to unasked; with none, {@code 42883}.
 */
final class Functions {
    private static final Map<String, List<Function>> BY_NAME = new HashMap<>();

    static {
        StringFunctions.define();
        MathFunctions.define();
        TimeFunctions.define();
        DocumentFunctions.define();
    }

    private Functions() {}

    /** Adds a strict function; {@code signature} reads as {@code left(text, int) text}. */
    static void strict(String signature, Function.Body body) {
        add(signature, true, body);
    }

    /** As {@link #strict}, but NULL is passed on to the function. */
    static void nullable(String signature, Function.Body body) {
        add(signature, false, body);
    }

    private static void add(String signature, boolean strict, Function.Body body) {
        int open = signature.indexOf('(');
        int close = signature.indexOf(')');
        String name = signature.substring(0, open);
        List<Type> arguments = new ArrayList<>();
        boolean variadic = false;
        String list = signature.substring(open + 1, close);
        if (!list.isEmpty()) {
            for (String word : list.split(", ", -1)) {
                variadic = word.endsWith("...");
                arguments.add(type(variadic ? word.substring(0, word.length() - 3) : word));
            }
        }
        Type result = type(signature.substring(close + 2));
        BY_NAME.computeIfAbsent(name, _ -> new ArrayList<>())
                .add(new Function(name, List.copyOf(arguments), variadic, result, strict, body));
    }

    private static Type type(String word) {
        return switch (word) {
            case "int" -> Type.INT4;
            case "bigint" -> Type.INT8;
            case "float" -> Type.FLOAT8;
            case "numeric" -> Type.DECIMAL;
            case "text[]" -> Type.array(Type.TEXT);
            default -> Type.of(TypeTag.valueOf(word.toUpperCase(Locale.ROOT)));
        };
    }

    static boolean isKnown(String name) {
        return BY_NAME.containsKey(name);
    }

    /** What every overload of this many arguments gives, or ANY when they differ. */
    static Type result(String name, int count) {
        List<Type> results =
                overloads(name).stream()
                        .filter(function -> function.takes(count))
                        .map(Function::result)
                        .distinct()
                        .toList();
        return results.size() == 1 ? results.getFirst() : Type.ANY;
    }

    static Function resolve(String name, List<Type> types) {
        Function best = null;
        int bestScore = -1;
        for (Function function : overloads(name)) {
            int score = function.takes(types.size()) ? score(function, types) : -1;
            if (score > bestScore) {
                best = function;
                bestScore = score;
            }
        }
        if (best == null) {
            throw undefined(name, types);
        }
        return best;
    }

    private static List<Function> overloads(String name) {
        return BY_NAME.getOrDefault(name, List.of());
    }

    /** Exact types count most, then what is nearest among numbers; -1 when one does not convert. */
    private static int score(Function function, List<Type> types) {
        int score = 0;
        for (int i = 0; i < types.size(); i++) {
            Type wanted = function.argument(i);
            Type given = types.get(i);
            if (given.tag() == wanted.tag() || (given.tag().isText() && wanted.tag().isText())) {
                score += 100;
            } else if (!converts(given, wanted)) {
                return -1;
            } else if (TypeRules.isOpen(given)) {
                score +=
                        wanted.tag() == TypeTag.TEXT
                                ? 20
                                : wanted.tag() == TypeTag.FLOAT8 ? 15 : 10;
            } else if (given.tag().isInteger() && wanted.tag().isInteger()) {
                score += 50 - wanted.tag().number();
            } else {
                // PostgreSQL prefers float8 among numbers, and the zoned among timestamps
                boolean preferred =
                        wanted.tag() == TypeTag.FLOAT8 || wanted.tag() == TypeTag.TIMESTAMPTZ;
                score += preferred ? 12 : 10;
            }
        }
        return score;
    }

    private static boolean converts(Type given, Type wanted) {
        if (TypeRules.isOpen(given) || TypeRules.isAny(wanted)) {
            return true;
        }
        if (given.tag().isNumber() && wanted.tag().isNumber()) {
            return given.tag().isFloat()
                    ? wanted.tag().isFloat()
                    : wanted.tag().isFloat()
                            || (given.tag() != TypeTag.DECIMAL
                                    && (wanted.tag() == TypeTag.DECIMAL
                                            || wanted.tag().number() >= given.tag().number()));
        }
        return switch (given.tag()) {
            case DATE -> wanted.tag() == TypeTag.TIMESTAMP || wanted.tag() == TypeTag.TIMESTAMPTZ;
            case TIMESTAMP -> wanted.tag() == TypeTag.TIMESTAMPTZ;
            case TIME -> wanted.tag() == TypeTag.INTERVAL;
            case ARRAY -> wanted.tag() == TypeTag.JSON;
            default -> false;
        };
    }

    static NodeDbException undefined(String name, List<Type> types) {
        Check.that(!name.isEmpty(), "a function has a name");
        String list = types.stream().map(Type::sqlName).collect(Collectors.joining(", "));
        String hint = isKnown(name) ? "" : NearestWord.hint(name, BY_NAME.keySet());
        return new NodeDbException(
                ErrorCode.UNDEFINED_FUNCTION,
                "function " + name + "(" + list + ") does not exist" + hint + ".");
    }
}
