package io.nodedb.data.probe;

import io.nodedb.plan.Call;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What goes wrong and where, for all {@link FaultyEngine}s of one test. */
public final class Faults {
    /** Calls of an engine that can be made to fail. */
    public enum Phase {
        TOUCH,
        EXECUTE,
        APPLY,
        STAMP,
        UNDO,
        REPLAY,
        MAINTAIN,
        EXPIRE,
        CHECKPOINT_BEGIN,
        CHECKPOINT_STEP
    }

    private final Map<Phase, Plan> plans = new EnumMap<>(Phase.class);

    /** Answers calls in the engine's place, or null to let it. */
    public @Nullable Interception interception;

    /** Do engines refuse to take what is to be written, for want of memory? */
    public BooleanSupplier noMemory = () -> false;

    /** Housekeeping that a tenant has beside the engine's: true when there is more of it. */
    public IntPredicate housekeeping = tenant -> false;

    /** Told of every look for what has expired of a tenant. */
    public IntConsumer expiring = tenant -> {};

    /** Takes a call's place: yields, waits, reads elsewhere. */
    @FunctionalInterface
    public interface Interception {
        /** The outcome, or null to let the engine execute the call. */
        @Nullable Integer execute(Call call, io.nodedb.engine.ExecutionContext context);
    }

    private static final class Plan {
        final Supplier<? extends Throwable> failure;
        final Predicate<Call> when;
        int skip;
        int times;

        Plan(Supplier<? extends Throwable> failure, Predicate<Call> when, int skip, int times) {
            this.failure = failure;
            this.when = when;
            this.skip = skip;
            this.times = times;
        }
    }

    /** The next {@code times} calls of the phase fail. */
    public void fail(Phase phase, int times, Supplier<? extends Throwable> failure) {
        plans.put(phase, new Plan(failure, call -> true, 0, times));
    }

    /** After {@code skip} calls of the phase that succeed, {@code times} fail. */
    public void failAfter(Phase phase, int skip, int times, Supplier<? extends Throwable> failure) {
        plans.put(phase, new Plan(failure, call -> true, skip, times));
    }

    /** Every execution of such a call fails. */
    public void failCalls(Predicate<Call> when, Supplier<? extends Throwable> failure) {
        plans.put(Phase.EXECUTE, new Plan(failure, when, 0, Integer.MAX_VALUE));
    }

    /** Nothing fails any more. */
    public void heal() {
        plans.clear();
    }

    void at(Phase phase, @Nullable Call call) {
        Plan plan = plans.get(phase);
        if (plan == null || plan.times == 0 || (call != null && !plan.when.test(call))) {
            return;
        }
        if (plan.skip > 0) {
            plan.skip--;
            return;
        }
        plan.times--;
        throw Faults.<RuntimeException>unchecked(plan.failure.get());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // throws any Throwable
    private static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }
}
