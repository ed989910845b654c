package io.nodedb.cli;

import picocli.CommandLine;

/** What the shell is told at the end of a command. */
public final class ExitCode {
    /** Done, and the answer is yes where there is a question. */
    public static final int OK = CommandLine.ExitCode.OK;

    /** Not done, or the answer is no; standard error or the report says why. */
    public static final int FAILED = CommandLine.ExitCode.SOFTWARE;

    /** The command line was not understood. */
    public static final int USAGE = CommandLine.ExitCode.USAGE;

    private ExitCode() {}
}
