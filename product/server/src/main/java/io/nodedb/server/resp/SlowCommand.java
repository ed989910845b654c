package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command whose time runs, to be told to the {@link SlowLog} if it turns out to be slow. Its
 * words are copied when it begins, as far as the log shows them. Belongs to its connection's lane.
 */
@ControlPlane
final class SlowCommand {
    /** Words that are shown; of more, the last one tells how many are left out. */
    static final int SHOWN_WORDS = 32;

    /** Bytes of a word that are shown. */
    static final int SHOWN_BYTES = 128;

    private static final long NANOS_PER_MICRO = 1_000;

    private final RespConnection connection;
    private final List<byte[]> words;
    private final long begunNanos;

    private SlowCommand(RespConnection connection, List<byte[]> words) {
        this.connection = connection;
        this.words = words;
        this.begunNanos = connection.lane().time().nanoTime();
    }

    /** Begins now. Null when nothing is slow. */
    static @Nullable SlowCommand begin(RespConnection connection, CommandInput input) {
        if (!connection.server().slowLog().isOn()) {
            return null;
        }
        List<byte[]> words = new ArrayList<>();
        for (int i = 0; i < Math.min(input.count(), SHOWN_WORDS); i++) {
            words.add(shown(i, input.count(), input.bytes(i)));
        }
        return new SlowCommand(connection, words);
    }

    /** It has its reply. Once. */
    static void end(@Nullable SlowCommand command) {
        if (command != null) {
            long nanos = command.connection.lane().time().nanoTime() - command.begunNanos;
            tell(command.connection, command.words, nanos);
        }
    }

    /** A command of an engine has taken so long. */
    static void tell(RespConnection connection, String name, Arguments arguments, long nanos) {
        tell(connection, name, () -> arguments, nanos);
    }

    /** As above, with arguments that are only made when it was slow. */
    static void tell(
            RespConnection connection, String name, Supplier<Arguments> arguments, long nanos) {
        if (connection.server().slowLog().isSlow(nanos / NANOS_PER_MICRO)) {
            tell(connection, words(name, arguments.get()), nanos);
        }
    }

    /** The words of a command as the log shows them. */
    static List<byte[]> words(String name, Arguments arguments) {
        int count = arguments.count() + 1;
        List<byte[]> words = new ArrayList<>();
        words.add(shown(0, count, name.getBytes(StandardCharsets.US_ASCII)));
        for (int i = 1; i < Math.min(count, SHOWN_WORDS); i++) {
            words.add(shown(i, count, arguments.copy(i - 1)));
        }
        return words;
    }

    private static void tell(RespConnection connection, List<byte[]> words, long nanos) {
        RespServer server = connection.server();
        long micros = nanos / NANOS_PER_MICRO;
        if (server.slowLog().isSlow(micros)) {
            server.slowLog()
                    .add(
                            server.time().epochMillis() / 1000,
                            micros,
                            words,
                            connection.state().address(),
                            connection.state().name());
        }
    }

    /** In Redis's words. */
    static byte[] shown(int index, int count, byte[] word) {
        if (count > SHOWN_WORDS && index == SHOWN_WORDS - 1) {
            int left = count - SHOWN_WORDS + 1;
            return ("... (" + left + " more arguments)").getBytes(StandardCharsets.US_ASCII);
        }
        if (word.length <= SHOWN_BYTES) {
            return word;
        }
        byte[] suffix =
                ("... (" + (word.length - SHOWN_BYTES) + " more bytes)")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] shown = new byte[SHOWN_BYTES + suffix.length];
        System.arraycopy(word, 0, shown, 0, SHOWN_BYTES);
        System.arraycopy(suffix, 0, shown, SHOWN_BYTES, suffix.length);
        return shown;
    }
}
