package io.nodedb.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.Placement;
import io.nodedb.server.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

class TransportTest {
    private static final int KEYS = 500;

    @TempDir private Path folder;

    /** A transport that this system does not have is replaced, so each serves everywhere. */
    @ParameterizedTest
    @EnumSource
    void clientsAreServedOverEachTransport(Transport transport) {
        for (Placement placement : List.of(Placement.COMBINED, Placement.SEPARATE)) {
            Path data = folder.resolve(placement.name());
            Settings settings =
                    Settings.defaults()
                            .with(ServerSettings.DATA, data.toString())
                            .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                            .with(ServerSettings.RESP, 0)
                            .with(ServerSettings.TRANSPORT, transport)
                            .with(ServerSettings.PLACEMENT, placement);
            try (NodeDbServer server = NodeDbServer.start(settings);
                    Jedis one = new Jedis("127.0.0.1", server.respAddress().getPort());
                    Jedis other = new Jedis("127.0.0.1", server.respAddress().getPort())) {
                pipelineIsAnsweredInOrder(one);
                largeValueComesBackWhole(one, other);
            }
        }
    }

    private static void pipelineIsAnsweredInOrder(Jedis client) {
        Pipeline pipeline = client.pipelined();
        List<Response<String>> answers = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            pipeline.set("key" + i, "value" + i);
            answers.add(pipeline.get("key" + i));
        }
        pipeline.sync();
        for (int i = 0; i < KEYS; i++) {
            assertThat(answers.get(i).get()).isEqualTo("value" + i);
        }
    }

    private static void largeValueComesBackWhole(Jedis writer, Jedis reader) {
        byte[] value = new byte[3 << 20];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        byte[] key = "large".getBytes(StandardCharsets.UTF_8);
        writer.set(key, value);
        byte[] read = reader.get(key);
        assertThat(Arrays.equals(read, value)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatServesIsNamed(Transport transport) {
        Transport serves = transport.available();
        assertThat(serves).isNotEqualTo(Transport.AUTO);
        assertThat(serves.available()).isSameAs(serves);
        assertThat(serves.label()).isNotEmpty();
    }
}
