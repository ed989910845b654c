package io.nodedb.document.definition;

import static io.nodedb.plan.expression.Exprs.call;
import static io.nodedb.plan.expression.Exprs.field;
import static io.nodedb.plan.expression.Exprs.of;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.Type;
import io.nodedb.plan.expression.Expr;
import io.nodedb.plan.expression.Exprs;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Definitions of both kinds, changed at random; a change that a rule refuses is left out. */
public final class RandomDefinitions {
    /** One column of each type, each of which may be in a key. */
    static final List<Type> TYPES =
            List.of(
                    Type.BOOL,
                    Type.INT2,
                    Type.INT4,
                    Type.INT8,
                    Type.FLOAT4,
                    Type.FLOAT8,
                    Type.DECIMAL,
                    Type.decimal(12, 3),
                    Type.TEXT,
                    Type.varchar(20),
                    Type.BYTEA,
                    Type.UUID,
                    Type.DATE,
                    Type.TIME,
                    Type.TIMESTAMP,
                    Type.TIMESTAMPTZ,
                    Type.INTERVAL,
                    Type.JSON,
                    Type.array(Type.INT4),
                    Type.array(Type.TEXT));

    private final SplittableRandom random;
    private int names;

    public RandomDefinitions(SplittableRandom random) {
        this.random = random;
    }

    public CollectionDefinition next() {
        CollectionDefinition definition = random.nextBoolean() ? strict() : schemaless();
        for (int changes = random.nextInt(12); changes > 0; changes--) {
            definition = changedIfAllowed(definition);
        }
        return definition;
    }

    private CollectionDefinition changedIfAllowed(CollectionDefinition definition) {
        try {
            return changed(definition);
        } catch (NodeDbException refused) {
            return definition; // the rules have tests of their own
        }
    }

    private CollectionDefinition strict() {
        List<NewColumn> columns = new ArrayList<>();
        for (int i = random.nextInt(1, 8); i >= 0; i--) {
            columns.add(column());
        }
        int keys = random.nextInt(1, 3);
        PrimaryKey key =
                random.nextInt(5) == 0
                        ? PrimaryKey.HIDDEN
                        : PrimaryKey.of(
                                columns.stream()
                                        .limit(keys)
                                        .map(NewColumn::name)
                                        .toArray(String[]::new));
        columns.add(
                NewColumn.of(name(), Type.TEXT)
                        .generatedAs(field(columns.getFirst().name()).cast(Type.TEXT)));
        return CollectionDefinition.strict(key, columns.toArray(NewColumn[]::new));
    }

    private CollectionDefinition schemaless() {
        return CollectionDefinition.schemaless(
                switch (random.nextInt(4)) {
                    case 0 -> PrimaryKey.HIDDEN;
                    case 1 -> PrimaryKey.of("a");
                    case 2 ->
                            new PrimaryKey(
                                    List.of(FieldPath.of("a"), FieldPath.of("b", "c")),
                                    KeySource.GIVEN);
                    default -> PrimaryKey.generated("id");
                });
    }

    private String name() {
        return "c" + names++ + (random.nextInt(5) == 0 ? ".é \"" : "");
    }

    private NewColumn column() {
        NewColumn column = NewColumn.of(name(), TYPES.get(random.nextInt(TYPES.size())));
        if (random.nextInt(4) == 0) {
            column = column.withDefault(Exprs.nothing());
        }
        if (column.type().tag().isText() && random.nextBoolean()) {
            column = column.withDefault(Exprs.quoted("none")).notNull();
        }
        return column;
    }

    private CollectionDefinition changed(CollectionDefinition definition) {
        String name = anyName(definition);
        return switch (random.nextInt(10)) {
            case 0 -> definition.addColumn(column(), random.nextLong(1L << 50));
            case 1 -> definition.dropColumn(name);
            case 2 -> definition.renameColumn(name, name());
            case 3 ->
                    definition.addCheck(
                            name(), field(name).isNull().or(field(name).eq(field(name))));
            case 4 -> definition.withGuard(guard());
            case 5 -> definition.withNullability(name, Nullability.NOT_NULL);
            case 6 ->
                    definition.addForeignKey(
                            new ForeignKey(
                                    name(),
                                    List.of(FieldPath.of(name)),
                                    random.nextInt(3),
                                    List.of(FieldPath.of(name)),
                                    ReferenceAction.CASCADE,
                                    ReferenceAction.SET_NULL));
            default -> definition.addIndex(index(definition));
        };
    }

    private String anyName(CollectionDefinition definition) {
        List<ColumnDefinition> columns = definition.standingColumns();
        return columns.isEmpty()
                ? List.of("a", "b", "tags", "name").get(random.nextInt(4))
                : columns.get(random.nextInt(columns.size())).name();
    }

    private FieldGuard guard() {
        FieldGuard guard =
                FieldGuard.of(FieldPath.of("g" + random.nextInt(3)), TYPES.get(random.nextInt(18)));
        return switch (random.nextInt(4)) {
            case 0 -> guard.asRequired().withDefault(Exprs.nothing());
            case 1 -> guard.computedAs(field("a"));
            case 2 -> guard.withCheck(field("a").isNotNull());
            default -> guard;
        };
    }

    /** An index over one to three of a definition's columns or fields. */
    public NewIndex index(CollectionDefinition definition) {
        List<IndexPart> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            parts.add(part(definition));
        }
        Uniqueness[] choices = Uniqueness.values();
        Expr predicate = random.nextInt(4) == 0 ? field(anyName(definition)).isNotNull() : null;
        return new NewIndex(name(), choices[random.nextInt(choices.length)], parts, predicate);
    }

    private IndexPart part(CollectionDefinition definition) {
        String name = anyName(definition);
        IndexPart part =
                switch (random.nextInt(8)) {
                    case 0 -> IndexPart.computed(new Expr.Coalesce(List.of(field(name))));
                    case 1 -> IndexPart.computed(field(name).cast(Type.TEXT).concat(of("!")));
                    case 2 -> IndexPart.computed(call("length", field(name).cast(Type.TEXT)));
                    case 3 -> IndexPart.eachOf(name);
                    case 4 ->
                            new IndexPart(
                                    new IndexPart.EachElement(FieldPath.of(name), List.of("name")),
                                    KeyOrder.ASCENDING);
                    case 5 -> IndexPart.of(name, "name");
                    default -> IndexPart.of(name);
                };
        KeyOrder[] orders = KeyOrder.values();
        return part.ordered(orders[random.nextInt(orders.length)]);
    }
}
