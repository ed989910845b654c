package io.nodedb.server;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a server's settings come from: flags before the environment before the configuration file
 * before the defaults.
 */
public final class ServerConfiguration {
    /** The launcher's, which is no setting. */
    private static final String JAVA_OPTIONS = Settings.ENVIRONMENT_PREFIX + "JAVA_OPTS";

    private ServerConfiguration() {}

    /**
     * The settings, checked against each other. {@link ErrorCode#INVALID_ARGUMENT} says what is
     * wrong and where it came from.
     *
     * @param flags keys and values from the command line
     * @param environment the process's variables
     * @param file the configuration file; null takes {@code nodedb.toml} in the database's
     *     directory when there is one
     */
    public static Settings read(
            Map<String, String> flags, Map<String, String> environment, @Nullable Path file) {
        Settings.Builder builder = Settings.builder(ServerSettings.ALL);
        flags.forEach(builder::explicit);
        Map<String, String> variables = new HashMap<>(environment);
        variables.remove(JAVA_OPTIONS);
        builder.environment(variables);
        if (file != null) {
            builder.file(ConfigurationFile.read(file));
        } else {
            readBesideTheData(builder);
        }
        Settings settings = builder.build();
        ServerSettings.checkConsistent(settings);
        return settings;
    }

    private static void readBesideTheData(Settings.Builder builder) {
        Path file =
                Path.of(builder.build().get(ServerSettings.DATA)).resolve(ConfigurationFile.NAME);
        if (!Files.exists(file)) {
            return;
        }
        Map<String, String> entries = ConfigurationFile.read(file);
        if (entries.containsKey(ServerSettings.DATA.key())) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a file in the database's directory can't say where that is: path="
                            + file
                            + " key="
                            + ServerSettings.DATA);
        }
        builder.file(entries);
    }
}
