package io.nodedb.plan.kv.command;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * One command on keys of one partition, and its reply. The engine answers what a client did wrong
 * (wrong type, wrong argument) as an error reply, and the call itself succeeds; only what the
 * database can't do fails the call.
 */
public final class CommandCall extends Call {
    /** For {@link #onlyKey}: all of them, and another type is an error. */
    public static final int ALL_KEYS = -1;

    /** For {@link #onlyKey}: all of them, and another type is nothing. */
    public static final int ALL_WAITED_KEYS = -2;

    public Command command = Command.GET;
    public int collection;
    public final Arguments arguments = new Arguments();
    public final Reply reply = new Reply();

    /**
     * Draws whatever a command leaves to chance (SPOP, SRANDMEMBER): set by the sender, so that the
     * same call decides the same.
     */
    public long seed;

    /**
     * Within a batch: the reply that the batch was made for; an empty one stands for all but
     * errors. With any other the batch is not made, as when a watched key has changed. Null when
     * every reply will do.
     */
    public @Nullable Reply expected;

    /**
     * The client's right to wait until there is something to answer; null when nil will do. The
     * core keeps the call meanwhile.
     */
    public @Nullable WaitTicket ticket;

    /** The core has taken the {@link #ticket}: it answers, or puts it back when it can't. */
    public boolean ticketTaken;

    /**
     * Which of its keys a command looks at that has a {@link #ticket} and has waited, where
     * anything of another type is nothing; {@link #ALL_KEYS} of one that has not.
     */
    public int onlyKey = ALL_KEYS;

    /** Engine scratch: hash of the first key, between the rounds of touching what it leads to. */
    public long touchedHash;

    /** Engine scratch for a streamed answer: how many bytes of the reply have been sent. */
    public long streamed;

    /** Engine scratch for a streamed answer: what keeps the version that is being sent. */
    public long pin;

    /** Engine scratch for an answer that takes several quanta: where to go on. */
    public long resumeAt;

    /** Engine scratch for such an answer: the elements in it so far; 0 when none is under way. */
    public int resumed;

    /** Engine scratch for such an answer: the stamp of the version that it tells. */
    public long resumedStamp;

    /** Engine scratch for such an answer: how often it had to begin anew. */
    public int restarts;

    @Override
    public boolean writes() {
        return command.writes();
    }

    @Override
    public int operation() {
        return command.number();
    }

    @Override
    public int collection() {
        return collection;
    }

    @Override
    public long valuesHash() {
        long hash = KeyHash.of(arguments.bytes(), 0, arguments.totalLength());
        for (int i = 0; i < arguments.count(); i++) {
            hash = hash * 31 + arguments.length(i);
        }
        return hash;
    }

    @Override
    public void reset() {
        command = Command.GET;
        collection = 0;
        arguments.clear();
        seed = 0;
        expected = null;
        ticket = null;
        ticketTaken = false;
        onlyKey = ALL_KEYS;
        resetAnswer();
    }

    /** Is the reply, which has come, what the batch was made for? */
    public boolean isAsExpected() {
        Reply wanted = expected;
        if (wanted == null || wanted.length() == 0) {
            return wanted == null || !reply.isError();
        }
        return wanted.isSame(reply);
    }

    /** Core: may it answer? Then nobody else may, until {@link #putTicketBack}. */
    public boolean takeTicket() {
        WaitTicket wanted = ticket;
        ticketTaken = wanted != null && wanted.take();
        return ticketTaken;
    }

    /** Core: it does not answer after all; nothing when it has not taken the ticket. */
    public void putTicketBack() {
        WaitTicket taken = ticket;
        if (ticketTaken && taken != null) {
            ticketTaken = false;
            taken.putBack();
        }
    }

    /** Forgets the answer only. */
    public void resetAnswer() {
        reply.clear();
        streamed = 0;
        pin = 0;
        resumeAt = 0;
        resumed = 0;
        resumedStamp = 0;
        restarts = 0;
    }

    @Override
    public String toString() {
        return command + " collection=" + collection + " arguments=" + arguments.count();
    }
}
