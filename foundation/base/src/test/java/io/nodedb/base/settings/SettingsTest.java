package io.nodedb.base.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Settings.Builder builder() {
        return Settings.builder(RuntimeSettings.allAreas());
    }

    @Test
    void strongestSourceWinsInWhateverOrderTheyAreRead() {
        Map<String, String> environment =
                Map.of("NODEDB_QUANTUM", "2ms", "NODEDB_SPIN", "1us", "HOME", "/root");
        Map<String, String> file = Map.of("quantum", "3ms", "spin", "2us", "tasks_per_turn", "17");
        Settings oneWay =
                builder().explicit("quantum", "1ms").environment(environment).file(file).build();
        Settings otherWay =
                builder().file(file).environment(environment).explicit("quantum", "1ms").build();
        for (Settings settings : new Settings[] {oneWay, otherWay}) {
            assertThat(settings.get(RuntimeSettings.QUANTUM)).isEqualTo(Duration.ofMillis(1));
            assertThat(settings.origin(RuntimeSettings.QUANTUM))
                    .isEqualTo(Settings.Origin.EXPLICIT);
            assertThat(settings.nanos(RuntimeSettings.SPIN)).isEqualTo(1_000);
            assertThat(settings.origin(RuntimeSettings.SPIN))
                    .isEqualTo(Settings.Origin.ENVIRONMENT);
            assertThat(settings.get(RuntimeSettings.TASKS_PER_TURN)).isEqualTo(17);
            assertThat(settings.origin(RuntimeSettings.LEASE)).isEqualTo(Settings.Origin.DEFAULT);
            assertThat(settings.millis(RuntimeSettings.LEASE)).isEqualTo(30_000);
        }
    }

    @Test
    void unknownKeyIsRefusedWithTheNearestName() {
        assertThatThrownBy(() -> builder().explicit("checkpoint_interwal", "5m"))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("did you mean checkpoint_interval?");
        assertThatThrownBy(() -> builder().environment(Map.of("NODEDB_QANTUM", "5m")))
                .hasMessageContaining("origin=environment")
                .hasMessageContaining("did you mean quantum?");
        assertThatThrownBy(() -> builder().file(Map.of("zzzzzzzzzzzz", "1")))
                .hasMessageNotContaining("did you mean");
    }

    @Test
    void malformedAndOutOfRangeValuesAreRefusedWithTheirForm() {
        assertThatThrownBy(() -> builder().explicit("lease", "soon"))
                .hasMessageContaining("lease=soon")
                .hasMessageContaining("a duration such as 30s");
        assertThatThrownBy(() -> builder().explicit("lease", "30")).hasMessageContaining("30s");
        assertThatThrownBy(() -> builder().explicit("wal_segment", "1KiB"))
                .hasMessageContaining("min=64KiB max=1GiB");
        assertThatThrownBy(() -> builder().explicit("ring_slow", "101"))
                .hasMessageContaining("max=100%");
        assertThatThrownBy(() -> builder().explicit("wal_segment", "99999999999GiB"))
                .hasMessageContaining("malformed");
        assertThatThrownBy(() -> builder().explicit("tombstone_ratio", "NaN"))
                .hasMessageContaining("malformed");
        assertThatThrownBy(() -> Settings.defaults().with(RuntimeSettings.TASKS_PER_TURN, 0))
                .hasMessageContaining("out of range");
    }

    @Test
    void unitsAreReadAndWritten() {
        assertThat(SettingUnit.BYTES.parse("64 mib")).contains(64L << 20);
        assertThat(SettingUnit.BYTES.parse("17B")).contains(17L);
        assertThat(SettingUnit.BYTES.parse("0")).contains(0L);
        assertThat(SettingUnit.BYTES.parse("64")).isEmpty();
        assertThat(SettingUnit.BYTES.parse("-1KiB")).isEmpty();
        assertThat(SettingUnit.BYTES.format(1536L)).isEqualTo("1536B");
        assertThat(SettingUnit.BYTES.format(3L << 30)).isEqualTo("3GiB");
        assertThat(SettingUnit.DURATION.parse("2h")).contains(Duration.ofHours(2));
        assertThat(SettingUnit.DURATION.format(Duration.ofMinutes(90))).isEqualTo("90m");
        assertThat(SettingUnit.DURATION.format(Duration.ofDays(1))).isEqualTo("1d");
        assertThat(SettingUnit.PERCENT.parse("85%")).contains(85);
        assertThat(SettingUnit.FLAG.parse("On")).contains(true);
        assertThat(SettingUnit.FLAG.parse("perhaps")).isEmpty();
    }

    @Test
    void everyDefaultIsReadBackFromItsText() {
        for (Setting<?> setting : RuntimeSettings.allAreas()) {
            assertReadBack(setting);
        }
    }

    private static <T extends Comparable<T>> void assertReadBack(Setting<T> setting) {
        String text = setting.unit().format(setting.defaultValue());
        assertThat(setting.unit().parse(text)).contains(setting.defaultValue());
    }

    @Test
    void keysAreUniqueAndDescribed() {
        Set<String> keys = new HashSet<>();
        for (Setting<?> setting : RuntimeSettings.allAreas()) {
            assertThat(keys.add(setting.key())).as(setting.key()).isTrue();
            assertThat(setting.description()).endsWith(".");
            assertThat(setting.environmentVariable()).matches("NODEDB_[A-Z0-9_]+");
        }
    }

    @Test
    void defaultsAreTheNumbersOfTheRuntimeDesign() {
        Settings defaults = Settings.defaults();
        assertThat(defaults.get(RuntimeSettings.TASKS_PER_TURN)).isEqualTo(256);
        assertThat(defaults.get(RuntimeSettings.BACKGROUND_TURN_SHARE)).isEqualTo(16);
        assertThat(defaults.millis(RuntimeSettings.POLL_TIMEOUT)).isEqualTo(100);
        assertThat(defaults.format(RuntimeSettings.SPIN)).isEqualTo("20us");
        assertThat(defaults.format(RuntimeSettings.QUANTUM)).isEqualTo("500us");
        assertThat(defaults.format(WalSettings.CHECKPOINT_INTERVAL)).isEqualTo("5m");
        assertThat(defaults.format(WalSettings.CHECKPOINT_IDLE)).isEqualTo("1m");
        assertThat(defaults.format(WalSettings.CHECKPOINT_WAL)).isEqualTo("256MiB");
        assertThat(defaults.format(RuntimeSettings.STOP_LIMIT)).isEqualTo("30s");
        assertThat(defaults.get(RuntimeSettings.LOCAL_QUEUE)).isEqualTo(4_096);
        assertThat(defaults.millis(EventSettings.HEARTBEAT_MIN)).isEqualTo(900);
        assertThat(defaults.millis(EventSettings.HEARTBEAT_MAX)).isEqualTo(1_100);
        assertThat(defaults.millis(RuntimeSettings.COMPACTION_INTERVAL)).isEqualTo(600_000);
        assertThat(defaults.get(RuntimeSettings.TOMBSTONE_RATIO)).isEqualTo(0.2);
        assertThat(defaults.get(RuntimeSettings.RING_CAPACITY)).isEqualTo(4_096);
        assertThat(defaults.format(RuntimeSettings.RING_SLOW)).isEqualTo("85%");
        assertThat(defaults.format(RuntimeSettings.RING_STOP)).isEqualTo("95%");
        assertThat(defaults.format(RuntimeSettings.REQUEST_DEADLINE)).isEqualTo("30s");
        assertThat(defaults.get(RuntimeSettings.STATEMENT_TIMEOUT)).isEqualTo(Duration.ZERO);
        assertThat(defaults.format(RuntimeSettings.LEASE)).isEqualTo("30s");
        assertThat(defaults.format(WalSettings.WAL_KEEP)).isEqualTo("1GiB");
        assertThat(defaults.get(WalSettings.WAL_KEEP_TIME)).isEqualTo(Duration.ofHours(24));
        assertThat(defaults.format(RuntimeSettings.IDEMPOTENCY_RESULT)).isEqualTo("4KiB");
        assertThat(defaults.get(RuntimeSettings.IDEMPOTENCY_KEEP)).isEqualTo(Duration.ofHours(24));
        RuntimeSettings.checkConsistent(defaults);
    }

    @Test
    void defaultsOfPanicIsolationAreTheNumbersOfTheRuntimeDesign() {
        Settings defaults = Settings.defaults();
        assertThat(defaults.get(RuntimeSettings.WATCHDOG_FAILURES)).isEqualTo(3);
        assertThat(defaults.millis(RuntimeSettings.WATCHDOG_WINDOW)).isEqualTo(60_000);
        assertThat(defaults.millis(RuntimeSettings.DEGRADED_TIME)).isEqualTo(30_000);
        assertThat(defaults.millis(RuntimeSettings.JOB_PAUSE)).isEqualTo(30_000);
        assertThat(defaults.millis(RuntimeSettings.POISON_WINDOW)).isEqualTo(30_000);
        assertThat(defaults.get(RuntimeSettings.POISON_FAILURES)).isEqualTo(2);
        assertThat(defaults.get(RuntimeSettings.FINGERPRINTS)).isEqualTo(1_024);
    }

    @Test
    void contradictionsAreRefused() {
        Settings slowAfterStop = Settings.defaults().with(RuntimeSettings.RING_SLOW, 96);
        assertThatThrownBy(() -> RuntimeSettings.checkConsistent(slowAfterStop))
                .hasMessageContaining("ring_slow=96% is greater than ring_stop=95%");
        Settings odd = Settings.defaults().with(RuntimeSettings.RING_CAPACITY, 1_000);
        assertThatThrownBy(() -> RuntimeSettings.checkConsistent(odd))
                .hasMessageContaining("ring_capacity=1000");
    }

    private enum Colour {
        RED,
        DARK_BLUE
    }

    private static final Setting<Integer> DOOR = Setting.port("door", 80, "A door.");
    private static final Setting<String> NAME = Setting.text("name", "nobody", "A name.");
    private static final Setting<String> WORD = Setting.secret("word", "A word.");
    private static final Setting<Colour> COLOUR = Setting.choice("colour", Colour.RED, "A colour.");

    private static Settings.Builder mixed() {
        return Settings.builder(List.of(DOOR, NAME, WORD, COLOUR));
    }

    @Test
    void portsAreNumbersOrOff() {
        assertThat(mixed().explicit("door", "off").build().get(DOOR))
                .isEqualTo(SettingUnit.PORT_OFF);
        assertThat(mixed().explicit("door", "off").build().format(DOOR)).isEqualTo("off");
        assertThat(mixed().explicit("door", "0").build().get(DOOR)).isEqualTo(0);
        assertThat(mixed().explicit("door", "65535").build().get(DOOR)).isEqualTo(65_535);
        assertThatThrownBy(() -> mixed().explicit("door", "65536"))
                .hasMessageContaining("out of range")
                .hasMessageContaining("max=65535");
        assertThatThrownBy(() -> mixed().explicit("door", "-1"))
                .hasMessageContaining("malformed")
                .hasMessageContaining("or off");
    }

    @Test
    void textsAreTakenAsTheyAre() {
        assertThat(mixed().explicit("name", "\ud83d\ude00 x").build().get(NAME))
                .isEqualTo("\ud83d\ude00 x");
        assertThat(mixed().explicit("name", "").build().get(NAME)).isEmpty();
        assertThat(mixed().build().format(NAME)).isEqualTo("nobody");
    }

    @Test
    void secretsAreReadButNotShown() {
        Settings settings = mixed().explicit("word", "open sesame").build();
        assertThat(settings.get(WORD)).isEqualTo("open sesame");
        assertThat(settings.format(WORD)).doesNotContain("sesame").isNotEmpty();
        assertThat(mixed().build().format(WORD)).isEmpty();
    }

    @Test
    void choicesAreReadInAnyCaseAndRefusedWithTheList() {
        assertThat(mixed().explicit("colour", "Dark_Blue").build().get(COLOUR))
                .isEqualTo(Colour.DARK_BLUE);
        assertThat(mixed().explicit("colour", "dark_blue").build().format(COLOUR))
                .isEqualTo("dark_blue");
        assertThatThrownBy(() -> mixed().explicit("colour", "green"))
                .hasMessageContaining("one of red, dark_blue");
    }
}
