package io.nodedb.server;

import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.settings.Settings;

/** Makes the front of one protocol over a database that has been recovered. */
@FunctionalInterface
public interface FrontFactory {
    Front create(EmbeddedDatabase database, Settings settings);
}
