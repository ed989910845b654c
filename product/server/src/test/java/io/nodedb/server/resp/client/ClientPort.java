package io.nodedb.server.resp.client;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** One connection of a client library, as far as {@link ClientContract} needs it. */
interface ClientPort extends AutoCloseable {
    void set(String key, String value);

    @Nullable String get(String key);

    /** Appends to a list. */
    void push(String key, String item);

    /** What the library throws for an error reply. */
    Class<? extends RuntimeException> refusal();

    /** Sends that many INCRs before it reads a reply; the replies. */
    List<Long> incrementTogether(String key, int count) throws Exception;

    void watch(String key);

    /** SET and INCR between MULTI and EXEC; the replies, or null when a watched key had changed. */
    @Nullable List<Object> setAndIncrement(String key, String value);

    long publish(String channel, String message);

    /**
     * Listens on another connection and adds what it hears: {@code subscribed NAME}, {@code
     * CHANNEL: MESSAGE}, {@code PATTERN CHANNEL: MESSAGE}.
     */
    Subscription subscribe(String channel, BlockingQueue<String> heard);

    /** Every key that matches, by pages of about so many; one may come twice. */
    List<String> scan(String pattern, int page);

    @Override
    void close();

    /** What listens to channels. */
    interface Subscription {
        void addPattern(String pattern);

        /** Returns when the server knows that it is over. */
        void end() throws InterruptedException;
    }
}
