package io.nodedb.server.resp.probe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads replies of RESP2 and RESP3 from a stream, strictly. Used by one thread. */
final class RespReader {
    private static final int MOST_NESTED = 32;

    private final InputStream in;

    RespReader(InputStream in) {
        this.in = in;
    }

    RespValue read() throws IOException {
        return read(0);
    }

    private RespValue read(int depth) throws IOException {
        if (depth > MOST_NESTED) {
            throw new ProtocolException("nested deeper than " + MOST_NESTED);
        }
        int type = readByte();
        String line = readLine();
        return switch (type) {
            case '+' -> new RespValue.Simple(line);
            case '-' -> new RespValue.Failure(line);
            case ':' -> new RespValue.Int(Long.parseLong(line));
            case '$' ->
                    line.equals("-1")
                            ? RespValue.Null.STRING
                            : new RespValue.Bulk(readBytes(Integer.parseInt(line)));
            case '*' ->
                    line.equals("-1")
                            ? RespValue.Null.ARRAY
                            : new RespValue.Items(readItems(Integer.parseInt(line), depth));
            case '_' -> RespValue.Null.RESP3;
            case '%' -> new RespValue.Pairs(readItems(2 * Integer.parseInt(line), depth));
            case '~' -> new RespValue.Members(readItems(Integer.parseInt(line), depth));
            case '>' -> new RespValue.Push(readItems(Integer.parseInt(line), depth));
            case ',' -> new RespValue.Real(line);
            case '#' -> truth(line);
            case '!' -> new RespValue.Failure(readBytes(Integer.parseInt(line)));
            case '=' -> verbatim(readBytes(Integer.parseInt(line)));
            case '(' -> new RespValue.BigNumber(line);
            default -> throw new ProtocolException("reply begins with byte " + type + ": " + line);
        };
    }

    private List<RespValue> readItems(int count, int depth) throws IOException {
        List<RespValue> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(read(depth + 1));
        }
        return List.copyOf(items);
    }

    private String readBytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("connection ended within a string");
        }
        if (readByte() != '\r' || readByte() != '\n') {
            throw new ProtocolException("string of " + length + " bytes without its line end");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = readByte(); c != '\r'; c = readByte()) {
            line.append((char) c);
        }
        if (readByte() != '\n') {
            throw new ProtocolException("carriage return within a line: " + line);
        }
        return line.toString();
    }

    private int readByte() throws IOException {
        int read = in.read();
        if (read < 0) {
            throw new EOFException("connection ended");
        }
        return read;
    }

    private static RespValue truth(String line) throws ProtocolException {
        if (!line.equals("t") && !line.equals("f")) {
            throw new ProtocolException("neither true nor false: " + line);
        }
        return new RespValue.Truth(line.equals("t"));
    }

    private static RespValue verbatim(String bytes) throws ProtocolException {
        if (bytes.length() < 4 || bytes.charAt(3) != ':') {
            throw new ProtocolException("verbatim string without format: " + bytes);
        }
        return new RespValue.Verbatim(bytes.substring(0, 3), bytes.substring(4));
    }
}
