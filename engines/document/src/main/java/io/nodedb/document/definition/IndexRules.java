package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.document.DocumentLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the indexes of a collection fulfil. */
final class IndexRules {
    private IndexRules() {}

    static void check(
            CollectionKind kind,
            List<ColumnDefinition> columns,
            List<IndexDefinition> indexes,
            int nextIndexId) {
        DefinitionRules.requireAtMost("indexes", indexes.size(), DefinitionLimits.MAX_INDEXES);
        DefinitionExpressions expressions = DefinitionExpressions.of(kind, columns);
        Set<String> names = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (IndexDefinition index : indexes) {
            DefinitionRules.requireName("index", index.name());
            if (!names.add(index.name())) {
                throw new NodeDbException(
                        ErrorCode.DUPLICATE_RELATION,
                        "relation \"" + index.name() + "\" already exists.");
            }
            if (index.id() < 1 || index.id() >= nextIndexId || !ids.add(index.id())) {
                throw DefinitionRules.invalid(
                        "An index's id is out of order: index=\""
                                + index.name()
                                + "\" id="
                                + index.id()
                                + ".");
            }
            checkParts(index, columns, expressions);
            if (index.predicate() != null) {
                DefinitionExpressions.requireImmutable(index.predicate(), "an index predicate");
                expressions.bindCondition(index.predicate());
            }
        }
    }

    private static void checkParts(
            IndexDefinition index,
            List<ColumnDefinition> columns,
            DefinitionExpressions expressions) {
        DefinitionRules.requireAtMost(
                "columns in an index", index.parts().size(), DefinitionLimits.MAX_KEY_PARTS);
        if (index.parts().isEmpty()) {
            throw DefinitionRules.invalid("An index has a column: index=\"" + index.name() + "\".");
        }
        int elements = 0;
        for (IndexPart part : index.parts()) {
            switch (part.source()) {
                case IndexPart.Field(var path) ->
                        DefinitionRules.typeOf(path, columns, expressions);
                case IndexPart.Computed(var expression) -> {
                    DefinitionExpressions.requireImmutable(expression, "an index expression");
                    expressions.bind(expression);
                }
                case IndexPart.EachElement(var array, var inside) -> {
                    checkElements(DefinitionRules.typeOf(array, columns, expressions), index);
                    if (inside.size() >= DocumentLimits.MAX_NESTING) {
                        throw DefinitionRules.invalid(
                                "A path in an index is too long: index=\"" + index.name() + "\".");
                    }
                    if (!inside.isEmpty()) {
                        DefinitionRules.requirePath(new FieldPath(inside));
                    }
                    elements++;
                }
            }
        }
        if (elements > 1) {
            throw DefinitionRules.invalid(
                    "An index has the elements of one array at most, as each of one would meet"
                            + " each of the other: index=\""
                            + index.name()
                            + "\".");
        }
    }

    private static void checkElements(Type type, IndexDefinition index) {
        if (!type.isDynamic() && !type.isArray() && type.tag() != TypeTag.JSON) {
            throw new NodeDbException(
                    ErrorCode.TYPE_MISMATCH,
                    "An index of elements is over an array: index=\""
                            + index.name()
                            + "\" type="
                            + type
                            + ".");
        }
    }
}
