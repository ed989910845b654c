package io.nodedb.kv;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How long a command may wait for something, as its client says it: seconds, with a fraction, 0 for
 * ever. As in Redis 7.0, what 64 bits can't count in milliseconds is called negative.
 *
 * @param millis 0 for ever
 * @param error why the text tells no time, or empty
 */
@Immutable
public record WaitTimeout(long millis, String error) {
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1000);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final WaitTimeout NO_NUMBER =
            new WaitTimeout(0, "ERR timeout is not a float or out of range");
    private static final WaitTimeout TOO_LONG = new WaitTimeout(0, "ERR timeout is out of range");
    private static final WaitTimeout NEGATIVE = new WaitTimeout(0, "ERR timeout is negative");

    public boolean isValid() {
        return error.isEmpty();
    }

    /** Of a command that {@link Command#mayWait}, at a time of the wall clock. */
    public static WaitTimeout of(Command command, Arguments arguments, long nowMillis) {
        boolean first = command == Command.BLMPOP || command == Command.BZMPOP;
        int at = first ? 0 : arguments.count() - 1;
        return of(arguments.bytes(), arguments.offset(at), arguments.length(at), nowMillis);
    }

    static WaitTimeout of(byte[] text, int from, int length, long nowMillis) {
        LongDouble.Parsed seconds = LongDouble.parse(text, from, length);
        return switch (seconds.kind()) {
            case INVALID -> NO_NUMBER;
            case INFINITE -> NEGATIVE;
            case FINITE -> {
                BigDecimal millis = seconds.value().multiply(MILLIS_PER_SECOND);
                if (millis.compareTo(MOST) > 0) {
                    yield NEGATIVE;
                }
                BigDecimal whole = millis.setScale(0, RoundingMode.CEILING);
                if (whole.signum() < 0) {
                    yield NEGATIVE;
                }
                long wait = whole.longValue();
                yield wait > Long.MAX_VALUE - nowMillis ? TOO_LONG : new WaitTimeout(wait, "");
            }
        };
    }
}
