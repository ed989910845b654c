package io.nodedb.bridge.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.wake.Doorbell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaneTest {
    private static final LaneOptions OPTIONS =
            LaneOptions.DEFAULTS.withRequests(64).withChunks(8, 64, 2);

    /** A core that answers with the payload plus one, until it is told to stop. */
    private static final class Echo implements Runnable {
        private final LanePort<long[]> port;
        private final Doorbell doorbell;
        private final AtomicBoolean stopping;
        private final BooleanSupplier hasWork;

        Echo(LanePort<long[]> port, Doorbell doorbell, AtomicBoolean stopping) {
            this.port = port;
            this.doorbell = doorbell;
            this.stopping = stopping;
            this.hasWork = () -> port.hasWork() || stopping.get();
        }

        @Override
        public void run() {
            while (!stopping.get()) {
                for (Request<long[]> r = port.take(); r != null; r = port.take()) {
                    Chunk chunk = port.takeFreeChunk(r);
                    if (chunk != null) {
                        chunk.length = 1;
                        chunk.bytes[0] = (byte) r.payload[0];
                        port.pushPartial(chunk);
                    }
                    r.payload[0]++;
                    r.succeed(r.id);
                    port.answer(r);
                }
                port.flushAnswers();
                doorbell.await(hasWork, Long.MAX_VALUE);
            }
        }
    }

    private static List<Thread> start(
            Lane<long[]> lane, List<Doorbell> doorbells, AtomicBoolean stopping) {
        List<Thread> cores = new ArrayList<>();
        for (int core = 0; core < doorbells.size(); core++) {
            cores.add(
                    Thread.ofPlatform()
                            .start(new Echo(lane.port(core), doorbells.get(core), stopping)));
        }
        return cores;
    }

    private static void stop(List<Thread> cores, List<Doorbell> doorbells, AtomicBoolean stopping)
            throws InterruptedException {
        stopping.set(true);
        doorbells.forEach(Doorbell::ring);
        for (Thread core : cores) {
            core.join();
        }
    }

    private static final class Checker implements ResponseHandler<long[]> {
        private final Lane<long[]> lane;
        private long answered;
        private long wrong;

        Checker(Lane<long[]> lane) {
            this.lane = lane;
        }

        @Override
        public void onPartial(Chunk chunk) {
            if (chunk.length != 1) {
                wrong++;
            }
            lane.port(chunk.request().port.core()).giveBack(chunk);
        }

        @Override
        public void onFinal(Request<long[]> request) {
            answered++;
            if (request.payload[0] != request.id + 1 || request.watermarkLsn != request.id) {
                wrong++;
            }
            request.port.recycle(request);
        }

        @Override
        public void onExpired(Request<long[]> request, ErrorCode code) {
            wrong++;
        }
    }

    @Test
    void pipelinesToTwoCoresLoseNothing() throws Exception {
        AtomicBoolean stopping = new AtomicBoolean();
        try (LaneFixture fixture = new LaneFixture(OPTIONS, 2)) {
            Lane<long[]> lane = fixture.lane;
            List<Thread> cores = start(lane, fixture.coreDoorbells, stopping);
            Checker checker = new Checker(lane);
            long count = 100_000;
            for (long sent = 0; checker.answered < count; ) {
                for (int burst = 0; sent < count && burst < 20; burst++) {
                    Request<long[]> request = lane.port((int) (sent % 2)).acquire(0);
                    if (request == null) {
                        break;
                    }
                    request.payload[0] = request.id;
                    request.port.submit(request);
                    sent++;
                }
                lane.flush();
                if (lane.poll(checker, 50) == 0) {
                    lane.await(Long.MAX_VALUE);
                }
                lane.expire(System.nanoTime(), checker);
            }
            stop(cores, fixture.coreDoorbells, stopping);
            assertThat(checker.wrong).isZero();
            assertThat(lane.outstanding()).isZero();
        }
    }

    @Test
    void everyCallerOfTheSharedLaneGetsItsOwnAnswer() throws Exception {
        AtomicBoolean stopping = new AtomicBoolean();
        try (LaneFixture fixture = new LaneFixture(OPTIONS, 2)) {
            SharedLane<long[]> lane = new SharedLane<>(fixture.lane, SystemTimeSource.INSTANCE);
            List<Thread> cores = start(fixture.lane, fixture.coreDoorbells, stopping);
            Thread serving =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!stopping.get()) {
                                    if (!lane.step()) {
                                        lane.await();
                                    }
                                }
                            });
            AtomicLong wrong = new AtomicLong();
            List<Thread> callers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int self = t;
                callers.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = 0; i < 3_000; i++) {
                                        call(lane, i % 2, self * 1_000_000L + i, wrong);
                                    }
                                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(wrong).hasValue(0);
            assertThat(lane.outstanding()).isZero();
            stop(cores, fixture.coreDoorbells, stopping);
            fixture.lane.doorbell().ring();
            serving.join();
        }
    }

    /** One blocking call. */
    private static void call(SharedLane<long[]> lane, int core, long value, AtomicLong wrong) {
        Request<long[]> request = lane.acquire(core, 0);
        if (request == null) {
            throw new IllegalStateException("there are more slots than callers");
        }
        request.payload[0] = value;
        CountDownLatch done = new CountDownLatch(1);
        long[] answer = new long[1];
        request.attachment =
                new Completion<long[]>() {
                    @Override
                    public void complete(Request<long[]> answered) {
                        answer[0] = answered.payload[0];
                        lane.recycle(answered);
                        done.countDown();
                    }

                    @Override
                    public void completePartially(Chunk chunk) {
                        lane.giveBack(chunk);
                    }

                    @Override
                    public void expire(ErrorCode code) {
                        wrong.incrementAndGet();
                        done.countDown();
                    }
                };
        lane.submit(request);
        try {
            done.await();
        } catch (InterruptedException e) {
            wrong.incrementAndGet();
        }
        if (answer[0] != value + 1) {
            wrong.incrementAndGet();
        }
    }

    /** Notes what happens to one request. */
    private static final class Outcome implements Completion<long[]> {
        private final List<String> events = new ArrayList<>();

        @Override
        public void complete(Request<long[]> request) {
            events.add("complete");
        }

        @Override
        public void completePartially(Chunk chunk) {
            events.add("part");
        }

        @Override
        public void expire(ErrorCode code) {
            events.add(code.name());
        }
    }

    @Test
    void sharedLaneExpiresWhatIsNotAnswered() {
        AtomicLong now = new AtomicLong(1);
        try (LaneFixture fixture = new LaneFixture(OPTIONS, 1)) {
            SharedLane<long[]> lane = new SharedLane<>(fixture.lane, new SteppedTime(now));
            Request<long[]> request = lane.acquire(0, 0);
            Outcome outcome = new Outcome();
            request.attachment = outcome;
            request.deadlineNanos = 1;
            lane.submit(request);
            assertThat(lane.step()).isFalse();
            now.addAndGet(OPTIONS.graceNanos() + OPTIONS.leaseNanos());
            assertThat(lane.step()).isTrue();
            assertThat(outcome.events).containsExactly("DEADLINE_EXCEEDED");
            lane.port(0).answer(lane.port(0).take());
            assertThat(lane.step()).isFalse();
            assertThat(outcome.events).hasSize(1);
            assertThat(lane.outstanding()).isZero();
        }
    }

    @Test
    void sharedLaneForgetsAnAbandonedRequestOnce() {
        try (LaneFixture fixture = new LaneFixture(OPTIONS, 1)) {
            SharedLane<long[]> lane = new SharedLane<>(fixture.lane, SystemTimeSource.INSTANCE);
            Request<long[]> request = lane.acquire(0, 0);
            long id = request.id;
            assertThat(lane.abandon(request, id)).isFalse();
            Outcome outcome = new Outcome();
            request.attachment = outcome;
            lane.submit(request);
            assertThat(lane.abandon(request, id + 1)).isFalse();
            assertThat(lane.abandon(request, id)).isTrue();
            assertThat(lane.abandon(request, id)).isFalse();
            lane.port(0).answer(lane.port(0).take());
            assertThat(lane.step()).isFalse();
            assertThat(outcome.events).isEmpty();
            assertThat(lane.outstanding()).isZero();
        }
    }

    @Test
    void throwingCompletionLosesOnlyItself() {
        try (LaneFixture fixture = new LaneFixture(OPTIONS, 1)) {
            SharedLane<long[]> lane = new SharedLane<>(fixture.lane, SystemTimeSource.INSTANCE);
            Outcome good = new Outcome();
            Request<long[]> first = lane.acquire(0, 0);
            first.attachment =
                    new Completion<long[]>() {
                        @Override
                        public void complete(Request<long[]> request) {
                            throw new UnsupportedOperationException("completion");
                        }

                        @Override
                        public void completePartially(Chunk chunk) {}

                        @Override
                        public void expire(ErrorCode code) {}
                    };
            lane.submit(first);
            Request<long[]> second = lane.acquire(0, 0);
            second.attachment = good;
            lane.submit(second);
            LanePort<long[]> port = lane.port(0);
            port.answer(port.take());
            port.answer(port.take());
            assertThatThrownBy(lane::step).isInstanceOf(UnsupportedOperationException.class);
            assertThat(lane.step()).isTrue();
            assertThat(good.events).containsExactly("complete");
        }
    }

    @Test
    void sharedLaneNeedsACompletion() {
        try (LaneFixture fixture = new LaneFixture(OPTIONS, 1)) {
            SharedLane<long[]> lane = new SharedLane<>(fixture.lane, SystemTimeSource.INSTANCE);
            Request<long[]> request = lane.acquire(0, 0);
            assertThatThrownBy(() -> lane.submit(request)).isInstanceOf(BugException.class);
        }
    }
}
