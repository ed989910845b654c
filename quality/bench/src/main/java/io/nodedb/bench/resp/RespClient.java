package io.nodedb.bench.resp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client that sends commands and reads their answers in order; for checking, not for speed. One
 * thread uses it. Knows the answers that the benchmark's commands have: simple text, errors,
 * numbers, texts.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP</a>
 */
final class RespClient implements AutoCloseable {
    /** The answer for a key that is not there. */
    static final String NOTHING = "";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RespClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    }

    /** Sends a command and waits for its answer. */
    String ask(String... words) throws IOException {
        send(words);
        return answer();
    }

    /** Sends a command; its answer is for {@link #answer}. */
    void send(String... words) throws IOException {
        write("*" + words.length);
        for (String word : words) {
            write("$" + word.getBytes(StandardCharsets.UTF_8).length);
            write(word);
        }
    }

    private void write(String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.write('\r');
        out.write('\n');
    }

    /** The answer to the oldest command that has none yet; an error is thrown. */
    String answer() throws IOException {
        out.flush();
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> throw new IOException("the server says: " + rest);
            case '$' -> bulk(Integer.parseInt(rest));
            default -> throw new IOException("an answer of an unexpected kind: " + line);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return NOTHING;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || !line().isEmpty()) {
            throw new EOFException("an answer is cut short");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.append((char) next);
        }
        if (in.read() != '\n') {
            throw new IOException("a line without its end");
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
