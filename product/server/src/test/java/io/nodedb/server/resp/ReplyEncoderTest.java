package io.nodedb.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nodedb.plan.kv.command.Reply;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReplyEncoderTest {
    private static String encoded(boolean resp3, Consumer<Reply> content) {
        Reply reply = new Reply();
        content.accept(reply);
        ReplyEncoder encoder = new ReplyEncoder();
        encoder.useResp3(resp3);
        ByteBuf out = Unpooled.buffer();
        encoder.encode(reply.bytes(), 0, reply.length(), out);
        assertThat(encoder.isBetween()).isTrue();
        return out.toString(ISO_8859_1);
    }

    private static void both(Consumer<Reply> content, String resp2, String resp3) {
        assertThat(encoded(false, content)).isEqualTo(resp2);
        assertThat(encoded(true, content)).isEqualTo(resp3);
    }

    @Test
    void everyElementIsWrittenAsItsProtocolWantsIt() {
        both(Reply::ok, "+OK\r\n", "+OK\r\n");
        both(reply -> reply.error("ERR no"), "-ERR no\r\n", "-ERR no\r\n");
        both(reply -> reply.bulk("ab"), "$2\r\nab\r\n", "$2\r\nab\r\n");
        both(reply -> reply.bulk(""), "$0\r\n\r\n", "$0\r\n\r\n");
        both(Reply::nil, "$-1\r\n", "_\r\n");
        both(Reply::nullArray, "*-1\r\n", "_\r\n");
        both(reply -> reply.bool(true), ":1\r\n", "#t\r\n");
        both(reply -> reply.number(1.5), "$3\r\n1.5\r\n", ",1.5\r\n");
        both(reply -> reply.array(3), "*3\r\n", "*3\r\n");
        both(reply -> reply.set(3), "*3\r\n", "~3\r\n");
        both(reply -> reply.map(3), "*6\r\n", "%3\r\n");
        both(reply -> reply.push(3), "*3\r\n", ">3\r\n");
    }

    @Test
    void integersOfEveryLengthAreWrittenWhole() {
        for (long value = 1; value > 0; value *= 10) {
            long number = value;
            for (long near : new long[] {number - 1, number, -number}) {
                assertThat(encoded(false, reply -> reply.integer(near)))
                        .isEqualTo(":" + near + "\r\n");
            }
        }
        for (long extreme : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(encoded(false, reply -> reply.integer(extreme)))
                    .isEqualTo(":" + extreme + "\r\n");
        }
    }

    /** As redis-server 7.0.15 answers ZSCORE. */
    @Test
    void realNumbersHaveSeventeenDigits() {
        assertThat(RealText.of(3.3)).isEqualTo("3.2999999999999998");
        assertThat(RealText.of(0.1)).isEqualTo("0.10000000000000001");
        assertThat(RealText.of(1e16)).isEqualTo("10000000000000000");
        assertThat(RealText.of(1e17)).isEqualTo("1e+17");
        assertThat(RealText.of(12345678901234567L)).isEqualTo("12345678901234568");
        assertThat(RealText.of(0.0001)).isEqualTo("0.0001");
        assertThat(RealText.of(0.00001)).isEqualTo("1.0000000000000001e-05");
        assertThat(RealText.of(1.5e-7)).isEqualTo("1.4999999999999999e-07");
        assertThat(RealText.of(123456.789)).isEqualTo("123456.789");
        assertThat(RealText.of(-1e20)).isEqualTo("-1e+20");
        assertThat(RealText.of(Double.POSITIVE_INFINITY)).isEqualTo("inf");
        assertThat(RealText.of(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
        assertThat(RealText.of(Double.NaN)).isEqualTo("nan");
    }

    /** Streamed replies end anywhere. */
    @Test
    void replyInPiecesIsWrittenAsAWhole() {
        Reply reply = new Reply();
        reply.array(4);
        reply.bulk("hello");
        reply.integer(123456789);
        reply.number(2.5);
        reply.bulk("x".repeat(300));
        String whole = encoded(true, same -> copy(reply, same));
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 500; round++) {
            ReplyEncoder encoder = new ReplyEncoder();
            encoder.useResp3(true);
            ByteBuf out = Unpooled.buffer();
            int at = 0;
            while (at < reply.length()) {
                int length = Math.min(reply.length() - at, 1 + random.nextInt(30));
                encoder.encode(reply.bytes(), at, length, out);
                at += length;
            }
            assertThat(out.toString(ISO_8859_1)).isEqualTo(whole);
        }
    }

    private static void copy(Reply from, Reply to) {
        int at = to.raw(from.length());
        System.arraycopy(from.bytes(), 0, to.bytes(), at, from.length());
    }
}
