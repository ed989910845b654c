package io.nodedb.base.value;

import io.nodedb.base.value.Value.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A DECIMAL as bytes, exact with its scale:
 *
 * <pre>
 * varint   scale * 4 + form        form: 0 finite, 1 NaN, 2 infinity, 3 minus infinity
 * bytes    the unscaled number, two's complement, big-endian, shortest; none unless finite
 * </pre>
 *
 * The length is the enclosing format's. Three bytes for an amount of money up to 327.67.
 */
public final class DecimalFormat {
    private DecimalFormat() {}

    public static void write(Decimal value, ByteWriter target) {
        target.putVarint((long) value.digits().scale() << 2 | value.form().number());
        if (value.isFinite()) {
            target.putBytes(value.digits().unscaledValue().toByteArray());
        }
    }

    /** Reads to the end of {@code source}. */
    public static Decimal read(ByteReader source) {
        long head = source.getVarint();
        long scale = head >>> 2;
        if (scale > Decimal.MAX_SCALE) {
            throw source.corrupted("a decimal's scale is out of bounds: scale=" + scale);
        }
        Decimal.Form form = Decimal.Form.ofNumber((int) (head & 3));
        if (form != Decimal.Form.FINITE) {
            if (scale != 0 || source.remaining() > 0) {
                throw source.corrupted("a special decimal has digits");
            }
            return new Decimal(BigDecimal.ZERO, form);
        }
        byte[] unscaled = source.getBytes(source.remaining());
        if (unscaled.length == 0) {
            throw source.corrupted("a decimal has no digits");
        }
        BigDecimal digits = new BigDecimal(new BigInteger(unscaled), (int) scale);
        if ((long) digits.precision() - scale > Decimal.MAX_INTEGER_DIGITS) {
            throw source.corrupted("a decimal has too many digits");
        }
        return new Decimal(digits, form);
    }
}
