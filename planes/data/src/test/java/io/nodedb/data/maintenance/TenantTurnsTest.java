package io.nodedb.data.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.metrics.PublishedLong;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantTurnsTest {
    private static final long SECOND = 1_000_000_000L;

    private final Map<Integer, PublishedLong> published = new HashMap<>();
    private final TenantTurns turns =
            new TenantTurns(
                    0, tenant -> published.computeIfAbsent(tenant, of -> new PublishedLong()));

    @Test
    void whoHasHadTheLeastIsNext() {
        turns.begin(List.of(1, 7, 9), 0);
        turns.worked(1, 30, true);
        turns.worked(7, 10, true);
        turns.worked(9, 20, true);
        assertThat(turns.next()).isEqualTo(7);
        turns.worked(7, 15, true);
        assertThat(turns.next()).isEqualTo(9);
        assertThat(published.get(7).get()).isEqualTo(25);
    }

    @Test
    void whoHasNothingLeftIsPassedOverUntilTheNextRound() {
        turns.begin(List.of(1, 7), 0);
        turns.worked(1, 30, true);
        turns.worked(7, 10, false);
        assertThat(turns.next()).isEqualTo(1);
        turns.worked(1, 30, false);
        assertThat(turns.next()).isEqualTo(TenantTurns.NOBODY);
        turns.begin(List.of(1, 7), 0);
        assertThat(turns.next()).isEqualTo(7);
    }

    @Test
    void whatWasNotUsedLongAgoBuysNothing() {
        turns.begin(List.of(1, 7), 0);
        turns.worked(1, 1_000_000, true);
        turns.begin(List.of(1, 7), 10 * SECOND);
        assertThat(turns.next()).isEqualTo(7);
        turns.worked(7, 1_000, true);
        assertThat(turns.next()).as("the other's million has faded").isEqualTo(1);
    }

    @Test
    void tenantThatComesLaterHasItsTurn() {
        turns.begin(List.of(1), 0);
        turns.worked(1, 5, true);
        turns.begin(List.of(1, 7), 0);
        assertThat(turns.next()).isEqualTo(7);
    }
}
