package io.nodedb.server;

import io.nodedb.Durability;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Setting;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.lane.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What can be set about the server itself, beside the database's own settings. */
public final class ServerSettings {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final Duration LONG = Duration.ofDays(365);

    // What is served, and where

    public static final Setting<String> DATA =
            Setting.text("data", "./nodedb-data", "The database's directory.");

    public static final Setting<String> HOST =
            Setting.text("host", "127.0.0.1", "Address or name that the server listens at.");

    public static final Setting<Integer> HTTP =
            Setting.port("http", 6480, "Port for health and metrics.");

    public static final Setting<Integer> RESP =
            Setting.port("resp", 6479, "Port for Redis clients.");

    public static final Setting<String> PASSWORD =
            Setting.secret(
                    "password",
                    "What clients must know; without it the server listens on loopback only.");

    public static final Setting<Durability> DURABILITY =
            Setting.choice(
                    "durability",
                    Durability.SYNC,
                    "When a write is answered: once it is on disk, or once the system has it.");

    // Redis clients

    public static final Setting<Integer> MAX_CONNECTIONS =
            Setting.count("max_connections", 10_000, 1, 1 << 20, "Most Redis clients at a time.");

    public static final Setting<Long> RESP_MAX_BULK =
            Setting.bytes(
                    "resp_max_bulk",
                    65 * MIB,
                    KIB,
                    512 * MIB,
                    "Largest single argument of a command.");

    public static final Setting<Integer> RESP_MAX_ARGUMENTS =
            Setting.count(
                    "resp_max_arguments", 1 << 20, 16, 1 << 24, "Most arguments of a command.");

    public static final Setting<Long> RESP_MAX_INLINE =
            Setting.bytes(
                    "resp_max_inline",
                    64 * KIB,
                    64,
                    MIB,
                    "Longest line of a command typed by hand, and of a protocol header.");

    public static final Setting<Duration> IDLE_TIMEOUT =
            Setting.duration(
                    "idle_timeout",
                    Duration.ZERO,
                    Duration.ZERO,
                    LONG,
                    "Silence after which a Redis client is disconnected; 0 never.");

    public static final Setting<Long> OUTPUT_BUFFER_LIMIT =
            Setting.bytes(
                    "output_buffer_limit",
                    256 * MIB,
                    64 * KIB,
                    16L << 30,
                    "Answers that a client may leave unread before it is disconnected.");

    public static final Setting<Duration> SLOWLOG_THRESHOLD =
            Setting.duration(
                    "slowlog_threshold",
                    Duration.ofMillis(10),
                    Duration.ZERO,
                    LONG,
                    "Commands that take longer are kept in the slow log.");

    public static final Setting<Integer> SLOWLOG_LENGTH =
            Setting.count("slowlog_length", 128, 0, 1 << 20, "Commands that the slow log keeps.");

    // Threads

    public static final Setting<Placement> PLACEMENT =
            Setting.choice(
                    "placement",
                    Placement.AUTO,
                    "Whether data cores drive their own sockets or event loops beside them.");

    public static final Setting<Transport> TRANSPORT =
            Setting.choice(
                    "transport",
                    Transport.AUTO,
                    "How sockets are driven: io_uring, epoll, nio, or the best that is there.");

    // HTTP

    public static final Setting<Integer> HTTP_MAX_CONNECTIONS =
            Setting.count("http_max_connections", 256, 1, 1 << 16, "Most HTTP connections.");

    public static final Setting<Long> HTTP_MAX_HEADER =
            Setting.bytes(
                    "http_max_header",
                    16 * KIB,
                    256,
                    MIB,
                    "Largest header of an HTTP request, and longest first line.");

    public static final Setting<Long> HTTP_MAX_BODY =
            Setting.bytes(
                    "http_max_body", 64 * KIB, 0, 64 * MIB, "Largest body of an HTTP request.");

    public static final Setting<Duration> HTTP_IDLE_TIMEOUT =
            Setting.duration(
                    "http_idle_timeout",
                    Duration.ofMinutes(1),
                    Duration.ofMillis(1),
                    LONG,
                    "Silence after which an HTTP connection is closed.");

    public static final Setting<Duration> HTTP_REQUEST_TIMEOUT =
            Setting.duration(
                    "http_request_timeout",
                    Duration.ofSeconds(10),
                    Duration.ofMillis(1),
                    LONG,
                    "How long an HTTP request may take from its first byte to its last.");

    private static final List<Setting<?>> OWN =
            List.of(
                    DATA,
                    HOST,
                    HTTP,
                    RESP,
                    PASSWORD,
                    DURABILITY,
                    MAX_CONNECTIONS,
                    RESP_MAX_BULK,
                    RESP_MAX_ARGUMENTS,
                    RESP_MAX_INLINE,
                    IDLE_TIMEOUT,
                    OUTPUT_BUFFER_LIMIT,
                    SLOWLOG_THRESHOLD,
                    SLOWLOG_LENGTH,
                    PLACEMENT,
                    TRANSPORT,
                    HTTP_MAX_CONNECTIONS,
                    HTTP_MAX_HEADER,
                    HTTP_MAX_BODY,
                    HTTP_IDLE_TIMEOUT,
                    HTTP_REQUEST_TIMEOUT);

    /** Every setting that a server knows: the database's and its own. */
    public static final List<Setting<?>> ALL =
            Stream.of(RuntimeSettings.allAreas(), OWN).<Setting<?>>flatMap(List::stream).toList();

    private ServerSettings() {}

    /**
     * Refuses values that contradict each other, with {@link ErrorCode#INVALID_ARGUMENT}; among
     * them a server that would listen beyond loopback without a password.
     */
    public static void checkConsistent(Settings settings) {
        RuntimeSettings.checkConsistent(settings);
        boolean listens =
                settings.get(HTTP) != SettingUnit.PORT_OFF
                        || settings.get(RESP) != SettingUnit.PORT_OFF;
        if (!listens) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "nothing is served: http=off resp=off; give one of them a port");
        }
        if (settings.get(PASSWORD).isEmpty() && !address(settings).isLoopbackAddress()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the server would listen beyond this machine without a password: host="
                            + settings.get(HOST)
                            + "; set "
                            + PASSWORD.environmentVariable()
                            + " or --password-file FILE, or leave host at 127.0.0.1");
        }
    }

    /** The address that {@link #HOST} names. */
    public static InetAddress address(Settings settings) {
        try {
            return InetAddress.getByName(settings.get(HOST));
        } catch (UnknownHostException e) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the host to listen at is unknown: host=" + settings.get(HOST),
                    e);
        }
    }
}
