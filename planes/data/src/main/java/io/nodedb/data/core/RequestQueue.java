package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue of requests, linked through {@link Request#next}; a request is in at
 * most one queue.
 */
@CoreOwned
final class RequestQueue {
    private @Nullable Request<Call> head;
    private @Nullable Request<Call> tail;
    private int size;

    void add(Request<Call> request) {
        request.next = null;
        if (tail == null) {
            head = request;
        } else {
            tail.next = request;
        }
        tail = request;
        size++;
    }

    void addFirst(Request<Call> request) {
        request.next = head;
        head = request;
        if (tail == null) {
            tail = request;
        }
        size++;
    }

    /** Moves everything of {@code other} behind what is here. */
    void append(RequestQueue other) {
        if (other.head == null) {
            return;
        }
        if (tail == null) {
            head = other.head;
        } else {
            tail.next = other.head;
        }
        tail = other.tail;
        size += other.size;
        other.head = null;
        other.tail = null;
        other.size = 0;
    }

    @Nullable Request<Call> poll() {
        Request<Call> first = head;
        if (first == null) {
            return null;
        }
        head = first.next;
        if (head == null) {
            tail = null;
        }
        first.next = null;
        size--;
        return first;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }
}
