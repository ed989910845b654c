package io.nodedb.bench.bridge;

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

    static ElementQueue of(String contestant, int capacity) {
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
}
