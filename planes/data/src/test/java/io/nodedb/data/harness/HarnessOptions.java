package io.nodedb.data.harness;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.data.probe.Faults;
import io.nodedb.data.probe.ProbeFactory;
import io.nodedb.engine.EngineFactory;
import io.nodedb.storage.wal.WalOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a harness is built with; every number at its real default unless a test says otherwise. */
public final class HarnessOptions {
    public int cores = 1;
    public int partitions = 1;
    public LaneOptions lane = LaneOptions.DEFAULTS.withRequests(1024);
    public WalOptions wal =
            new WalOptions(
                    1 << 20,
                    1,
                    4,
                    256 << 10,
                    1 << 13,
                    256 << 10,
                    1_000_000_000L,
                    2_000_000L,
                    1_000_000_000L,
                    16 << 20,
                    3_600_000L);
    public int eventSlots = 1024;
    public int eventStage = 64;
    public boolean feed;
    public long memoryLimit = 1L << 30;
    public int commitPortCapacity = 64;
    public final Faults faults = new Faults();
    public EngineFactory engine = new ProbeFactory(faults);
    private final Map<String, String> explicit = new LinkedHashMap<>();

    public HarnessOptions() {
        set("wal_unacknowledged", "4096");
    }

    public HarnessOptions set(String key, String value) {
        explicit.put(key, value);
        return this;
    }

    public HarnessOptions cores(int count) {
        cores = count;
        return this;
    }

    public HarnessOptions partitions(int count) {
        partitions = count;
        return this;
    }

    Settings settings() {
        Settings.Builder builder = Settings.builder(RuntimeSettings.allAreas());
        explicit.forEach(builder::explicit);
        return builder.build();
    }
}
