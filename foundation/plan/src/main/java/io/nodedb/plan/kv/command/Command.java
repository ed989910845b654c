package io.nodedb.plan.kv.command;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands that the key-value engine executes on the keys of one partition, as Redis 7 defines
 * them. Subcommands of {@code OBJECT} and {@code MEMORY} are commands of their own here, without
 * the subcommand's word among their arguments. Source: Redis command reference, 7.0; field expiry
 * as of 7.4.
 */
@SuppressWarnings("ImmutableEnumChecker") // KeyPlaces is immutable
public enum Command {
    // strings
    GET(1001, 2, false, KeyPlaces.of(1, 1, 1)),
    SET(1002, -3, true, KeyPlaces.of(1, 1, 1)),
    SETNX(1003, 3, true, KeyPlaces.of(1, 1, 1)),
    SETEX(1004, 4, true, KeyPlaces.of(1, 1, 1)),
    PSETEX(1005, 4, true, KeyPlaces.of(1, 1, 1)),
    GETSET(1006, 3, true, KeyPlaces.of(1, 1, 1)),
    GETDEL(1007, 2, true, KeyPlaces.of(1, 1, 1)),
    GETEX(1008, -2, true, KeyPlaces.of(1, 1, 1)),
    MGET(1009, -2, false, KeyPlaces.of(1, -1, 1)),
    MSET(1010, -3, true, KeyPlaces.of(1, -1, 2)),
    MSETNX(1011, -3, true, KeyPlaces.of(1, -1, 2)),
    INCR(1012, 2, true, KeyPlaces.of(1, 1, 1)),
    DECR(1013, 2, true, KeyPlaces.of(1, 1, 1)),
    INCRBY(1014, 3, true, KeyPlaces.of(1, 1, 1)),
    DECRBY(1015, 3, true, KeyPlaces.of(1, 1, 1)),
    INCRBYFLOAT(1016, 3, true, KeyPlaces.of(1, 1, 1)),
    APPEND(1017, 3, true, KeyPlaces.of(1, 1, 1)),
    STRLEN(1018, 2, false, KeyPlaces.of(1, 1, 1)),
    SETRANGE(1019, 4, true, KeyPlaces.of(1, 1, 1)),
    GETRANGE(1020, 4, false, KeyPlaces.of(1, 1, 1)),
    SUBSTR(1021, 4, false, KeyPlaces.of(1, 1, 1)),
    LCS(1022, -3, false, KeyPlaces.of(1, 2, 1)),
    // bits
    SETBIT(1100, 4, true, KeyPlaces.of(1, 1, 1)),
    GETBIT(1101, 3, false, KeyPlaces.of(1, 1, 1)),
    BITCOUNT(1102, -2, false, KeyPlaces.of(1, 1, 1)),
    BITPOS(1103, -3, false, KeyPlaces.of(1, 1, 1)),
    BITOP(1104, -4, true, KeyPlaces.of(2, -1, 1)),
    BITFIELD(1105, -2, true, KeyPlaces.of(1, 1, 1)),
    BITFIELD_RO(1106, -2, false, KeyPlaces.of(1, 1, 1)),
    // keys
    DEL(1200, -2, true, KeyPlaces.of(1, -1, 1)),
    UNLINK(1201, -2, true, KeyPlaces.of(1, -1, 1)),
    EXISTS(1202, -2, false, KeyPlaces.of(1, -1, 1)),
    TOUCH(1203, -2, false, KeyPlaces.of(1, -1, 1)),
    TYPE(1204, 2, false, KeyPlaces.of(1, 1, 1)),
    EXPIRE(1205, -3, true, KeyPlaces.of(1, 1, 1)),
    PEXPIRE(1206, -3, true, KeyPlaces.of(1, 1, 1)),
    EXPIREAT(1207, -3, true, KeyPlaces.of(1, 1, 1)),
    PEXPIREAT(1208, -3, true, KeyPlaces.of(1, 1, 1)),
    TTL(1209, 2, false, KeyPlaces.of(1, 1, 1)),
    PTTL(1210, 2, false, KeyPlaces.of(1, 1, 1)),
    EXPIRETIME(1211, 2, false, KeyPlaces.of(1, 1, 1)),
    PEXPIRETIME(1212, 2, false, KeyPlaces.of(1, 1, 1)),
    PERSIST(1213, 2, true, KeyPlaces.of(1, 1, 1)),
    RENAME(1214, 3, true, KeyPlaces.of(1, 2, 1)),
    RENAMENX(1215, 3, true, KeyPlaces.of(1, 2, 1)),
    COPY(1216, -3, true, KeyPlaces.of(1, 2, 1)),
    OBJECT_ENCODING(1217, 2, false, KeyPlaces.of(1, 1, 1)),
    OBJECT_IDLETIME(1218, 2, false, KeyPlaces.of(1, 1, 1)),
    OBJECT_REFCOUNT(1219, 2, false, KeyPlaces.of(1, 1, 1)),
    OBJECT_FREQ(1220, 2, false, KeyPlaces.of(1, 1, 1)),
    MEMORY_USAGE(1221, -2, false, KeyPlaces.of(1, 1, 1)),
    SORT(1222, -2, true, KeyPlaces.of(1, 1, 1)),
    SORT_RO(1223, -2, false, KeyPlaces.of(1, 1, 1)),
    // one partition's part of what concerns all keys; without keys of their own
    DBSIZE(1250, 1, false, KeyPlaces.NONE),
    RANDOMKEY(1251, 1, false, KeyPlaces.NONE),
    /** The hash to begin at (unsigned), how many keys to look at, a pattern, a type; "" for any. */
    SCAN(1252, 5, false, KeyPlaces.NONE),
    // whole values of any type, for commands over several partitions; no client can name them
    /** Nil, or the key's value and expiry in a form that only {@link #VALUE_WRITE} reads. */
    VALUE_READ(1260, 2, false, KeyPlaces.of(1, 1, 1)),
    /** The key, whatever it holds, gets what {@link #VALUE_READ} has answered for some key. */
    VALUE_WRITE(1261, 3, true, KeyPlaces.of(1, 1, 1)),
    // hashes
    HSET(1300, -4, true, KeyPlaces.of(1, 1, 1)),
    HMSET(1301, -4, true, KeyPlaces.of(1, 1, 1)),
    HSETNX(1302, 4, true, KeyPlaces.of(1, 1, 1)),
    HGET(1303, 3, false, KeyPlaces.of(1, 1, 1)),
    HMGET(1304, -3, false, KeyPlaces.of(1, 1, 1)),
    HGETALL(1305, 2, false, KeyPlaces.of(1, 1, 1)),
    HDEL(1306, -3, true, KeyPlaces.of(1, 1, 1)),
    HLEN(1307, 2, false, KeyPlaces.of(1, 1, 1)),
    HSTRLEN(1308, 3, false, KeyPlaces.of(1, 1, 1)),
    HEXISTS(1309, 3, false, KeyPlaces.of(1, 1, 1)),
    HKEYS(1310, 2, false, KeyPlaces.of(1, 1, 1)),
    HVALS(1311, 2, false, KeyPlaces.of(1, 1, 1)),
    HINCRBY(1312, 4, true, KeyPlaces.of(1, 1, 1)),
    HINCRBYFLOAT(1313, 4, true, KeyPlaces.of(1, 1, 1)),
    HRANDFIELD(1314, -2, false, KeyPlaces.of(1, 1, 1)),
    HSCAN(1315, -3, false, KeyPlaces.of(1, 1, 1)),
    HEXPIRE(1316, -6, true, KeyPlaces.of(1, 1, 1)),
    HPEXPIRE(1317, -6, true, KeyPlaces.of(1, 1, 1)),
    HEXPIREAT(1318, -6, true, KeyPlaces.of(1, 1, 1)),
    HPEXPIREAT(1319, -6, true, KeyPlaces.of(1, 1, 1)),
    HTTL(1320, -5, false, KeyPlaces.of(1, 1, 1)),
    HPTTL(1321, -5, false, KeyPlaces.of(1, 1, 1)),
    HEXPIRETIME(1322, -5, false, KeyPlaces.of(1, 1, 1)),
    HPEXPIRETIME(1323, -5, false, KeyPlaces.of(1, 1, 1)),
    HPERSIST(1324, -5, true, KeyPlaces.of(1, 1, 1)),
    // sets
    SADD(1400, -3, true, KeyPlaces.of(1, 1, 1)),
    SREM(1401, -3, true, KeyPlaces.of(1, 1, 1)),
    SISMEMBER(1402, 3, false, KeyPlaces.of(1, 1, 1)),
    SMISMEMBER(1403, -3, false, KeyPlaces.of(1, 1, 1)),
    SCARD(1404, 2, false, KeyPlaces.of(1, 1, 1)),
    SMEMBERS(1405, 2, false, KeyPlaces.of(1, 1, 1)),
    SPOP(1406, -2, true, KeyPlaces.of(1, 1, 1)),
    SRANDMEMBER(1407, -2, false, KeyPlaces.of(1, 1, 1)),
    SMOVE(1408, 4, true, KeyPlaces.of(1, 2, 1)),
    SINTER(1409, -2, false, KeyPlaces.of(1, -1, 1)),
    SINTERCARD(1410, -3, false, KeyPlaces.COUNTED),
    SINTERSTORE(1411, -3, true, KeyPlaces.of(1, -1, 1)),
    SUNION(1412, -2, false, KeyPlaces.of(1, -1, 1)),
    SUNIONSTORE(1413, -3, true, KeyPlaces.of(1, -1, 1)),
    SDIFF(1414, -2, false, KeyPlaces.of(1, -1, 1)),
    SDIFFSTORE(1415, -3, true, KeyPlaces.of(1, -1, 1)),
    SSCAN(1416, -3, false, KeyPlaces.of(1, 1, 1)),
    // lists
    LPUSH(1500, -3, true, KeyPlaces.of(1, 1, 1)),
    RPUSH(1501, -3, true, KeyPlaces.of(1, 1, 1)),
    LPUSHX(1502, -3, true, KeyPlaces.of(1, 1, 1)),
    RPUSHX(1503, -3, true, KeyPlaces.of(1, 1, 1)),
    LPOP(1504, -2, true, KeyPlaces.of(1, 1, 1)),
    RPOP(1505, -2, true, KeyPlaces.of(1, 1, 1)),
    LLEN(1506, 2, false, KeyPlaces.of(1, 1, 1)),
    LINDEX(1507, 3, false, KeyPlaces.of(1, 1, 1)),
    LSET(1508, 4, true, KeyPlaces.of(1, 1, 1)),
    LRANGE(1509, 4, false, KeyPlaces.of(1, 1, 1)),
    LTRIM(1510, 4, true, KeyPlaces.of(1, 1, 1)),
    LREM(1511, 4, true, KeyPlaces.of(1, 1, 1)),
    LINSERT(1512, 5, true, KeyPlaces.of(1, 1, 1)),
    LPOS(1513, -3, false, KeyPlaces.of(1, 1, 1)),
    LMOVE(1514, 5, true, KeyPlaces.of(1, 2, 1)),
    RPOPLPUSH(1515, 3, true, KeyPlaces.of(1, 2, 1)),
    LMPOP(1516, -4, true, KeyPlaces.COUNTED),
    // with nothing there they answer nil; waiting is the core's, for calls that have a ticket
    BLPOP(1517, -3, true, KeyPlaces.of(1, -2, 1)),
    BRPOP(1518, -3, true, KeyPlaces.of(1, -2, 1)),
    BLMOVE(1519, 6, true, KeyPlaces.of(1, 2, 1)),
    BRPOPLPUSH(1520, 4, true, KeyPlaces.of(1, 2, 1)),
    BLMPOP(1521, -5, true, KeyPlaces.COUNTED_AFTER_ONE),
    // sorted sets
    ZADD(1600, -4, true, KeyPlaces.of(1, 1, 1)),
    ZREM(1601, -3, true, KeyPlaces.of(1, 1, 1)),
    ZSCORE(1602, 3, false, KeyPlaces.of(1, 1, 1)),
    ZMSCORE(1603, -3, false, KeyPlaces.of(1, 1, 1)),
    ZCARD(1604, 2, false, KeyPlaces.of(1, 1, 1)),
    ZCOUNT(1605, 4, false, KeyPlaces.of(1, 1, 1)),
    ZLEXCOUNT(1606, 4, false, KeyPlaces.of(1, 1, 1)),
    ZINCRBY(1607, 4, true, KeyPlaces.of(1, 1, 1)),
    ZRANK(1608, 3, false, KeyPlaces.of(1, 1, 1)),
    ZREVRANK(1609, 3, false, KeyPlaces.of(1, 1, 1)),
    ZRANGE(1610, -4, false, KeyPlaces.of(1, 1, 1)),
    ZREVRANGE(1611, -4, false, KeyPlaces.of(1, 1, 1)),
    ZRANGEBYSCORE(1612, -4, false, KeyPlaces.of(1, 1, 1)),
    ZREVRANGEBYSCORE(1613, -4, false, KeyPlaces.of(1, 1, 1)),
    ZRANGEBYLEX(1614, -4, false, KeyPlaces.of(1, 1, 1)),
    ZREVRANGEBYLEX(1615, -4, false, KeyPlaces.of(1, 1, 1)),
    ZRANGESTORE(1616, -5, true, KeyPlaces.of(1, 2, 1)),
    ZREMRANGEBYRANK(1617, 4, true, KeyPlaces.of(1, 1, 1)),
    ZREMRANGEBYSCORE(1618, 4, true, KeyPlaces.of(1, 1, 1)),
    ZREMRANGEBYLEX(1619, 4, true, KeyPlaces.of(1, 1, 1)),
    ZPOPMIN(1620, -2, true, KeyPlaces.of(1, 1, 1)),
    ZPOPMAX(1621, -2, true, KeyPlaces.of(1, 1, 1)),
    ZMPOP(1622, -4, true, KeyPlaces.COUNTED),
    BZPOPMIN(1632, -3, true, KeyPlaces.of(1, -2, 1)),
    BZPOPMAX(1633, -3, true, KeyPlaces.of(1, -2, 1)),
    BZMPOP(1634, -5, true, KeyPlaces.COUNTED_AFTER_ONE),
    ZRANDMEMBER(1623, -2, false, KeyPlaces.of(1, 1, 1)),
    ZSCAN(1624, -3, false, KeyPlaces.of(1, 1, 1)),
    ZUNION(1625, -3, false, KeyPlaces.COUNTED),
    ZINTER(1626, -3, false, KeyPlaces.COUNTED),
    ZDIFF(1627, -3, false, KeyPlaces.COUNTED),
    ZINTERCARD(1628, -3, false, KeyPlaces.COUNTED),
    ZUNIONSTORE(1629, -4, true, KeyPlaces.DESTINATION_THEN_COUNTED),
    ZINTERSTORE(1630, -4, true, KeyPlaces.DESTINATION_THEN_COUNTED),
    ZDIFFSTORE(1631, -4, true, KeyPlaces.DESTINATION_THEN_COUNTED);

