package io.nodedb.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nodedb.server.resp.CommandParser.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CommandParserTest {
    private static final RespLimits LIMITS = new RespLimits(1000, 20, 64, 5000, 16);

    private final CommandParser parser = new CommandParser(LIMITS);

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private List<String> words(ByteBuf in) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < parser.count(); i++) {
            words.add(
                    in.toString(in.readerIndex() + parser.start(i), parser.length(i), ISO_8859_1));
        }
        return words;
    }

    private List<String> whole(String text) {
        ByteBuf in = bytes(text);
        parser.next();
        assertThat(parser.parse(in)).isEqualTo(Result.COMMAND);
        assertThat(parser.consumed()).isEqualTo(text.length());
        return words(in);
    }

    private String broken(String text) {
        parser.next();
        assertThat(parser.parse(bytes(text))).isEqualTo(Result.BROKEN);
        return parser.error();
    }

    @Test
    void arraysOfBulkStringsAreCommands() {
        assertThat(whole("*2\r\n$3\r\nGET\r\n$1\r\na\r\n")).containsExactly("GET", "a");
        assertThat(whole("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\na\r\nb\r\n"))
                .containsExactly("SET", "", "a\r\nb");
    }

    @Test
    void strangersMaySendSmallCommandsOnly() {
        CommandParser parser = new CommandParser(new RespLimits(1 << 20, 1000, 64, 5 << 20, 16));
        parser.setStranger(true);
        assertThat(parser.parse(bytes("*10\r\n$16384\r\n"))).isEqualTo(Result.MORE);
        parser.next();
        assertThat(parser.parse(bytes("*11\r\n"))).isEqualTo(Result.BROKEN);
        assertThat(parser.error()).isEqualTo("Protocol error: unauthenticated multibulk length");
        parser.next();
        assertThat(parser.parse(bytes("*2\r\n$16385\r\n"))).isEqualTo(Result.BROKEN);
        assertThat(parser.error()).isEqualTo("Protocol error: unauthenticated bulk length");
        parser.next();
        parser.setStranger(false);
        assertThat(parser.parse(bytes("*11\r\n$16385\r\n"))).isEqualTo(Result.MORE);
    }

    @Test
    void wordsOnALineAreCommandsToo() {
        assertThat(whole("PING\r\n")).containsExactly("PING");
        assertThat(whole("  set  a   b \n")).containsExactly("set", "a", "b");
        assertThat(whole("set \"a b\" 'c\\'d' \"\\x41\\n\\\"\"\r\n"))
                .containsExactly("set", "a b", "c'd", "A\n\"");
        assertThat(whole("echo \"\"\r\n")).containsExactly("echo", "");
    }

    @Test
    void nothingIsNoCommand() {
        for (String text : List.of("\r\n", "*0\r\n", "*-1\r\n", "   \r\n")) {
            parser.next();
            assertThat(parser.parse(bytes(text))).as(text).isEqualTo(Result.NOTHING);
            assertThat(parser.consumed()).isEqualTo(text.length());
        }
    }

    @Test
    void whatIsMalformedIsToldAsRedisTellsIt() {
        assertThat(broken("*x\r\n")).isEqualTo("Protocol error: invalid multibulk length");
        assertThat(broken("*21\r\n")).isEqualTo("Protocol error: invalid multibulk length");
        assertThat(broken("*1\r\n:3\r\n")).isEqualTo("Protocol error: expected '$', got ':'");
        assertThat(broken("*1\r\n$-1\r\n")).isEqualTo("Protocol error: invalid bulk length");
        assertThat(broken("*1\r\n$1001\r\n")).isEqualTo("Protocol error: invalid bulk length");
        assertThat(broken("*1\r\n$99999999999999999999\r\n"))
                .isEqualTo("Protocol error: invalid bulk length");
        assertThat(broken("set 'a\r\n")).isEqualTo("Protocol error: unbalanced quotes in request");
        assertThat(broken("x".repeat(65))).isEqualTo("Protocol error: too big inline request");
        assertThat(broken("*" + "1".repeat(65)))
                .isEqualTo("Protocol error: too big mbulk count string");
        assertThat(broken("*1\r\n$" + "1".repeat(65)))
                .isEqualTo("Protocol error: too big bulk count string");
    }

    /** However the bytes are cut, the same commands come out, in the same order. */
    @Test
    void commandsMayComeInAnyPieces() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 300; round++) {
            List<List<String>> sent = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                sent.add(command(random, text));
            }
            assertThat(inPieces(text.toString(), random)).isEqualTo(sent);
        }
    }

    private static List<String> command(SplittableRandom random, StringBuilder text) {
        List<String> words = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        text.append('*').append(count).append("\r\n");
        for (int i = 0; i < count; i++) {
            StringBuilder word = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                word.append("ab\r\n$*".charAt(random.nextInt(6)));
            }
            words.add(word.toString());
            text.append('$').append(length).append("\r\n").append(word).append("\r\n");
        }
        return words;
    }

    private List<List<String>> inPieces(String text, SplittableRandom random) {
        List<List<String>> found = new ArrayList<>();
        ByteBuf in = Unpooled.buffer();
        parser.next();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(20));
            in.writeBytes(text.substring(at, end).getBytes(ISO_8859_1));
            at = end;
            while (in.isReadable() && parser.parse(in) == Result.COMMAND) {
                found.add(words(in));
                in.skipBytes(parser.consumed());
                parser.next();
                if (random.nextBoolean()) {
                    in.discardReadBytes();
                }
            }
        }
        assertThat(in.isReadable()).isFalse();
        return found;
    }
}
