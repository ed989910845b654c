package io.nodedb.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SnapshotRegistryTest {
    private final AtomicLong ackingLsn = new AtomicLong();
    private final SnapshotRegistry registry = new SnapshotRegistry(ackingLsn::get, 128);

    private SnapshotHandle at(long lsn, long nowMillis) {
        ackingLsn.set(lsn);
        SnapshotHandle handle = new SnapshotHandle();
        assertThat(registry.register(handle, nowMillis)).isTrue();
        assertThat(handle.lsn()).isEqualTo(lsn);
        return handle;
    }

    @Test
    void nothingIsNeededWithoutSnapshots() {
        assertThat(registry.needed(0, Long.MAX_VALUE)).isFalse();
        assertThat(registry.oldest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aVersionIsNeededBySnapshotsFromItsCommitToTheOneThatSupersedesIt() {
        SnapshotHandle handle = at(10, 0);
        assertThat(registry.needed(10, 11)).isTrue();
        assertThat(registry.needed(3, 11)).isTrue();
        assertThat(registry.needed(3, 10)).isFalse();
        assertThat(registry.needed(11, 20)).isFalse();
        registry.release(handle);
        assertThat(registry.needed(10, 11)).isFalse();
    }

    @Test
    void aSnapshotOfAnEmptyLogIsRegisteredAtZero() {
        at(0, 0);
        assertThat(registry.needed(0, 1)).isTrue();
        assertThat(registry.oldest()).isZero();
    }

    @Test
    void versionsBetweenTwoSnapshotsAreNotNeeded() {
        at(10, 0);
        at(30, 0);
        assertThat(registry.needed(11, 30)).isFalse();
        assertThat(registry.needed(11, 31)).isTrue();
        assertThat(registry.oldest()).isEqualTo(10);
    }

    @Test
    void registrationIsRefusedWhenAllSlotsAreTakenAndWorksAgainAfterARelease() {
        List<SnapshotHandle> handles = new ArrayList<>();
        for (int i = 0; i < registry.capacity(); i++) {
            handles.add(at(i, 0));
        }
        SnapshotHandle more = new SnapshotHandle();
        assertThat(registry.register(more, 0)).isFalse();
        assertThat(more.isRegistered()).isFalse();
        registry.release(handles.get(77));
        assertThat(registry.register(more, 0)).isTrue();
        assertThat(more.slot()).isEqualTo(77);
    }

    @Test
    void anExpiredSnapshotIsInvalidAndKeepsNothing() {
        SnapshotHandle old = at(10, 1_000);
        SnapshotHandle young = at(20, 5_000);
        assertThat(registry.expire(6_001, 5_000)).isEqualTo(1);
        assertThat(registry.isValid(old.slot(), old.lsn())).isFalse();
        assertThat(registry.isValid(young.slot(), young.lsn())).isTrue();
        assertThat(registry.needed(10, 11)).isFalse();
        assertThat(registry.oldest()).isEqualTo(20);
    }

    @Test
    void theSlotOfAnExpiredSnapshotIsNotReusedBeforeItsOwnerReleasesIt() {
        SnapshotHandle old = at(10, 0);
        registry.expire(10_000, 5_000);
        SnapshotHandle next = at(10, 10_000);
        assertThat(next.slot()).isNotEqualTo(old.slot());
        registry.release(old);
        assertThat(at(10, 10_000).slot()).isZero();
    }

    @Test
    void aBackupsSnapshotNeverExpires() {
        SnapshotHandle backup = new SnapshotHandle();
        registry.registerForBackup(backup);
        assertThat(registry.expire(Long.MAX_VALUE - 1, 0)).isZero();
        assertThat(registry.isValid(backup.slot(), backup.lsn())).isTrue();
    }

    @Test
    void releasingTwiceIsHarmlessAndRegisteringTwiceIsABug() {
        SnapshotHandle handle = at(10, 0);
        assertThatThrownBy(() -> registry.register(handle, 0)).isInstanceOf(BugException.class);
        registry.release(handle);
        registry.release(handle);
        assertThat(registry.registered()).isZero();
    }

    @Test
    void registrationRepeatsUntilTheLsnStoodStillWhileItWasPublished() {
        AtomicLong reads = new AtomicLong();
        // 1, 2 (moved on), 3, 3: the third value is the first that stands.
        SnapshotRegistry moving =
                new SnapshotRegistry(() -> Math.min(3, reads.incrementAndGet()), 64);
        SnapshotHandle handle = new SnapshotHandle();
        moving.register(handle, 0);
        assertThat(handle.lsn()).isEqualTo(3);
        assertThat(moving.oldest()).isEqualTo(3);
    }
}