    private static final Map<String, Command> BY_NAME = new HashMap<>();

    static {
        for (Command command : values()) {
            BY_NAME.put(command.commandName(), command);
        }
    }

    private final int number;
    private final int arity;
    private final boolean writes;
    private final KeyPlaces keys;

    Command(int number, int arity, boolean writes, KeyPlaces keys) {
        this.number = number;
        this.arity = arity;
        this.writes = writes;
        this.keys = keys;
    }

    /** The command of a name in upper case, null when the engine knows none. */
    public static @Nullable Command named(String name) {
        return BY_NAME.get(name);
    }

    /** Stable: part of failure fingerprints and idempotency hashes. */
    public int number() {
        return number;
    }

    /**
     * Arguments, the command's own name included: exactly so many, or, negative, at least. Of a
     * subcommand: its word is not counted.
     */
    public int arity() {
        return arity;
    }

    /** {@code count} is without the name. */
    public boolean acceptsArguments(int count) {
        return arity >= 0 ? count + 1 == arity : count + 1 >= -arity;
    }

    public boolean writes() {
        return writes;
    }

    /** Can a client wait with it until there is something? */
    public boolean mayWait() {
        return switch (this) {
            case BLPOP, BRPOP, BLMOVE, BRPOPLPUSH, BLMPOP, BZPOPMIN, BZPOPMAX, BZMPOP -> true;
            default -> false;
        };
    }

    /** Which arguments are keys. */
    public KeyPlaces keys() {
        return keys;
    }

    /** As clients write it: {@code OBJECT ENCODING}. */
    public String commandName() {
        return name().startsWith("OBJECT_")
                        || name().startsWith("MEMORY_")
                        || name().startsWith("VALUE_")
                ? name().replace('_', ' ')
                : name().toUpperCase(Locale.ROOT);
    }
}
