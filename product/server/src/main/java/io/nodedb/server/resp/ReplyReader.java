package io.nodedb.server.resp;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Reply;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads a {@link Reply} element by element. */
@ControlPlane
final class ReplyReader {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Stands for no bulk string. */
    static final byte[] NIL = {};

    private final byte[] bytes;
    private int at;

    ReplyReader(Reply reply) {
        bytes = reply.bytes();
    }

    /** The next element's tag. */
    byte tag() {
        return bytes[at];
    }

    long integer() {
        expect(Reply.INTEGER);
        long value = (long) LONG.get(bytes, at + 1);
        at += 9;
        return value;
    }

    /** Elements of an array. */
    int array() {
        expect(Reply.ARRAY);
        int elements = (int) INT.get(bytes, at + 1);
        at += 5;
        return elements;
    }

    byte[] bulk() {
        expect(Reply.BULK);
        int length = (int) INT.get(bytes, at + 1);
        byte[] content = Arrays.copyOfRange(bytes, at + 5, at + 5 + length);
        at += 5 + length;
        return content;
    }

    /** A bulk string, or {@link #NIL} itself. */
    byte[] bulkOrNil() {
        if (bytes[at] == Reply.NULL) {
            at++;
            return NIL;
        }
        return bulk();
    }

    private void expect(byte tag) {
        Check.that(bytes[at] == tag, "an element's tag", tag, bytes[at]);
    }
}
