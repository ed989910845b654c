package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.KeyPlaces;

/**
 * Executes commands: sees that their keys are short enough and hands them to the class of their
 * family. What a client did wrong is answered as an error reply, with no effects.
 */
@CoreOwned
final class KvCommands {
    private final CommandRun run = new CommandRun();
    private final StringCommands strings;
    private final CounterCommands counters = new CounterCommands();
    private final RangeCommands ranges;
    private final LcsCommand lcs = new LcsCommand();
    private final BitCommands bits = new BitCommands();
    private final BitFieldCommand bitFields = new BitFieldCommand();
    private final KeyCommands keys;
    private final ExpiryCommands expiry = new ExpiryCommands();
    private final ObjectCommands objects = new ObjectCommands();

    KvCommands(ReplyStreams streams) {
        RepeatedKeys repeated = new RepeatedKeys(run);
        strings = new StringCommands(streams, repeated);
        ranges = new RangeCommands(streams);
        keys = new KeyCommands(repeated);
    }

    /** As {@link io.nodedb.engine.Engine#execute}. */
    int execute(KvTable table, CommandCall call, ExecutionContext context) {
        run.begin(table, call, context);
        if (!ReplyStreams.isUnderWay(call)) {
            call.resetAnswer();
            if (!call.command.acceptsArguments(call.arguments.count())) {
                return run.wrongArguments();
            }
            if (call.arguments.totalLength() > KvLimits.KEY_BYTES && hasLongKey(call)) {
                return run.error("ERR key is too long: limit=" + KvLimits.KEY_BYTES + " bytes");
            }
        }
        return switch (call.command) {
            case GET -> strings.get(run);
            case SET -> strings.set(run);
            case SETNX -> strings.setIfAbsent(run);
            case SETEX, PSETEX -> strings.setExpiring(run);
            case GETSET -> strings.getSet(run);
            case GETDEL -> strings.getDel(run);
            case GETEX -> strings.getEx(run);
            case MGET -> strings.mget(run);
            case MSET, MSETNX -> strings.mset(run);
            case DEL, UNLINK -> keys.delete(run);
            case EXISTS, TOUCH -> keys.count(run);
            case TYPE -> keys.type(run);
            case RENAME, RENAMENX -> keys.rename(run);
            case COPY -> keys.copy(run);
            case EXPIRE -> expiry.expire(run);
            case PEXPIRE -> expiry.pexpire(run);
            case EXPIREAT -> expiry.expireAt(run);
            case PEXPIREAT -> expiry.pexpireAt(run);
            case TTL -> expiry.ttl(run);
            case PTTL -> expiry.pttl(run);
            case EXPIRETIME -> expiry.expireTime(run);
            case PEXPIRETIME -> expiry.pexpireTime(run);
            case PERSIST -> expiry.persist(run);
            case OBJECT_ENCODING -> objects.encoding(run);
            case OBJECT_IDLETIME -> objects.idleTime(run);
            case OBJECT_REFCOUNT -> objects.referenceCount(run);
            case OBJECT_FREQ -> objects.frequency(run);
            case MEMORY_USAGE -> objects.memoryUsage(run);
            case INCR -> counters.increment(run);
            case DECR -> counters.decrement(run);
            case INCRBY -> counters.incrementBy(run);
            case DECRBY -> counters.decrementBy(run);
            case INCRBYFLOAT -> counters.incrementByFloat(run);
            case APPEND -> ranges.append(run);
            case STRLEN -> ranges.length(run);
            case SETRANGE -> ranges.setRange(run);
            case GETRANGE, SUBSTR -> ranges.getRange(run);
            case LCS -> lcs.execute(run);
            case SETBIT -> bits.setBit(run);
            case GETBIT -> bits.getBit(run);
            case BITCOUNT -> bits.count(run);
            case BITPOS -> bits.position(run);
            case BITOP -> bits.combine(run);
            case BITFIELD, BITFIELD_RO -> bitFields.execute(run);
            case SORT, SORT_RO -> unknown();
            case HSET,
                    HMSET,
                    HSETNX,
                    HGET,
                    HMGET,
                    HGETALL,
                    HDEL,
                    HLEN,
                    HSTRLEN,
                    HEXISTS,
                    HKEYS,
                    HVALS,
                    HINCRBY,
                    HINCRBYFLOAT,
                    HRANDFIELD,
                    HSCAN,
                    HEXPIRE,
                    HPEXPIRE,
                    HEXPIREAT,
                    HPEXPIREAT,
                    HTTL,
                    HPTTL,
                    HEXPIRETIME,
                    HPEXPIRETIME,
                    HPERSIST,
                    SADD,
                    SREM,
                    SISMEMBER,
                    SMISMEMBER,
                    SCARD,
                    SMEMBERS,
                    SPOP,
                    SRANDMEMBER,
                    SMOVE,
                    SINTER,
                    SINTERCARD,
                    SINTERSTORE,
                    SUNION,
                    SUNIONSTORE,
                    SDIFF,
                    SDIFFSTORE,
                    SSCAN,
                    LPUSH,
                    RPUSH,
                    LPUSHX,
                    RPUSHX,
                    LPOP,
                    RPOP,
                    LLEN,
                    LINDEX,
                    LSET,
                    LRANGE,
                    LTRIM,
                    LREM,
                    LINSERT,
                    LPOS,
                    LMOVE,
                    RPOPLPUSH,
                    LMPOP,
                    ZADD,
                    ZREM,
                    ZSCORE,
                    ZMSCORE,
                    ZCARD,
                    ZCOUNT,
                    ZLEXCOUNT,
                    ZINCRBY,
                    ZRANK,
                    ZREVRANK,
                    ZRANGE,
                    ZREVRANGE,
                    ZRANGEBYSCORE,
                    ZREVRANGEBYSCORE,
                    ZRANGEBYLEX,
                    ZREVRANGEBYLEX,
                    ZRANGESTORE,
                    ZREMRANGEBYRANK,
                    ZREMRANGEBYSCORE,
                    ZREMRANGEBYLEX,
                    ZPOPMIN,
                    ZPOPMAX,
                    ZMPOP,
                    ZRANDMEMBER,
                    ZSCAN,
                    ZUNION,
                    ZINTER,
                    ZDIFF,
                    ZINTERCARD,
                    ZUNIONSTORE,
                    ZINTERSTORE,
                    ZDIFFSTORE ->
                    unknown();
        };
    }

    private int unknown() {
        return run.error("ERR unknown command");
    }

    private boolean hasLongKey(CommandCall call) {
        Arguments arguments = call.arguments;
        KeyPlaces places = call.command.keys();
        int first = places.first() - 1;
        int last = places.last() < 0 ? arguments.count() + places.last() : places.last() - 1;
        int step = places.step();
        if (places.counted()) {
            if (places.destination() && arguments.length(0) > KvLimits.KEY_BYTES) {
                return true;
            }
            int number = places.destination() ? 1 : 0;
            if (!run.parsed.isInteger(arguments, number)) {
                return false;
            }
            first = number + 1;
            long count = Math.clamp(run.parsed.integer(), 0, arguments.count() - first);
            last = first + (int) count - 1;
        }
        for (int i = first; i <= last; i += step) {
            if (arguments.length(i) > KvLimits.KEY_BYTES) {
                return true;
            }
        }
        return false;
    }
}
