package io.nodedb.bench.bridge;

import io.nodedb.bench.bridge.variant.RingVariant;
import io.nodedb.bridge.ring.SpscRing;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of references from one thread to one other. In a trial's process only one of the
 * implementations is ever loaded, so that calls through here cost nothing.
 */
interface ElementQueue {
    /** What travels. */
    record Element(int number) {}

    /** False when it is full. */
    boolean offer(Element element);

    /** Null when it is empty. */
    @Nullable Element poll();

    /** Producer: nothing more comes for now; makes visible what is kept back for a batch. */
    default void flush() {}

    /** Before the name of a {@link RingVariant.Design}, the key of that variant. */
    String VARIANT = "variant:";

    static ElementQueue of(String contestant, int capacity) {
        if (contestant.startsWith(VARIANT)) {
            String design = contestant.substring(VARIANT.length());
            return new OfVariant(RingVariant.Design.valueOf(design).create(capacity));
        }
        return switch (contestant) {
            case "nodedb" -> new OfNodeDb(new SpscRing<>(capacity));
            case "jctools" -> new OfJcTools(new SpscVarHandleArrayQueue<>(capacity));
            case "agrona" -> new OfAgrona(new OneToOneConcurrentArrayQueue<>(capacity));
            default -> throw new IllegalArgumentException(contestant);
        };
    }

    record OfNodeDb(SpscRing<Element> ring) implements ElementQueue {
        @Override
        public boolean offer(Element element) {
            return ring.offer(element);
        }

        @Override
        public @Nullable Element poll() {
            return ring.poll();
        }
    }

    record OfJcTools(SpscVarHandleArrayQueue<Element> queue) implements ElementQueue {
        @Override
        public boolean offer(Element element) {
            return queue.offer(element);
        }

        @Override
        public @Nullable Element poll() {
            return queue.poll();
        }
    }

    record OfAgrona(OneToOneConcurrentArrayQueue<Element> queue) implements ElementQueue {
        @Override
        public boolean offer(Element element) {
            return queue.offer(element);
        }

        @Override
        public @Nullable Element poll() {
            return queue.poll();
        }
    }

    record OfVariant(RingVariant<Element> ring) implements ElementQueue {
        @Override
        public boolean offer(Element element) {
            return ring.offer(element);
        }

        @Override
        public @Nullable Element poll() {
            return ring.poll();
        }

        @Override
        public void flush() {
            ring.flush();
        }
    }
}
