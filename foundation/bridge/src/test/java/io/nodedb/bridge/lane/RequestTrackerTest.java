package io.nodedb.bridge.lane;

import static io.nodedb.bridge.lane.LaneFixture.take;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestTrackerTest {
    /** Close to overflow, because only differences of the clock mean something. */
    private static final long START = Long.MAX_VALUE - SECONDS.toNanos(10);

    private final LaneFixture fixture =
            new LaneFixture(LaneOptions.DEFAULTS.withRequests(256).withChunks(4, 64, 2), 1);
    private final LanePort<long[]> port = fixture.port();
    private final RequestTracker<long[]> tracker = fixture.lane.tracker();
    private final RecordingHandler handler = new RecordingHandler();

    @AfterEach
    void close() {
        fixture.close();
    }

    private int stepAfter(long seconds, long millis) {
        return tracker.step(
                START + SECONDS.toNanos(seconds) + MILLISECONDS.toNanos(millis), handler);
    }

    private Request<long[]> sendWithDeadline(long seconds) {
        Request<long[]> request = LaneFixture.acquire(port, 0);
        request.deadlineNanos = START + SECONDS.toNanos(seconds);
        request.attachment = "waiting";
        port.submit(request);
        return request;
    }

    @Test
    void answeredRequestsAreForgotten() {
        sendWithDeadline(1);
        assertThat(tracker.tracked()).isOne();
        port.answer(take(port));
        port.poll(handler, 1);
        assertThat(tracker.tracked()).isZero();
        assertThat(stepAfter(100, 0)).isZero();
    }

    @Test
    void overdueRequestIsAnsweredInTheCoresPlace() {
        Request<long[]> request = sendWithDeadline(20);
        take(port);
        assertThat(stepAfter(20, 0)).isZero();
        assertThat(stepAfter(21, 0)).isZero();
        assertThat(stepAfter(21, 200)).isOne();
        assertThat(handler.expired).containsExactly(request);
        assertThat(handler.codes).containsExactly(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(request.attachment).isNull();
        assertThat(request.markLogged()).isFalse();
        assertThat(stepAfter(100, 0)).isZero();
        assertThat(tracker.expired()).isOne();
        assertThat(port.outstanding()).isOne();
    }

    @Test
    void lateAnswerIsDroppedAndOnlyThenTheRequestRecycled() {
        Request<long[]> request = sendWithDeadline(1);
        take(port);
        stepAfter(5, 0);
        assertThat(port.acquire(0)).isNotSameAs(request);
        port.answer(request);
        assertThat(port.poll(handler, 10)).isZero();
        assertThat(handler.answered).isEmpty();
        assertThat(tracker.expired()).isZero();
        assertThat(port.acquire(0)).isSameAs(request);
    }

    @Test
    void loggedWriteHasAnUnknownOutcome() {
        Request<long[]> request = sendWithDeadline(1);
        take(port);
        assertThat(request.markLogged()).isTrue();
        assertThat(stepAfter(5, 0)).isOne();
        assertThat(handler.codes).containsExactly(ErrorCode.OUTCOME_UNKNOWN);
        port.answer(request);
        assertThat(port.poll(handler, 10)).isZero();
        assertThat(port.outstanding()).isZero();
    }

    @Test
    void withoutADeadlineTheLeaseCounts() {
        fixture.send();
        assertThat(stepAfter(0, 0)).isZero();
        assertThat(stepAfter(30, 900)).isZero();
        assertThat(stepAfter(31, 100)).isOne();
        assertThat(handler.codes).containsExactly(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void everyQuantumRenewsTheLease() {
        Request<long[]> request = fixture.send();
        take(port);
        assertThat(stepAfter(0, 0)).isZero();
        for (int second = 20; second < 200; second += 20) {
            request.renewLease(START + SECONDS.toNanos(second + 30));
            assertThat(stepAfter(second, 0)).isZero();
        }
        assertThat(stepAfter(210, 0)).isZero();
        assertThat(stepAfter(212, 0)).isOne();
    }

    @Test
    void deadlinesAreLookedAtOncePerInterval() {
        stepAfter(0, 0);
        sendWithDeadline(-100);
        assertThat(stepAfter(0, 0)).isOne();
        sendWithDeadline(-100);
        assertThat(stepAfter(0, RequestTracker.SCAN_MILLIS - 1)).isZero();
        assertThat(stepAfter(0, RequestTracker.SCAN_MILLIS)).isOne();
    }

    @Test
    void handlerMayAbandonAndSendOthers() {
        List<Request<long[]>> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(sendWithDeadline(1));
        }
        int[] calls = new int[1];
        tracker.step(
                START + SECONDS.toNanos(5),
                new ResponseHandler<>() {
                    @Override
                    public void onPartial(Chunk chunk) {
                        throw new IllegalStateException();
                    }

                    @Override
                    public void onFinal(Request<long[]> request) {
                        throw new IllegalStateException();
                    }

                    @Override
                    public void onExpired(Request<long[]> request, ErrorCode code) {
                        if (calls[0]++ == 0) {
                            sent.remove(request);
                            sent.forEach(port::abandon);
                            fixture.send();
                        }
                    }
                });
        assertThat(calls[0]).isOne();
        assertThat(tracker.tracked()).isOne();
        assertThat(tracker.expired()).isEqualTo(5);
    }

    /** Every request ends exactly once: answered or expired; every slot comes back. */
    @Test
    void everyRequestEndsExactlyOnce() {
        String given = System.getProperty("nodedb.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        String replay = "replay with -Dnodedb.seed=" + seed;
        Random random = new Random(seed);
        List<Request<long[]>> atCore = new ArrayList<>();
        long sent = 0;
        long ended = 0;
        long millis = 0;
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    Request<long[]> request = port.acquire(random.nextInt(3));
                    if (request != null) {
                        request.deadlineNanos =
                                START + MILLISECONDS.toNanos(millis + random.nextInt(3000));
                        port.submit(request);
                        sent++;
                    }
                }
                case 2 -> {
                    Request<long[]> request = port.take();
                    if (request != null) {
                        atCore.add(request);
                        if (random.nextBoolean()) {
                            request.markLogged();
                        }
                    }
                }
                case 3 -> {
                    if (!atCore.isEmpty()) {
                        port.answer(atCore.remove(random.nextInt(atCore.size())));
                    }
                }
                default -> {
                    millis += random.nextInt(100);
                    stepAfter(0, millis);
                    port.poll(handler, random.nextInt(10));
                    handler.answered.forEach(port::recycle);
                    ended += handler.answered.size() + handler.expired.size();
                    handler.answered.clear();
                    handler.expired.clear();
                }
            }
        }
        for (Request<long[]> r = port.take(); r != null; r = port.take()) {
            atCore.add(r);
        }
        atCore.forEach(port::answer);
        port.poll(handler, Integer.MAX_VALUE);
        handler.answered.forEach(port::recycle);
        ended += handler.answered.size();
        assertThat(ended).as(replay).isEqualTo(sent);
        assertThat(port.outstanding()).as(replay).isZero();
        assertThat(tracker.tracked()).as(replay).isZero();
        assertThat(tracker.expired()).as(replay).isZero();
    }
}
