package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;
import java.util.Locale;

/**
 * One execution of a command: its call, the table it works on, and short ways to what every command
 * does: find keys, append effects, answer. One object serves all calls of a partition, one after
 * another.
 *
 * <p>Reads answer from the newest applied version, or from the one that a snapshot sees; writes are
 * decided by the newest applied version. Whatever was read and is still pending is named to the
 * context. A key whose time is up is absent.
 */
@CoreOwned
@SuppressWarnings("NullAway.Init") // begin() comes before everything else
final class CommandRun {
    final CommandArguments parsed = new CommandArguments();
    KvTable table;
    CommandCall call;
    Arguments arguments;
    Reply reply;
    ExecutionContext context;
    private long effectsBefore;

    void begin(KvTable ofTable, CommandCall newCall, ExecutionContext newContext) {
        table = ofTable;
        call = newCall;
        arguments = newCall.arguments;
        reply = newCall.reply;
        context = newContext;
        if (newCall.command.writes()) {
            effectsBefore = newContext.effects().mark();
        }
    }

    int count() {
        return arguments.count();
    }

    long nowMillis() {
        return context.nowMillis();
    }

    EntryStore entries() {
        return table.entries;
    }

    /** Where to read; 0 for the newest applied versions, by which writes are decided. */
    long readLsn() {
        return call.command.writes() ? 0 : context.readLsn();
    }

    /** The live version of the key that an argument names, 0 when it is absent. */
    long find(int argument) {
        return find(arguments.bytes(), arguments.offset(argument), arguments.length(argument));
    }

    /** The live version of a key, 0 when it is absent. */
    long find(byte[] key, int from, int length) {
        long head = table.find(KeyHash.of(key, from, length), key, from, length);
        long readLsn = readLsn();
        long version = readLsn == 0 ? head : table.entries.visibleAt(head, readLsn);
        if (version == 0) {
            return 0;
        }
        long stamp = table.entries.stamp(version);
        if (stamp < 0) {
            context.dependsOn(-stamp);
        }
        return table.entries.isLive(version, context.nowMillis()) ? version : 0;
    }

    /** Does a live version hold another type? An absent key holds any. */
    boolean isOther(ValueType type, long version) {
        return version != 0 && table.typeOf(version) != type;
    }

    /** An argument as ASCII text. */
    String text(int argument) {
        return new String(
                arguments.bytes(),
                arguments.offset(argument),
                arguments.length(argument),
                java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Do two arguments name the same key? */
    boolean sameKey(int one, int other) {
        int length = arguments.length(one);
        int from = arguments.offset(one);
        int otherFrom = arguments.offset(other);
        byte[] bytes = arguments.bytes();
        return Arrays.equals(
                bytes, from, from + length, bytes, otherFrom, otherFrom + arguments.length(other));
    }

    /**
     * The key of an argument gets a string of {@code length} bytes, which the caller writes to
     * {@link Effects#valueOffset} of the answer.
     *
     * @param prior the key's live version before, 0 when there is none
     */
    Effects put(int argument, int length, long expireAtMillis, long prior) {
        Effects effects = context.effects();
        KvEffects.put(
                effects,
                table,
                arguments.bytes(),
                arguments.offset(argument),
                arguments.length(argument),
                length,
                expireAtMillis,
                prior);
        return effects;
    }

    /** The key of an argument gets a string. */
    void put(int argument, byte[] value, int from, int length, long expireAtMillis, long prior) {
        Effects effects = put(argument, length, expireAtMillis, prior);
        System.arraycopy(value, from, effects.bytes(), effects.valueOffset(), length);
    }

    /** The key of an argument gets another argument as its value. */
    void putArgument(int argument, int value, long expireAtMillis, long prior) {
        put(
                argument,
                arguments.bytes(),
                arguments.offset(value),
                arguments.length(value),
                expireAtMillis,
                prior);
    }

    /** The key of an argument gets what a version holds, of whatever type. */
    void copy(long version, int argument, long expireAtMillis, long prior) {
        KvEffects.copy(
                context.effects(),
                table,
                version,
                arguments.bytes(),
                arguments.offset(argument),
                arguments.length(argument),
                expireAtMillis,
                prior);
    }

    /** The key of a live version is deleted. */
    void delete(long version) {
        KvEffects.delete(context.effects(), table, 0, version);
    }

    /** The client's mistake; nothing else is answered and nothing written. */
    int error(String text) {
        if (call.command.writes()) {
            context.effects().rollback(effectsBefore);
        }
        reply.truncate(0);
        reply.error(text);
        return Outcome.DONE;
    }

    int wrongType() {
        return error(CommandErrors.WRONG_TYPE);
    }

    /** As Redis puts it when the number of arguments is wrong in a way that its table can't say. */
    int wrongArguments() {
        return error("ERR wrong number of arguments for '" + nameInErrors() + "' command");
    }

    /** An expiry that is no time to come, or none that fits. */
    int invalidExpiry() {
        return error("ERR invalid expire time in '" + nameInErrors() + "' command");
    }

    /** More than the database takes or gives at once: the call fails. */
    int tooLarge(String what, long limit) {
        if (call.command.writes()) {
            context.effects().rollback(effectsBefore);
        }
        return context.fail(ErrorCode.RESOURCES_EXHAUSTED, what + ": limit_bytes=" + limit);
    }

    private String nameInErrors() {
        return call.command.commandName().toLowerCase(Locale.ROOT);
    }

    int ok() {
        reply.ok();
        return Outcome.DONE;
    }

    int nil() {
        reply.nil();
        return Outcome.DONE;
    }

    int integer(long value) {
        reply.integer(value);
        return Outcome.DONE;
    }

    /** The whole string of a version, nil for 0. */
    int bulk(long version) {
        if (version == 0) {
            return nil();
        }
        int at = reply.claimBulk(table.entries.valueLength(version));
        table.entries.copyValue(version, reply.bytes(), at);
        return Outcome.DONE;
    }
}
