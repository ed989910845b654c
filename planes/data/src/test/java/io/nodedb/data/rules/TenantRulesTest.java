package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.memory.MemoryAccount;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.plan.kv.KvOp;
import org.junit.jupiter.api.Test;

/** What one tenant uses is not missing for the others. */
class TenantRulesTest {
    private static final int OTHER = 7;
    private static final int OTHERS_COLLECTION = CoreHarness.COLLECTION + 1;
    private static final int KEYS = 9_000;
    private static final String VALUE = "v".repeat(1_024);

    private static CoreHarness open(HarnessOptions options) {
        CoreHarness db = new CoreHarness(options);
        db.collections.put(OTHERS_COLLECTION, new CollectionOptions(false, OTHER));
        db.core()
                .partitions()
                .openCollection(OTHERS_COLLECTION, 1, new CollectionOptions(false, OTHER));
        return db;
    }

    private static CoreHarness openKeyValue() {
        HarnessOptions options = new HarnessOptions();
        options.engine = new KvEngineFactory();
        return open(options);
    }

    private static Reply send(CoreHarness db, KvOp op, int collection, String key) {
        Reply reply =
                db.send(
                        op,
                        key,
                        request -> {
                            CoreHarness.kv(request).collection = collection;
                            byte[] value = CoreHarness.bytes(VALUE);
                            CoreHarness.kv(request).setValue(value, 0, value.length);
                        });
        db.settle();
        return reply;
    }

    @Test
    void tenantAtItsMemoryBudgetIsRefusedByNameWhileOthersGoOn() {
        CoreHarness db = openKeyValue();
        MemoryAccount account = db.governor.account(OTHER);
        account.setBudget(8 << 20);
        int put = 0;
        Reply last = send(db, KvOp.PUT, OTHERS_COLLECTION, "k0");
        while (last.error == null) {
            last = send(db, KvOp.PUT, OTHERS_COLLECTION, "k" + ++put);
            assertThat(put).isLessThan(2 * KEYS);
        }
        last.failedWith(ErrorCode.RESOURCES_EXHAUSTED);
        assertThat(last.message).contains("tenant=" + OTHER).contains("budget=8388608");
        assertThat(last.retryAfterMillis).isPositive();
        assertThat(put).as("most of the budget served").isGreaterThan(4_000);
        assertThat(account.used()).isLessThanOrEqualTo(account.budget());
        for (int i = 0; i < KEYS; i++) {
            send(db, KvOp.PUT, CoreHarness.COLLECTION, "k" + i).ok();
        }
        assertThat(db.governor.account(Tenants.DEFAULT).used()).isGreaterThan(account.budget());
        send(db, KvOp.GET, OTHERS_COLLECTION, "k0").ok();
        for (int i = 0; i < 100; i++) {
            send(db, KvOp.DELETE, OTHERS_COLLECTION, "k" + i).ok();
        }
        send(db, KvOp.PUT, OTHERS_COLLECTION, "k0").ok();
    }

    @Test
    void budgetIsOfAllCollectionsOfTheTenantTogetherAndCountsAfterARestart() {
        CoreHarness db = openKeyValue();
        db.collections.put(OTHERS_COLLECTION + 1, new CollectionOptions(false, OTHER));
        db.core()
                .partitions()
                .openCollection(OTHERS_COLLECTION + 1, 1, new CollectionOptions(false, OTHER));
        for (int i = 0; i < KEYS; i++) {
            send(db, KvOp.PUT, OTHERS_COLLECTION + i % 2, "k" + i).ok();
        }
        long used = db.governor.account(OTHER).used();
        assertThat(used).isGreaterThan(KEYS * 1_024L);
        db.crash();
        db.open(1);
        assertThat(db.governor.account(OTHER).used()).isGreaterThan(KEYS * 1_024L);
        db.governor.account(OTHER).setBudget(1 << 20);
        int put = 0;
        Reply last = send(db, KvOp.PUT, OTHERS_COLLECTION + 1, "new0");
        while (last.error == null) {
            assertThat(put).as("room in what it holds already").isLessThan(2_000);
            last = send(db, KvOp.PUT, OTHERS_COLLECTION + 1, "new" + ++put);
        }
        last.failedWith(ErrorCode.RESOURCES_EXHAUSTED);
        send(db, KvOp.PUT, CoreHarness.COLLECTION, "new").ok();
    }

    @Test
    void endlessHousekeepingOfOneTenantLeavesOthersTheirShare() {
        CoreHarness db = open(new HarnessOptions());
        db.faults.housekeeping =
                tenant -> {
                    db.time.advanceNanos(
                            switch (tenant) {
                                case Tenants.DEFAULT -> 150_000;
                                case OTHER -> 10_000;
                                default -> 0;
                            });
                    return tenant != Tenants.SYSTEM;
                };
        for (int i = 0; i < 10_000; i++) {
            db.coreStep();
        }
        long greedy = db.core().statistics().maintenanceNanos(Tenants.DEFAULT);
        long modest = db.core().statistics().maintenanceNanos(OTHER);
        assertThat(greedy).isPositive();
        assertThat((double) modest / (greedy + modest)).isBetween(0.45, 0.55);
    }

    @Test
    void housekeepingOfATenantAloneGetsAllTheTime() {
        CoreHarness db = open(new HarnessOptions());
        long[] slices = new long[1];
        db.faults.housekeeping =
                tenant -> {
                    slices[0] += tenant == OTHER ? 1 : 0;
                    db.time.advanceNanos(tenant == OTHER ? 10_000 : 0);
                    return tenant == OTHER;
                };
        for (int i = 0; i < 1_000; i++) {
            db.coreStep();
        }
        assertThat(slices[0]).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void massExpiryOfOneTenantDoesNotHoldUpAnothers() {
        CoreHarness db = open(new HarnessOptions());
        long soon = db.time.epochMillis() + 1_000;
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            int collection = i % 100 == 0 ? OTHERS_COLLECTION : CoreHarness.COLLECTION;
            db.send(
                    KvOp.PUT,
                    key,
                    request -> {
                        CoreHarness.kv(request).collection = collection;
                        CoreHarness.kv(request).expireAtMillis = soon;
                    });
            if (i % 200 == 0) {
                db.settle();
            }
        }
        db.settle();
        db.faults.expiring =
                tenant -> db.time.advanceNanos(tenant == Tenants.DEFAULT ? 50_000 : 1_000);
        db.time.advanceMillis(1_000);
        var engine = db.core().partitions().all().getFirst().engine();
        for (int i = 0; i < 10; i++) {
            db.step();
        }
        assertThat(engine.count(OTHERS_COLLECTION)).isZero();
        assertThat(engine.count(CoreHarness.COLLECTION)).isGreaterThan(KEYS / 2);
        db.settle();
        assertThat(engine.count(CoreHarness.COLLECTION)).isZero();
    }
}
