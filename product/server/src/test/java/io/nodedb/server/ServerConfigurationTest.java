package io.nodedb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.Durability;
import io.nodedb.base.settings.MemorySettings;
import io.nodedb.base.settings.Setting;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigurationTest {
    @TempDir private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Settings read(Map<String, String> flags, Map<String, String> environment) {
        return ServerConfiguration.read(flags, environment, null);
    }

    @Test
    void flagsComeBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
        Path file =
                file(
                        "some.toml",
                        "http = 1\nresp = 1\nmax_connections = 1\nhost = \"127.0.0.2\"\n");
        Settings settings =
                ServerConfiguration.read(
                        Map.of("http", "3"), Map.of("NODEDB_HTTP", "2", "NODEDB_RESP", "2"), file);
        assertThat(settings.get(ServerSettings.HTTP)).isEqualTo(3);
        assertThat(settings.get(ServerSettings.RESP)).isEqualTo(2);
        assertThat(settings.get(ServerSettings.MAX_CONNECTIONS)).isEqualTo(1);
        assertThat(settings.get(ServerSettings.HOST)).isEqualTo("127.0.0.2");
        assertThat(settings.get(ServerSettings.DURABILITY)).isEqualTo(Durability.SYNC);
    }

    @Test
    void fileInTheDatabasesDirectoryIsReadWhenNoOtherIsNamed() throws IOException {
        file("nodedb.toml", "# memory\nmemory_limit = \"1GiB\"\nresp = \"off\"\n");
        Path other = file("other.toml", "resp = 17\n");
        Map<String, String> data = Map.of("data", folder.toString());
        Settings beside = read(data, Map.of());
        assertThat(beside.format(MemorySettings.MEMORY_LIMIT)).isEqualTo("1GiB");
        assertThat(beside.get(ServerSettings.RESP)).isEqualTo(SettingUnit.PORT_OFF);
        Settings named = ServerConfiguration.read(data, Map.of(), other);
        assertThat(named.get(ServerSettings.RESP)).isEqualTo(17);
        assertThat(named.origin(MemorySettings.MEMORY_LIMIT)).isEqualTo(Settings.Origin.DEFAULT);
    }

    @Test
    void environmentSaysWhereTheDatabasesDirectoryIs() throws IOException {
        file("nodedb.toml", "max_connections = 5\n");
        Settings settings = read(Map.of(), Map.of("NODEDB_DATA", folder.toString()));
        assertThat(settings.get(ServerSettings.MAX_CONNECTIONS)).isEqualTo(5);
    }

    @Test
    void fileInTheDatabasesDirectoryCannotSayWhereThatIs() throws IOException {
        file("nodedb.toml", "data = \"elsewhere\"\n");
        assertThatThrownBy(() -> read(Map.of("data", folder.toString()), Map.of()))
                .hasMessageContaining("nodedb.toml")
                .hasMessageContaining("key=data");
    }

    @Test
    void unknownKeysAreRefusedWithTheNearestNameWhereverTheyStand() throws IOException {
        Path file = file("some.toml", "max_conections = 1\n");
        assertThatThrownBy(() -> ServerConfiguration.read(Map.of(), Map.of(), file))
                .hasMessageContaining("origin=file")
                .hasMessageContaining("did you mean max_connections?");
        assertThatThrownBy(() -> read(Map.of(), Map.of("NODEDB_HTTTP", "1")))
                .hasMessageContaining("origin=environment")
                .hasMessageContaining("did you mean http?");
        assertThatThrownBy(() -> read(Map.of("plasement", "auto"), Map.of()))
                .hasMessageContaining("did you mean placement?");
    }

    @Test
    void launchersVariableIsNoSetting() {
        Settings settings =
                read(Map.of("data", folder.toString()), Map.of("NODEDB_JAVA_OPTS", "-Xmx1g"));
        assertThat(settings.get(ServerSettings.HTTP)).isEqualTo(6480);
    }

    @Test
    void filesThatAreNotKeysAndValuesAreRefused() throws IOException {
        Path table = file("table.toml", "[http]\nport = 1\n");
        assertThatThrownBy(() -> ServerConfiguration.read(Map.of(), Map.of(), table))
                .hasMessageContaining("not a table")
                .hasMessageContaining("key=http");
        Path broken = file("broken.toml", "http = 1\nresp = = 2\n");
        assertThatThrownBy(() -> ServerConfiguration.read(Map.of(), Map.of(), broken))
                .hasMessageContaining("no TOML")
                .hasMessageContaining("line=2");
        Path none = folder.resolve("none.toml");
        assertThatThrownBy(() -> ServerConfiguration.read(Map.of(), Map.of(), none))
                .hasMessageContaining("path=" + none);
    }

    @Test
    void beyondLoopbackAPasswordIsAskedFor() {
        Map<String, String> everywhere = Map.of("data", folder.toString(), "host", "0.0.0.0");
        assertThatThrownBy(() -> read(everywhere, Map.of()))
                .hasMessageContaining("host=0.0.0.0")
                .hasMessageContaining("NODEDB_PASSWORD")
                .hasMessageContaining("--password-file");
        Settings secured = read(everywhere, Map.of("NODEDB_PASSWORD", "open sesame"));
        assertThat(secured.get(ServerSettings.PASSWORD)).isEqualTo("open sesame");
        assertThat(secured.format(ServerSettings.PASSWORD)).doesNotContain("sesame");
        assertThat(read(Map.of("data", folder.toString(), "host", "::1"), Map.of())).isNotNull();
    }

    @Test
    void unknownHostsAndServersThatServeNothingAreRefused() {
        assertThatThrownBy(() -> read(Map.of("host", "no such host"), Map.of()))
                .hasMessageContaining("host=no such host");
        assertThatThrownBy(() -> read(Map.of("http", "off", "resp", "off"), Map.of()))
                .hasMessageContaining("nothing is served");
    }

    @Test
    void everySettingIsDescribedAndItsDefaultIsReadBack() {
        for (Setting<?> setting : ServerSettings.ALL) {
            assertThat(setting.description()).as(setting.key()).endsWith(".");
            assertReadBack(setting);
        }
    }

    private static <T extends Comparable<T>> void assertReadBack(Setting<T> setting) {
        String text = setting.unit().format(setting.defaultValue());
        assertThat(setting.unit().parse(text)).contains(setting.defaultValue());
    }
}
