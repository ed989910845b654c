package io.nodedb.bench.bridge;

import io.nodedb.bench.bridge.ElementQueue.Element;
import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;

/**
 * References through a queue. The consumer compares the number in every element with the one that
 * must come next, so that none may be lost, doubled or reordered, nor its reading dropped as dead.
 */
public final class ElementTrial implements Trial {
    /** The default size of the bridge's rings. */
    static final int CAPACITY = 4_096;

    /** More than the queue holds, so that an element is back before it is sent again. */
    private static final int ELEMENTS = 2 * CAPACITY;

    @Override
    public void run(TrialInput input, TrialOutput output) throws InterruptedException {
        ElementQueue queue = ElementQueue.of(input.text("contestant"), CAPACITY);
        Element[] elements = new Element[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            elements[i] = new Element(i);
        }
        Transfer transfer =
                new Transfer(
                        count -> produce(queue, elements, count),
                        count -> consume(queue, count),
                        input.number("count"));
        output.tell(
                input.text("work"),
                transfer.measure(input.count("warmUps"), input.count("rounds")));
    }

    private static long produce(ElementQueue queue, Element[] elements, long count) {
        for (long i = 0; i < count; i++) {
            Element element = elements[(int) i & (ELEMENTS - 1)];
            while (!queue.offer(element)) {
                Thread.onSpinWait();
            }
        }
        queue.flush();
        return 0;
    }

    private static long consume(ElementQueue queue, long count) {
        long wrong = 0;
        for (long i = 0; i < count; i++) {
            Element element = queue.poll();
            while (element == null) {
                Thread.onSpinWait();
                element = queue.poll();
            }
            if (element.number() != ((int) i & (ELEMENTS - 1))) {
                wrong++;
            }
        }
        return wrong;
    }
}
