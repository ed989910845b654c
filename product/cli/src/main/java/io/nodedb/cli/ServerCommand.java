package io.nodedb.cli;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.Setting;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.NodeDbServer;
import io.nodedb.server.ServerConfiguration;
import io.nodedb.server.ServerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code nodedb server}: serves a database until the process is told to end (SIGTERM, SIGINT); then
 * it drains, and the exit code is 0. One line on standard output says when it is ready; everything
 * else is the log, on standard error.
 */
@Command(
        name = "server",
        description = "Serve a database until the process is told to end.",
        footer = {
            "",
            "Settings come from flags, then NODEDB_<KEY> in the environment, then the file,",
            "then their defaults."
        })
final class ServerCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The database's directory (./nodedb-data).")
    private @Nullable String data;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where to listen (127.0.0.1); elsewhere a password is asked for.")
    private @Nullable String host;

    @Option(
            names = "--http",
            paramLabel = "PORT|off",
            description = "Port for health and metrics (6480).")
    private @Nullable String http;

    @Option(
            names = "--resp",
            paramLabel = "PORT|off",
            description = "Port for Redis clients (6479).")
    private @Nullable String resp;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in TOML (nodedb.toml in the database's directory).")
    private @Nullable Path config;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "The password is this file's first line.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any other setting, such as --set memory_limit=2GiB.")
    private Map<String, String> others = new LinkedHashMap<>();

    @Override
    public Integer call() throws InterruptedException {
        long started = System.nanoTime();
        Settings settings = ServerConfiguration.read(flags(), System.getenv(), config);
        OrderlyEnd end = OrderlyEnd.install();
        NodeDbServer server;
        try {
            server = NodeDbServer.start(settings);
        } catch (RuntimeException | Error failure) {
            // Its exit code is the command's, not that of an orderly end.
            end.uninstall();
            throw failure;
        }
        end.server(server);
        PrintWriter out = spec.commandLine().getOut();
        out.println(ReadyLine.of(server, System.nanoTime() - started));
        out.flush();
        server.awaitClosed();
        return ExitCode.OK;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(others);
        put(flags, ServerSettings.DATA, data);
        put(flags, ServerSettings.HOST, host);
        put(flags, ServerSettings.HTTP, http);
        put(flags, ServerSettings.RESP, resp);
        if (passwordFile != null) {
            put(flags, ServerSettings.PASSWORD, firstLine(passwordFile));
        }
        return flags;
    }

    private static void put(Map<String, String> flags, Setting<?> setting, @Nullable String value) {
        if (value != null) {
            flags.put(setting.key(), value);
        }
    }

    private static String firstLine(Path file) {
        String line;
        try {
            line = Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the password file can't be read: path=" + file + " cause=" + e,
                    e);
        }
        if (line.isEmpty()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the password file's first line is empty: path=" + file);
        }
        return line;
    }
}
