package io.nodedb.server.resp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Ways to misbehave towards a server. Each opens connections of its own and leaves none open; each
 * may be answered with errors or a closed connection, but what is sent whole and right must be
 * answered right.
 */
final class Attacks {
    private static final int FLOOD_VALUE = 4_096;
    private static final int MOST_FLOOD_COMMANDS = 8_000;
    private static final int MOST_MUTATIONS = 8;

    private final Endpoint endpoint;
    private final SplittableRandom random;

    Attacks(Endpoint endpoint, SplittableRandom random) {
        this.endpoint = endpoint;
        this.random = random;
    }

    /** One of them. */
    void any() throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> lengthOutOfRange();
            case 1 -> promiseAndLeave();
            case 2 -> garbage();
            case 3, 4, 5 -> mutatedPipeline();
            case 6 -> cutPipeline();
            case 7 -> byteByByte();
            case 8 -> flood();
            default -> crowd();
        }
    }

    private void lengthOutOfRange() {
        String length =
                oneOf("-2", "2147483648", "9223372036854775808", "", "0x10", "1e3", "-0", "+1");
        String frame = random.nextBoolean() ? "*" + length : "*2\r\n$4\r\nECHO\r\n$" + length;
        sendAndLeave(frame + "\r\n" + pipeline(random.nextInt(3)));
    }

    /** Promises a great deal, for which no memory may be set aside before it comes. */
    private void promiseAndLeave() {
        String promise =
                random.nextBoolean()
                        ? "*" + oneOf("1048576", "1000000", "2147483647") + "\r\n"
                        : "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$"
                                + oneOf("536870912", "500000000", "67000000", "60000000")
                                + "\r\n";
        String begin = random.nextBoolean() ? "$3\r\nabc\r\n" : "x".repeat(random.nextInt(5_000));
        try (RespConnection connection = RespConnection.open(endpoint)) {
            connection.sendRaw(promise + begin);
            connection.flush();
            leave(connection);
        }
    }

    private void garbage() {
        StringBuilder bytes = new StringBuilder();
        for (int i = random.nextInt(3_000); i > 0; i--) {
            bytes.append((char) random.nextInt(256));
        }
        sendAndLeave(bytes.toString());
    }

    private void mutatedPipeline() {
        StringBuilder bytes = new StringBuilder(pipeline(1 + random.nextInt(20)));
        for (int i = 1 + random.nextInt(MOST_MUTATIONS); i > 0; i--) {
            int at = random.nextInt(bytes.length());
            switch (random.nextInt(4)) {
                case 0 -> bytes.deleteCharAt(at);
                case 1 -> bytes.insert(at, oneOf("\r", "\n", "*", "$", "-", "\0", "9", "\r\n"));
                case 2 -> bytes.setCharAt(at, (char) random.nextInt(256));
                default -> bytes.setCharAt(at, "0123456789$*\r\n".charAt(random.nextInt(14)));
            }
        }
        sendAndLeave(bytes.toString());
    }

    private void cutPipeline() {
        String bytes = pipeline(1 + random.nextInt(10));
        sendAndLeave(bytes.substring(0, random.nextInt(bytes.length())));
    }

    private void byteByByte() {
        try (RespConnection connection = RespConnection.open(endpoint)) {
            String text = "slow" + random.nextInt();
            String frame =
                    "*2\r\n$4\r\nECHO\r\n$"
                            + text.length()
                            + "\r\n"
                            + text
                            + "\r\nECHO "
                            + text
                            + "\r\n";
            for (int i = 0; i < frame.length(); i++) {
                connection.sendRaw(frame.substring(i, i + 1));
                connection.flush();
            }
            assertThat(connection.read()).isEqualTo(new RespValue.Bulk(text));
            assertThat(connection.read()).isEqualTo(new RespValue.Bulk(text));
        }
    }

    private void flood() throws IOException {
        String value = "v".repeat(1 + random.nextInt(FLOOD_VALUE));
        try (RespConnection connection = RespConnection.open(endpoint)) {
            assertThat(connection.call("SET", "flood", value))
                    .isEqualTo(new RespValue.Simple("OK"));
        }
        int count = 1 + random.nextInt(MOST_FLOOD_COMMANDS);
        ByteBuffer commands = bytes("*2\r\n$3\r\nGET\r\n$5\r\nflood\r\n".repeat(count));
        try (Flood flood = new Flood(endpoint)) {
            boolean _ = flood.sendUnread(commands);
            if (random.nextBoolean()) {
                flood.reset();
            } else {
                String reply = "$" + value.length() + "\r\n" + value + "\r\n";
                flood.sendRestAndRead(commands, bytes(reply).array(), count);
            }
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Many connections at once, of which each begins something. */
    private void crowd() {
        List<RespConnection> connections = new ArrayList<>();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            RespConnection connection = RespConnection.open(endpoint);
            connections.add(connection);
            connection.sendRaw(
                    oneOf("*", "*1\r\n", "PING\r\n", "MULTI\r\n", "SUBSCRIBE c\r\n", ""));
            connection.flush();
        }
        connections.forEach(this::leave);
    }

    private void sendAndLeave(String bytes) {
        try (RespConnection connection = RespConnection.open(endpoint)) {
            connection.sendRaw(bytes);
            if (random.nextInt(3) == 0) {
                readUntilTheEnd(connection);
            } else {
                connection.flush();
                leave(connection);
            }
        } catch (UncheckedIOException e) {
            if (!isEndOfConnection(e.getCause())) {
                throw e;
            }
        }
    }

    /** The server may end a connection, at once too; it may not fall silent or speak nonsense. */
    private static boolean isEndOfConnection(IOException failure) {
        return failure instanceof EOFException || failure instanceof SocketException;
    }

    private void leave(RespConnection connection) {
        if (random.nextBoolean()) {
            connection.reset();
        } else {
            connection.close();
        }
    }

    /** Whatever was sent, the server must answer in the protocol and end when we end. */
    private static void readUntilTheEnd(RespConnection connection) {
        connection.endOfInput();
        while (true) {
            RespValue _ = connection.read();
        }
    }

    /** Commands as a client would send them. */
    private String pipeline(int commands) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < commands; i++) {
            String key = "fuzz" + random.nextInt(10);
            String value = "v".repeat(random.nextInt(100));
            bytes.append(
                    switch (random.nextInt(5)) {
                        case 0 -> frame("SET", key, value);
                        case 1 -> frame("GET", key);
                        case 2 -> frame("HSET", "hash", key, value);
                        case 3 -> frame("MGET", key, "a", "b");
                        default -> "PING " + key + "\r\n";
                    });
        }
        return bytes.toString();
    }

    private static String frame(String... words) {
        StringBuilder frame = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            frame.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return frame.toString();
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
