package io.nodedb.server.resp.probe;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A raw client of the Redis protocol, which hides nothing: what is sent are the bytes given, what
 * comes back are the replies as they were typed. Pipelining is sending several before reading. One
 * thread uses it. Failures of the connection and of the protocol are {@link UncheckedIOException}s;
 * a reply that stays out fails after {@link #PATIENCE_MILLIS}.
 */
public final class RespConnection implements AutoCloseable {
    /** A bound on a hang, not an expectation. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final OutputStream out;
    private final RespReader reader;

    private RespConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        this.reader = new RespReader(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    public static RespConnection open(Endpoint endpoint) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(
                    new InetSocketAddress(endpoint.host(), endpoint.port()), PATIENCE_MILLIS);
            return new RespConnection(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("No connection to " + endpoint, e);
        }
    }

    /** Sends and waits for one reply; nothing else may be outstanding. */
    public RespValue call(String... words) {
        return call(Words.of(words));
    }

    public RespValue call(Words command) {
        send(command);
        return read();
    }

    /** Sends all before it reads the first reply. */
    public List<RespValue> pipeline(List<Words> commands) {
        commands.forEach(this::send);
        List<RespValue> replies = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            replies.add(read());
        }
        return replies;
    }

    /** Sends a command, at the latest when a reply is read. */
    public void send(Words command) {
        StringBuilder frame = new StringBuilder("*").append(command.words().size()).append("\r\n");
        for (String word : command.words()) {
            frame.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        sendRaw(frame.toString());
    }

    /** Sends bytes as they are, whatever they are, at the latest when a reply is read. */
    public void sendRaw(String bytes) {
        try {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RespValue read() {
        try {
            out.flush();
            return reader.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that nothing more will be sent; replies can still be read. */
    public void endOfInput() {
        try {
            out.flush();
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a reset, as a crashed client's system does, so that the server's writes fail. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
