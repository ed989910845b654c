package io.nodedb.assembly;

import io.nodedb.base.settings.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens databases; found as a service, so that the public API knows no part of the assembly. */
public interface DatabaseFactory {
    /**
     * Opens the database in a directory, or creates it there.
     *
     * @param directory null for a database in memory, which is gone when it is closed
     */
    RunningDatabase open(@Nullable Path directory, Settings settings);
}
