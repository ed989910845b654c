package io.nodedb.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.Change;
import io.nodedb.ChangeFeed;
import io.nodedb.CollectionSettings;
import io.nodedb.KeyValue;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import org.junit.jupiter.api.Test;

/** Change feeds as callers of a database see them. */
class FeedPortTest {
    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void assertTooOld(ChangeFeed feed) {
        assertThatThrownBy(feed::poll)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.LSN_TOO_OLD));
    }

    @Test
    void aFeedThatLagsBehindMoreThanWalKeepIsToldSoForEverAndANewOneGoesOnFromNow() {
        try (SteppedDatabase stepped =
                new SteppedDatabase(
                        "wal_keep",
                        "512KiB",
                        "subscription_queue",
                        "4",
                        "checkpoint_interval",
                        "1s")) {
            KeyValue kv = stepped.db.kv("c", CollectionSettings.DEFAULTS.withFeed());
            KeyValue silent = stepped.db.kv("silent");
            kv.put(bytes("first"), bytes("1"));
            stepped.run(1_000);
            try (ChangeFeed lagging = stepped.db.changes(0)) {
                Change first = lagging.poll();
                assertThat(first).isNotNull();
                assertThat(first.key()).isEqualTo(bytes("first"));
                for (int round = 0; round < 5; round++) {
                    for (int i = 0; i < 100; i++) {
                        kv.put(bytes("k" + i), new byte[8_000]);
                        silent.put(bytes("k" + i), new byte[8_000]);
                    }
                    stepped.run(3_000);
                }
                assertTooOld(lagging);
                assertTooOld(lagging);
                long behind = lagging.position();
                assertThatThrownBy(
                                () -> {
                                    try (ChangeFeed again = stepped.db.changes(behind)) {
                                        again.poll();
                                    }
                                })
                        .hasMessageContaining("LSN_TOO_OLD");
            }
            long now = stepped.kernel.wal().progress().durableLsn();
            try (ChangeFeed fresh = stepped.db.changes(now)) {
                kv.put(bytes("last"), bytes("2"));
                silent.put(bytes("last"), bytes("2"));
                stepped.run(1_000);
                Change last = fresh.poll();
                assertThat(last).isNotNull();
                assertThat(last.collection()).isEqualTo("c");
                assertThat(last.key()).isEqualTo(bytes("last"));
                assertThat(fresh.poll()).as("collections without a feed are silent").isNull();
            }
        }
    }
}
