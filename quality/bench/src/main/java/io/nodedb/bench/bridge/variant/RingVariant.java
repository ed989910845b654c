package io.nodedb.bench.bridge.variant;

import io.nodedb.bridge.ring.SpscRing;
import org.jspecify.annotations.Nullable;

/** A bounded queue of references from one thread to one other, in one of several designs. */
public interface RingVariant<T> {
    /** Producer. False when the ring is full, or when the design can't tell that it is not. */
    boolean offer(T element);

    /** Consumer. Null when there is nothing, or nothing that the producer has published yet. */
    @Nullable T poll();

    /** Producer: makes visible what a design may have kept back. */
    default void flush() {}

    /** The designs, each with where it comes from. */
    enum Design {
        /** Ours. */
        STANDING("slots as news, look-ahead of three quarters"),
        LAMPORT("positions with cached copies (Lamport 1977)"),
        FAST_FORWARD("slots as news, no look-ahead (FastForward, PPoPP 2008)"),
        QUARTER_AHEAD("slots as news, look-ahead of a quarter"),
        B_QUEUE("slots as news, look-ahead halved until it fits (B-Queue, IJPP 2013)"),
        MC_RING("positions published in batches (MCRingBuffer, IPDPS 2010)");

        private final String title;

        Design(String title) {
            this.title = title;
        }

        /** In words, with its source. */
        public String title() {
            return title;
        }

        /** A new ring; {@code capacity} is a power of two. */
        public <T> RingVariant<T> create(int capacity) {
            return switch (this) {
                case STANDING -> new Standing<>(new SpscRing<>(capacity));
                case LAMPORT -> new LamportRing<>(capacity);
                case FAST_FORWARD -> new FastForwardRing<>(capacity);
                case QUARTER_AHEAD -> new LookAheadRing<>(capacity);
                case B_QUEUE -> new BacktrackingRing<>(capacity);
                case MC_RING -> new BatchedRing<>(capacity);
            };
        }
    }

    /** The ring that stands, under this contract. */
    record Standing<T>(SpscRing<T> ring) implements RingVariant<T> {
        @Override
        public boolean offer(T element) {
            return ring.offer(element);
        }

        @Override
        public @Nullable T poll() {
            return ring.poll();
        }
    }
}
