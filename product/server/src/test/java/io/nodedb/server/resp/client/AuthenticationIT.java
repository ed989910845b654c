package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.nodedb.base.settings.SettingUnit;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** A server with a password, and those who know it or don't. */
class AuthenticationIT {
    private static final String PASSWORD = "open-sesame";
    private static final String NOT_KNOWN = "-NOAUTH Authentication required.";
    private static final String WRONG =
            "-WRONGPASS invalid username-password pair or user is disabled.";

    @TempDir static Path folder;

    private static @Nullable NodeDbServer server;

    @BeforeAll
    static void startServer() {
        server =
                NodeDbServer.start(
                        Settings.defaults()
                                .with(ServerSettings.DATA, folder.resolve("data").toString())
                                .with(ServerSettings.HTTP, SettingUnit.PORT_OFF)
                                .with(ServerSettings.RESP, 0)
                                .with(ServerSettings.PASSWORD, PASSWORD));
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static Endpoint endpoint() {
        return Endpoint.local(server.respAddress().getPort());
    }

    private static RespConnection open() {
        return RespConnection.open(endpoint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PING",
                "GET k",
                "MULTI",
                "WATCH k",
                "SUBSCRIBE x",
                "MONITOR",
                "COMMAND",
                "CLIENT ID",
                "CONFIG GET *",
                "SELECT 1"
            })
    void nothingIsDoneForWhoHasNotToldThePassword(String command) {
        try (RespConnection client = open()) {
            assertThat(client.call(command.split(" ", -1))).hasToString(NOT_KNOWN);
            assertThat(client.call("AUTH", PASSWORD)).hasToString("+OK");
        }
    }

    @Test
    void strangersAreToldWhatIsWrongWithTheirCommandsFirst() {
        try (RespConnection client = open()) {
            assertThat(client.call("GET"))
                    .hasToString("-ERR wrong number of arguments for 'get' command");
            assertThat(client.call("NOSUCH").toString()).startsWith("-ERR unknown command");
            assertThat(client.call("EXEC"))
                    .hasToString(
                            "-EXECABORT Transaction discarded because of: NOAUTH Authentication"
                                    + " required.");
            assertThat(client.call("HELLO", "4"))
                    .hasToString("-NOPROTO unsupported protocol version");
            assertThat(client.call("HELLO", "3").toString())
                    .startsWith("-NOAUTH HELLO must be called with the client already");
            assertThat(client.call("RESET")).hasToString("+RESET");
            assertThat(client.call("QUIT")).hasToString("+OK");
        }
    }

    @Test
    void passwordIsToldAloneOrWithTheUser() {
        try (RespConnection client = open()) {
            assertThat(client.call("AUTH", "wrong")).hasToString(WRONG);
            assertThat(client.call("AUTH", "")).hasToString(WRONG);
            assertThat(client.call("AUTH", "default", "wrong")).hasToString(WRONG);
            assertThat(client.call("AUTH", "nobody", PASSWORD)).hasToString(WRONG);
            assertThat(client.call("AUTH", "default", PASSWORD, "x"))
                    .hasToString("-ERR syntax error");
            assertThat(client.call("PING")).hasToString(NOT_KNOWN);
            assertThat(client.call("AUTH", PASSWORD)).hasToString("+OK");
            assertThat(client.call("PING")).hasToString("+PONG");
            // Who is known stays so.
            assertThat(client.call("AUTH", "wrong")).hasToString(WRONG);
            assertThat(client.call("PING")).hasToString("+PONG");
            assertThat(client.call("RESET")).hasToString("+RESET");
            assertThat(client.call("PING")).hasToString(NOT_KNOWN);
            assertThat(client.call("AUTH", "default", PASSWORD)).hasToString("+OK");
            assertThat(client.call("ACL", "WHOAMI")).hasToString("\"default\"");
        }
    }

    @Test
    void helloTellsThePasswordAndTheName() {
        try (RespConnection client = open()) {
            assertThat(client.call("HELLO", "3", "AUTH", "default", "wrong", "SETNAME", "x"))
                    .hasToString(WRONG);
            assertThat(client.call("PING")).hasToString(NOT_KNOWN);
            assertThat(client.call("HELLO", "3", "AUTH", "default", PASSWORD, "SETNAME", "x"))
                    .isInstanceOf(RespValue.Pairs.class);
            assertThat(client.call("CLIENT", "GETNAME")).hasToString("\"x\"");
        }
        try (RespConnection client = open()) {
            assertThat(client.call("HELLO", "2", "SETNAME", "y", "AUTH", "default", PASSWORD))
                    .isInstanceOf(RespValue.Items.class);
            assertThat(client.call("CLIENT", "GETNAME")).hasToString("\"y\"");
        }
    }

    @Test
    void monitorIsNotToldPasswords() {
        try (RespConnection monitor = open();
                RespConnection client = open()) {
            assertThat(monitor.call("AUTH", PASSWORD)).hasToString("+OK");
            assertThat(monitor.call("MONITOR")).hasToString("+OK");
            assertThat(client.call("AUTH", PASSWORD)).hasToString("+OK");
            assertThat(client.call("AUTH", "default", PASSWORD)).hasToString("+OK");
            assertThat(client.call("HELLO", "2", "AUTH", "default", PASSWORD))
                    .isInstanceOf(RespValue.Items.class);
            assertThat(client.call("ECHO", "seen")).hasToString("\"seen\"");
            assertThat(monitor.read().asText()).contains("\"ECHO\" \"seen\"");
        }
    }

    private static List<String> cli(Map<String, String> environment, String... arguments) {
        assumeTrue(RedisProcess.program("redis-cli").isPresent(), RedisProcess.MISSING);
        try (RedisCli cli = RedisCli.startWith("", environment, folder, endpoint(), arguments)) {
            return cli.linesUntilExit(0);
        }
    }

    @Test
    void redisCliTellsItInEveryWay() {
        assertThat(cli(Map.of(), "PING")).contains("NOAUTH Authentication required.");
        assertThat(cli(Map.of(), "--no-auth-warning", "-a", PASSWORD, "PING"))
                .containsExactly("PONG");
        assertThat(cli(Map.of(), "-3", "--no-auth-warning", "-a", PASSWORD, "PING"))
                .containsExactly("PONG");
        assertThat(cli(Map.of("REDISCLI_AUTH", PASSWORD), "PING")).containsExactly("PONG");
        assertThat(
                        cli(
                                Map.of(),
                                "--no-auth-warning",
                                "--user",
                                "default",
                                "--pass",
                                PASSWORD,
                                "PING"))
                .containsExactly("PONG");
        String address = endpoint().host() + ":" + endpoint().port();
        String uri = "redis://default:" + PASSWORD + "@" + address + "/2";
        assertThat(cli(Map.of(), "--no-auth-warning", "-u", uri, "CLIENT", "INFO"))
                .anyMatch(line -> line.contains(" db=2 "));
        assertThat(cli(Map.of(), "--no-auth-warning", "-a", "wrong", "PING"))
                .contains("NOAUTH Authentication required.")
                .anyMatch(line -> line.contains("WRONGPASS"));
    }

    private static Jedis jedis(RedisProtocol protocol, @Nullable String user, String password) {
        return new Jedis(
                new HostAndPort(endpoint().host(), endpoint().port()),
                DefaultJedisClientConfig.builder()
                        .protocol(protocol)
                        .user(user)
                        .password(password)
                        .clientName("jedis")
                        .build());
    }

    @ParameterizedTest
    @EnumSource(RedisProtocol.class)
    void jedisTellsIt(RedisProtocol protocol) {
        for (String user : new String[] {null, "default"}) {
            try (Jedis jedis = jedis(protocol, user, PASSWORD)) {
                assertThat(jedis.ping()).isEqualTo("PONG");
                assertThat(jedis.clientGetname()).isEqualTo("jedis");
            }
        }
        assertThatThrownBy(
                        () -> {
                            try (Jedis jedis = jedis(protocol, "default", "wrong")) {
                                String ignored = jedis.ping();
                            }
                        })
                .isInstanceOf(JedisDataException.class)
                .hasMessageContaining("WRONGPASS");
    }

    private static RedisURI uri(String password) {
        return RedisURI.builder()
                .withHost(endpoint().host())
                .withPort(endpoint().port())
                .withAuthentication("default", password.toCharArray())
                .build();
    }

    @Test
    void lettuceTellsIt() {
        try (RedisClient client = RedisClient.create(uri(PASSWORD));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            assertThat(connection.sync().ping()).isEqualTo("PONG");
            assertThat(connection.sync().aclWhoami()).isEqualTo("default");
        }
        try (RedisClient client = RedisClient.create(uri("wrong"))) {
            assertThatThrownBy(client::connect)
                    .isInstanceOf(RedisConnectionException.class)
                    .rootCause()
                    .hasMessageContaining("WRONGPASS");
        }
    }
}
