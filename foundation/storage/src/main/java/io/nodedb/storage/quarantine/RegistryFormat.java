package io.nodedb.storage.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code quarantine/REGISTRY}: a title line, then one line per finding. A person may
 * read it; a damaged line costs only itself.
 *
 * <pre>
 * nodedb quarantine 1
 * id TAB epochMillis TAB kind TAB path TAB offset TAB covered TAB movedTo TAB what TAB CRC32C of the line before this field, 8 hex digits
 * </pre>
 *
 * In fields, backslash, tab, line feed and carriage return are written as {@code \\ \t \n \r}.
 */
final class RegistryFormat {
    static final String TITLE = "nodedb quarantine 1";

    private static final int FIELDS = 8;

    private RegistryFormat() {}

    static String line(QuarantinedFile file) {
        String fields =
                String.join(
                        "\t",
                        Long.toString(file.id()),
                        Long.toString(file.epochMillis()),
                        file.kind().name(),
                        escape(file.path()),
                        Long.toString(file.offset()),
                        escape(file.covered()),
                        escape(file.movedTo()),
                        escape(file.what()));
        return fields + "\t" + checksum(fields);
    }

    /** The finding of a line, or null when the line is damaged. */
    static @Nullable QuarantinedFile parse(String line) {
        int last = line.lastIndexOf('\t');
        if (last < 0 || !line.substring(last + 1).equals(checksum(line.substring(0, last)))) {
            return null;
        }
        String[] fields = line.substring(0, last).split("\t", -1);
        if (fields.length != FIELDS) {
            return null;
        }
        try {
            return new QuarantinedFile(
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    DamageKind.valueOf(fields[2]),
                    unescape(fields[3]),
                    Long.parseLong(fields[4]),
                    unescape(fields[7]),
                    unescape(fields[5]),
                    unescape(fields[6]));
        } catch (IllegalArgumentException ofANewerVersion) {
            return null;
        }
    }

    private static String checksum(String fields) {
        CRC32C crc = new CRC32C();
        crc.update(fields.getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private static String escape(String field) {
        return field.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                i++;
                text.append(
                        switch (field.charAt(i)) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> field.charAt(i);
                        });
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
