package io.nodedb.document.definition;

import io.nodedb.base.errors.ErrorClass;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.ByteReader;
import io.nodedb.base.value.ByteWriter;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeFormat;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueFormat;
import io.nodedb.plan.expression.Expr;
import io.nodedb.plan.expression.ExprFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A definition as bytes, for the catalog. A list is a varint count and its elements, a text a
 * varint length and UTF-8, an optional part a byte 0, or 1 and the part.
 *
 * <pre>
 * definition  byte 01 (format), byte kind, varint version, varint row version, varint next index id,
 *             list of columns, primary key, list of guards, list of checks, list of foreign keys,
 *             list of indexes
 * column      text name, type, byte (1: NOT NULL), source, value missing,
 *             varint added in, varint dropped in (0: stands); its id is its place, from 1
 * source      byte 0: given; 1: default, expression; 2: generated, expression
 * primary key byte (1: generated), list of paths
 * path        list of texts
 * guard       path, list of types, byte (1: required), optional default, computed, check
 * check       text name, expression
 * foreign key text name, list of paths, varint target, list of paths, byte on delete, on update
 * index       varint id, text name, byte uniqueness, list of parts, optional predicate, byte state
 * part        byte 0: path; 1: expression; 2: path, list of texts; then byte order
 * order       0 ascending, 1 ascending NULLS FIRST, 2 descending, 3 descending NULLS LAST
 * expression  varint length, {@link ExprFormat};  type {@link TypeFormat};  value {@link ValueFormat}
 * </pre>
 *
 * <p>Failures: {@link ErrorCode#DATA_CORRUPTED} for bytes that {@link #write} does not give, also
 * when they are well formed but break a rule of definitions.
 */
public final class DefinitionFormat {
    private static final int VERSION = 1;

    private DefinitionFormat() {}

    /** {@link ErrorCode#PROGRAM_LIMIT} beyond {@link DefinitionLimits#MAX_DEFINITION_BYTES}. */
    public static byte[] write(CollectionDefinition definition) {
        ByteWriter target = new ByteWriter().putByte(VERSION);
        target.putByte(definition.kind().number());
        target.putVarint(definition.version()).putVarint(definition.rowVersion());
        target.putVarint(definition.nextIndexId());
        list(definition.columns(), target, DefinitionFormat::writeColumn);
        target.putByte(definition.primaryKey().source() == KeySource.GENERATED ? 1 : 0);
        list(definition.primaryKey().paths(), target, DefinitionFormat::writePath);
        list(definition.guards(), target, DefinitionFormat::writeGuard);
        list(
                definition.checks(),
                target,
                (check, to) -> writeExpression(check.condition(), to.putText(check.name())));
        list(definition.foreignKeys(), target, DefinitionFormat::writeForeignKey);
        list(definition.indexes(), target, DefinitionFormat::writeIndex);
        if (target.size() > DefinitionLimits.MAX_DEFINITION_BYTES) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "A collection's definition is too large: bytes="
                            + target.size()
                            + " limit="
                            + DefinitionLimits.MAX_DEFINITION_BYTES
                            + ".");
        }
        return target.toByteArray();
    }

    private static <T> void list(List<T> parts, ByteWriter target, BiConsumer<T, ByteWriter> part) {
        target.putVarint(parts.size());
        parts.forEach(each -> part.accept(each, target));
    }

    private static void writeTexts(List<String> texts, ByteWriter target) {
        list(texts, target, (text, to) -> to.putText(text));
    }

    private static void writePath(FieldPath path, ByteWriter target) {
        writeTexts(path.steps(), target);
    }

    private static void writeExpression(Expr expression, ByteWriter target) {
        byte[] bytes = ExprFormat.write(expression);
        target.putVarint(bytes.length).putBytes(bytes);
    }

    private static void writeOptional(@Nullable Expr expression, ByteWriter target) {
        target.putByte(expression == null ? 0 : 1);
        if (expression != null) {
            writeExpression(expression, target);
        }
    }

    private static void writeColumn(ColumnDefinition column, ByteWriter target) {
        target.putText(column.name());
        TypeFormat.write(column.type(), target);
        target.putByte(column.nullability() == Nullability.NOT_NULL ? 1 : 0);
        switch (column.source()) {
            case ColumnSource.Given _ -> target.putByte(0);
            case ColumnSource.Default(var expression) ->
                    writeExpression(expression, target.putByte(1));
            case ColumnSource.Generated(var expression) ->
                    writeExpression(expression, target.putByte(2));
        }
        ValueFormat.write(column.missing(), target);
        target.putVarint(column.addedIn()).putVarint(column.droppedIn());
    }

    private static void writeGuard(FieldGuard guard, ByteWriter target) {
        writePath(guard.path(), target);
        list(guard.types(), target, TypeFormat::write);
        target.putByte(guard.required() == FieldGuard.Requirement.REQUIRED ? 1 : 0);
        writeOptional(guard.otherwise(), target);
        writeOptional(guard.computed(), target);
        writeOptional(guard.check(), target);
    }

    private static void writeForeignKey(ForeignKey key, ByteWriter target) {
        target.putText(key.name());
        list(key.fields(), target, DefinitionFormat::writePath);
        target.putVarint(key.target());
        list(key.targetFields(), target, DefinitionFormat::writePath);
        target.putByte(key.onDelete().number()).putByte(key.onUpdate().number());
    }

    private static void writeIndex(IndexDefinition index, ByteWriter target) {
        target.putVarint(index.id()).putText(index.name());
        target.putByte(index.uniqueness().number());
        list(index.parts(), target, DefinitionFormat::writePart);
        writeOptional(index.predicate(), target);
        target.putByte(index.state().number());
    }

    private static void writePart(IndexPart part, ByteWriter target) {
        switch (part.source()) {
            case IndexPart.Field(var path) -> writePath(path, target.putByte(0));
            case IndexPart.Computed(var expression) ->
                    writeExpression(expression, target.putByte(1));
            case IndexPart.EachElement(var array, var inside) -> {
                writePath(array, target.putByte(2));
                writeTexts(inside, target);
            }
        }
        target.putByte(
                switch (part.order()) {
                    case ASCENDING -> 0;
                    case ASCENDING_NULLS_FIRST -> 1;
                    case DESCENDING -> 2;
                    case DESCENDING_NULLS_LAST -> 3;
                });
    }

    /** The definition that {@link #write} wrote. */
    public static CollectionDefinition read(byte[] bytes) {
        ByteReader source = new ByteReader(bytes);
        if (bytes.length > DefinitionLimits.MAX_DEFINITION_BYTES || source.getByte() != VERSION) {
            throw source.corrupted("the version or size of a definition is unknown");
        }
        CollectionDefinition definition;
        try {
            definition = readDefinition(source);
        } catch (NodeDbException broken) {
            if (broken.code().errorClass() == ErrorClass.CORRUPTION) {
                throw broken;
            }
            throw new NodeDbException(
                    ErrorCode.DATA_CORRUPTED, "A stored definition breaks a rule.", broken);
        }
        if (source.remaining() > 0) {
            throw source.corrupted("something follows the definition");
        }
        return definition;
    }

    private static CollectionDefinition readDefinition(ByteReader source) {
        CollectionKind kind =
                ofNumber(source, CollectionKind.values(), CollectionKind::number, "kind");
        int version = readInt(source);
        int rowVersion = readInt(source);
        int nextIndexId = readInt(source);
        List<ColumnDefinition> columns = new ArrayList<>();
        for (int left = source.getCount(); left > 0; left--) {
            columns.add(readColumn(source, columns.size() + 1));
        }
        KeySource keySource = readFlag(source) ? KeySource.GENERATED : KeySource.GIVEN;
        return new CollectionDefinition(
                kind,
                version,
                rowVersion,
                nextIndexId,
                columns,
                new PrimaryKey(readList(source, DefinitionFormat::readPath), keySource),
                readList(source, DefinitionFormat::readGuard),
                readList(source, from -> new CheckConstraint(from.getText(), readExpression(from))),
                readList(source, DefinitionFormat::readForeignKey),
                readList(source, DefinitionFormat::readIndex));
    }

    private static <T> List<T> readList(ByteReader source, Function<ByteReader, T> part) {
        List<T> parts = new ArrayList<>();
        for (int left = source.getCount(); left > 0; left--) {
            parts.add(part.apply(source));
        }
        return parts;
    }

    private static FieldPath readPath(ByteReader source) {
        return new FieldPath(readList(source, ByteReader::getText));
    }

    private static Expr readExpression(ByteReader source) {
        return ExprFormat.read(source.getBytes(source.getCount()));
    }

    private static @Nullable Expr readOptional(ByteReader source) {
        return readFlag(source) ? readExpression(source) : null;
    }

    private static boolean readFlag(ByteReader source) {
        int flag = source.getByte();
        if (flag > 1) {
            throw source.corrupted("a flag is neither 0 nor 1: flag=" + flag);
        }
        return flag == 1;
    }

    private static int readInt(ByteReader source) {
        long number = source.getVarint();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw source.corrupted("a number is out of bounds: number=" + number);
        }
        return (int) number;
    }

    private static <T> T ofNumber(
            ByteReader source, T[] choices, Function<T, Integer> number, String what) {
        int wanted = source.getByte();
        for (T choice : choices) {
            if (number.apply(choice) == wanted) {
                return choice;
            }
        }
        throw source.corrupted("a " + what + " is unknown: number=" + wanted);
    }

    private static ColumnDefinition readColumn(ByteReader source, int id) {
        String name = source.getText();
        Type type = TypeFormat.read(source);
        Nullability nullability = readFlag(source) ? Nullability.NOT_NULL : Nullability.NULLABLE;
        int from = source.getByte();
        ColumnSource columnSource =
                switch (from) {
                    case 0 -> ColumnSource.GIVEN;
                    case 1 -> new ColumnSource.Default(readExpression(source));
                    case 2 -> new ColumnSource.Generated(readExpression(source));
                    default -> throw source.corrupted("a column's source is unknown: " + from);
                };
        Value missing = ValueFormat.read(source);
        return new ColumnDefinition(
                id,
                name,
                type,
                nullability,
                columnSource,
                missing,
                readInt(source),
                readInt(source));
    }

    private static FieldGuard readGuard(ByteReader source) {
        return new FieldGuard(
                readPath(source),
                readList(source, TypeFormat::read),
                readFlag(source)
                        ? FieldGuard.Requirement.REQUIRED
                        : FieldGuard.Requirement.OPTIONAL,
                readOptional(source),
                readOptional(source),
                readOptional(source));
    }

    private static ForeignKey readForeignKey(ByteReader source) {
        return new ForeignKey(
                source.getText(),
                readList(source, DefinitionFormat::readPath),
                readInt(source),
                readList(source, DefinitionFormat::readPath),
                readAction(source),
                readAction(source));
    }

    private static ReferenceAction readAction(ByteReader source) {
        return ofNumber(source, ReferenceAction.values(), ReferenceAction::number, "action");
    }

    private static IndexDefinition readIndex(ByteReader source) {
        return new IndexDefinition(
                readInt(source),
                source.getText(),
                ofNumber(source, Uniqueness.values(), Uniqueness::number, "uniqueness"),
                readList(source, DefinitionFormat::readPart),
                readOptional(source),
                ofNumber(source, IndexState.values(), IndexState::number, "state"));
    }

    private static IndexPart readPart(ByteReader source) {
        int kind = source.getByte();
        IndexPart.Source part =
                switch (kind) {
                    case 0 -> new IndexPart.Field(readPath(source));
                    case 1 -> new IndexPart.Computed(readExpression(source));
                    case 2 ->
                            new IndexPart.EachElement(
                                    readPath(source), readList(source, ByteReader::getText));
                    default -> throw source.corrupted("an index's part is unknown: " + kind);
                };
        int order = source.getByte();
        return new IndexPart(
                part,
                switch (order) {
                    case 0 -> KeyOrder.ASCENDING;
                    case 1 -> KeyOrder.ASCENDING_NULLS_FIRST;
                    case 2 -> KeyOrder.DESCENDING;
                    case 3 -> KeyOrder.DESCENDING_NULLS_LAST;
                    default -> throw source.corrupted("an order is unknown: number=" + order);
                });
    }
}
