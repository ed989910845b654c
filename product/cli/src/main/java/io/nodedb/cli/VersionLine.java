package io.nodedb.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** What is running, in one line. */
final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }

    static String text() {
        return "nodedb " + databaseVersion() + " (Java " + System.getProperty("java.version") + ")";
    }

    /** The version is in the jar's manifest; classes that run from a folder have none. */
    private static String databaseVersion() {
        @Nullable String version = VersionLine.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
