package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.kv.command.AnswerTooLargeException;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.KeyPlaces;
import io.nodedb.plan.kv.command.Reply;

/**
 * Executes commands: sees that their keys are short enough and hands them to the class of their
 * family. What a client did wrong is answered as an error reply, with no effects.
 */
@CoreOwned
final class KvCommands {
    private final CommandRun run = new CommandRun();
    private final Elements elements = new Elements();
    private final Elements target = new Elements();
    private final ElementsPool pool = new ElementsPool();
    private final HashCommands hashes = new HashCommands(elements);
    private final FieldExpiryCommands fieldExpiry = new FieldExpiryCommands(elements);
    private final WholeElements whole = new WholeElements(elements);
    private final RandomElements random = new RandomElements(elements);
    private final ScanCommands scans = new ScanCommands(elements);
    private final SetCommands sets = new SetCommands(elements, target);
    private final SortedSetCommands sortedSets = new SortedSetCommands(elements);
    private final SortedRangeCommands sortedRanges = new SortedRangeCommands(elements, target);
    private final SortedSetAlgebra sortedSetAlgebra = new SortedSetAlgebra(pool, target);
    private final ListElements list = new ListElements();
    private final SortCommand sort = new SortCommand(new StoredElements(elements, list));
    private final ListCommands lists = new ListCommands(list);
    private final ListMoves listMoves = new ListMoves(list, new ListElements());
    private final BlockingPops blocking = new BlockingPops(list, listMoves, elements, sortedRanges);
    private final ValueCommands values = new ValueCommands(elements, list);
    private final SetAlgebra setAlgebra = new SetAlgebra(pool, target);
    private final StringCommands strings;
    private final CounterCommands counters = new CounterCommands();
    private final RangeCommands ranges;
    private final LcsCommand lcs = new LcsCommand();
    private final BitCommands bits = new BitCommands();
    private final BitFieldCommand bitFields = new BitFieldCommand();
    private final KeyCommands keys;
    private final ExpiryCommands expiry = new ExpiryCommands();
    private final ObjectCommands objects = new ObjectCommands();
    private final KeyspaceCommands keyspace = new KeyspaceCommands();

    KvCommands(ReplyStreams streams) {
        RepeatedKeys repeated = new RepeatedKeys(run);
        strings = new StringCommands(streams, repeated);
        ranges = new RangeCommands(streams);
        keys = new KeyCommands(repeated);
    }

    /** As {@link io.nodedb.engine.Engine#execute}. */
    int execute(KvTable table, CommandCall call, ExecutionContext context) {
        call.reply.limit();
        try {
            return dispatch(table, call, context);
        } catch (AnswerTooLargeException refused) {
            return run.tooLarge("the answer is too large", Reply.MAX_BYTES);
        } finally {
            call.reply.unlimit();
        }
    }

