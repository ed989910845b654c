package io.nodedb.server.resp.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Connections that have asked for a large value and have taken no more than its beginning: each
 * keeps one of its lane's requests until it reads on.
 */
public final class StalledReader {
    /** A bound on a hang, not an expectation. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** A small window, so that the server soon has to wait for this reader. */
    private static final int WINDOW_BYTES = 4 << 10;

    private StalledReader() {}

    /** Asks for the value of a key, which has {@code length} bytes, and reads its length only. */
    public static Socket open(Endpoint endpoint, String key, int length) throws IOException {
        Socket slow = new Socket();
        slow.setReceiveBufferSize(WINDOW_BYTES);
        slow.setSoTimeout(PATIENCE_MILLIS);
        slow.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), PATIENCE_MILLIS);
        slow.getOutputStream().write(("GET " + key + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String begin = "$" + length + "\r\n";
        String read =
                new String(
                        slow.getInputStream().readNBytes(begin.length()),
                        StandardCharsets.US_ASCII);
        if (!read.equals(begin)) {
            throw new AssertionError("a reply begins with " + read + " and not with " + begin);
        }
        return slow;
    }
}
