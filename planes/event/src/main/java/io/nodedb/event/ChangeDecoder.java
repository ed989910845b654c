package io.nodedb.event;

import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Effects into changes. */
final class ChangeDecoder {
    private ChangeDecoder() {}

    /**
     * The change of the reader's present operation; null when it is none that a key-value feed
     * tells (an engine's own kind, or a part of a key's value).
     */
    static @Nullable Change decode(
            EffectReader effect, long lsn, int sequence, int partition, byte source) {
        if (effect.isPart()) {
            return null;
        }
        Operation operation =
                switch (effect.kind()) {
                    case EffectFormat.PUT ->
                            effect.hasPrior() && !effect.priorExisted()
                                    ? Operation.INSERT
                                    : Operation.UPDATE;
                    case EffectFormat.DELETE ->
                            effect.expired() ? Operation.EXPIRE : Operation.DELETE;
                    default -> null;
                };
        if (operation == null) {
            return null;
        }
        return new Change(
                lsn,
                sequence,
                partition,
                effect.collection(),
                operation,
                source,
                copy(effect, effect.keyOffset(), effect.keyLength()),
                effect.hasPrior(),
                effect.priorExisted()
                        ? copy(effect, effect.priorOffset(), effect.priorLength())
                        : null,
                effect.kind() == EffectFormat.PUT
                        ? copy(effect, effect.valueOffset(), effect.valueLength())
                        : null);
    }

    private static byte[] copy(EffectReader effect, int offset, int length) {
        return Arrays.copyOfRange(effect.buffer(), offset, offset + length);
    }
}
