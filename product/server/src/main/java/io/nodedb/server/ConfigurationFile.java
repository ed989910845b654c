package io.nodedb.server;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** A configuration file: TOML, one {@code key = value} per setting. */
final class ConfigurationFile {
    /** What is read without being asked for, in the database's directory. */
    static final String NAME = "nodedb.toml";

    private ConfigurationFile() {}

    /** The keys and the values' texts, in the file's order. */
    static Map<String, String> read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the configuration file can't be read: path=" + file + " cause=" + e,
                    e);
        }
        JsonNode root;
        try {
            root = new TomlMapper().readTree(text);
        } catch (JacksonException e) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the configuration file is no TOML: path="
                            + file
                            + " line="
                            + e.getLocation().getLineNr()
                            + " cause="
                            + e.getOriginalMessage(),
                    e);
        }
        Map<String, String> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : root.properties()) {
            JsonNode value = property.getValue();
            if (!value.isValueNode()) {
                throw new NodeDbException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a setting is one value, not a table or a list: path="
                                + file
                                + " key="
                                + property.getKey());
            }
            entries.put(property.getKey(), value.asString());
        }
        return entries;
    }
}
