package io.nodedb.data.failure;

import io.nodedb.base.ownership.CoreOwned;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the requests that failed unexpectedly, so that a poison pill is refused instead of
 * failing again.
 *
 * <p>The fingerprint of a request is its shape (tenant, collection, operation) and the hash of its
 * bound values. The exact request is refused for the refusal time from its second failure on. When
 * requests of one shape fail with different values, the whole shape is refused. A fingerprint
 * counts at most twice for the watchdog, so that one caller's repetition never degrades the core
 * for everyone. The newest fingerprints are kept, up to a bound.
 *
 * <p>Asking costs one comparison while nothing is refused.
 */
@CoreOwned
public final class PoisonRegistry {
    private final int capacity;
    private final int mostFailures;
    private final long refusalNanos;
    private final long windowNanos;
    private final Map<Fingerprint, Failures> exact;
    private final Map<Shape, Failures> shapes;
    private boolean refusing;
    private long latestRefusalNanos;

    /**
     * {@code mostFailures}: from so many on an exact request is refused, and so often it counts for
     * the watchdog.
     */
    public PoisonRegistry(int capacity, int mostFailures, long refusalNanos, long windowNanos) {
        this.capacity = capacity;
        this.mostFailures = mostFailures;
        this.refusalNanos = refusalNanos;
        this.windowNanos = windowNanos;
        this.exact = new Eldest<>();
        this.shapes = new Eldest<>();
    }

    /** False while no request is refused: the hot path asks no further. */
    public boolean refusesAny(long nowNanos) {
        return refusing && latestRefusalNanos - nowNanos > 0;
    }

    /** Milliseconds for which this request is still refused; 0 when it may run. */
    public long refusedMillis(
            int tenant, int collection, int operation, long valuesHash, long nowNanos) {
        Shape shape = new Shape(tenant, collection, operation);
        long nanos =
                Math.max(
                        remaining(shapes.get(shape), nowNanos),
                        remaining(exact.get(new Fingerprint(shape, valuesHash)), nowNanos));
        return nanos <= 0 ? 0 : (nanos + 999_999) / 1_000_000;
    }

    /** Records an unexpected failure. @return true when it counts for the watchdog */
    public boolean failed(
            int tenant, int collection, int operation, long valuesHash, long nowNanos) {
        Shape shape = new Shape(tenant, collection, operation);
        Fingerprint fingerprint = new Fingerprint(shape, valuesHash);
        Failures same = exact.remove(fingerprint);
        if (same == null) {
            same = new Failures();
        }
        same.count++;
        exact.put(fingerprint, same);
        if (same.count >= mostFailures) {
            refuse(same, nowNanos);
        }
        Failures ofShape = shapes.remove(shape);
        if (ofShape == null || nowNanos - ofShape.firstNanos > windowNanos) {
            ofShape = ofShape == null ? new Failures() : ofShape;
            ofShape.firstValues = valuesHash;
            ofShape.firstNanos = nowNanos;
        } else if (ofShape.firstValues != valuesHash) {
            refuse(ofShape, nowNanos);
        }
        shapes.put(shape, ofShape);
        return same.count <= mostFailures;
    }

    private void refuse(Failures failures, long nowNanos) {
        failures.refuse(nowNanos + refusalNanos);
        refusing = true;
        latestRefusalNanos = nowNanos + refusalNanos;
    }

    /** Fingerprints remembered now. */
    public int size() {
        return exact.size();
    }

    private static long remaining(
            @org.jspecify.annotations.Nullable Failures failures, long nowNanos) {
        return failures == null || !failures.refused ? 0 : failures.refusedUntilNanos - nowNanos;
    }

    private record Shape(int tenant, int collection, int operation) {}

    private record Fingerprint(Shape shape, long valuesHash) {}

    private static final class Failures {
        int count;
        long firstValues;
        long firstNanos;
        boolean refused;
        long refusedUntilNanos;

        void refuse(long untilNanos) {
            refused = true;
            refusedUntilNanos = untilNanos;
        }
    }

    /** Keeps the newest {@link #capacity} entries. */
    private final class Eldest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
        }
    }
}