    private int dispatch(KvTable table, CommandCall call, ExecutionContext context) {
        run.begin(table, call, context);
        if (!ReplyStreams.isUnderWay(call) && call.resumed == 0) {
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
            case DBSIZE -> keyspace.dbSize(run);
            case RANDOMKEY -> keyspace.randomKey(run);
            case SCAN -> keyspace.scan(run);
            case VALUE_READ -> values.read(run);
            case VALUE_WRITE -> values.write(run);
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
            case SORT, SORT_RO -> sort.execute(run);
            case HSET, HMSET -> hashes.set(run);
            case HSETNX -> hashes.setIfAbsent(run);
            case HGET -> hashes.get(run);
            case HMGET -> hashes.getMany(run);
            case HGETALL -> whole.fieldsAndValues(run);
            case HDEL -> hashes.delete(run);
            case HLEN -> hashes.length(run);
            case HSTRLEN -> hashes.valueLength(run);
            case HEXISTS -> hashes.exists(run);
            case HKEYS -> whole.fields(run);
            case HVALS -> whole.values(run);
            case HINCRBY -> hashes.incrementBy(run);
            case HINCRBYFLOAT -> hashes.incrementByFloat(run);
            case HRANDFIELD -> random.draw(run, ValueType.HASH, "WITHVALUES");
            case HSCAN -> scans.scan(run, ValueType.HASH);
            case HEXPIRE, HPEXPIRE, HEXPIREAT, HPEXPIREAT -> fieldExpiry.expire(run);
            case HTTL, HPTTL, HEXPIRETIME, HPEXPIRETIME -> fieldExpiry.expiry(run);
            case HPERSIST -> fieldExpiry.persist(run);
            case SADD -> sets.add(run);
            case SREM -> sets.remove(run);
            case SISMEMBER -> sets.isMember(run);
            case SMISMEMBER -> sets.areMembers(run);
            case SCARD -> sets.count(run);
            case SMEMBERS -> whole.members(run);
            case SPOP -> sets.pop(run);
            case SRANDMEMBER -> random.draw(run, ValueType.SET, "");
            case SMOVE -> sets.move(run);
            case SINTER -> setAlgebra.intersect(run);
            case SINTERCARD -> setAlgebra.countIntersection(run);
            case SINTERSTORE -> setAlgebra.intersectAndStore(run);
            case SUNION -> setAlgebra.unite(run);
            case SUNIONSTORE -> setAlgebra.uniteAndStore(run);
            case SDIFF -> setAlgebra.subtract(run);
            case SDIFFSTORE -> setAlgebra.subtractAndStore(run);
            case SSCAN -> scans.scan(run, ValueType.SET);
            case ZSCAN -> scans.scan(run, ValueType.SORTED_SET);
            case ZRANDMEMBER -> random.draw(run, ValueType.SORTED_SET, "WITHSCORES");
            case LPUSH -> lists.pushFirst(run, false);
            case RPUSH -> lists.pushLast(run, false);
            case LPUSHX -> lists.pushFirst(run, true);
            case RPUSHX -> lists.pushLast(run, true);
            case LPOP -> lists.pop(run, true);
            case RPOP -> lists.pop(run, false);
            case LLEN -> lists.length(run);
            case LINDEX -> lists.index(run);
            case LSET -> lists.set(run);
            case LRANGE -> lists.range(run);
            case LTRIM -> lists.trim(run);
            case LREM -> lists.remove(run);
            case LINSERT -> lists.insert(run);
            case LPOS -> listMoves.search(run);
            case LMOVE -> listMoves.move(run);
            case RPOPLPUSH -> listMoves.rightToLeft(run);
            case LMPOP -> listMoves.popFirstOf(run, 0);
            case ZADD -> sortedSets.add(run);
            case ZREM -> sortedSets.remove(run);
            case ZSCORE -> sortedSets.score(run);
            case ZMSCORE -> sortedSets.scores(run);
            case ZCARD -> sortedSets.count(run);
            case ZCOUNT -> sortedRanges.count(run, SortedRange.By.SCORE);
            case ZLEXCOUNT -> sortedRanges.count(run, SortedRange.By.MEMBER);
            case ZINCRBY -> sortedSets.increment(run);
            case ZRANK -> sortedSets.rank(run, false);
            case ZREVRANK -> sortedSets.rank(run, true);
            case ZRANGE, ZREVRANGE, ZRANGEBYSCORE, ZREVRANGEBYSCORE, ZRANGEBYLEX, ZREVRANGEBYLEX ->
                    sortedRanges.range(run);
            case ZRANGESTORE -> sortedRanges.rangeAndStore(run);
            case ZREMRANGEBYRANK -> sortedRanges.remove(run, SortedRange.By.RANK);
            case ZREMRANGEBYSCORE -> sortedRanges.remove(run, SortedRange.By.SCORE);
            case ZREMRANGEBYLEX -> sortedRanges.remove(run, SortedRange.By.MEMBER);
            case ZPOPMIN, ZPOPMAX -> sortedRanges.pop(run);
            case ZMPOP -> sortedRanges.popFirstOf(run, 0);
            case BLPOP, BRPOP, BLMOVE, BRPOPLPUSH, BLMPOP, BZPOPMIN, BZPOPMAX, BZMPOP ->
                    blocking.execute(run);
            case ZUNION, ZUNIONSTORE -> sortedSetAlgebra.unite(run);
            case ZINTER, ZINTERSTORE, ZINTERCARD -> sortedSetAlgebra.intersect(run);
            case ZDIFF, ZDIFFSTORE -> sortedSetAlgebra.subtract(run);
        };
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
            int number = places.number();
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
