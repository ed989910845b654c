package io.nodedb.control.dispatch;

/** Told on the lane thread that an exchange has its answer. Short; never waits; never throws. */
@FunctionalInterface
public interface AnswerListener {
    void answered(Exchange<?> exchange);
}
