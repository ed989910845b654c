package io.nodedb.kv;

/**
 * The number of keys that follow it among a command's arguments.
 *
 * @param error what is wrong with it; empty when nothing is
 */
record KeyCount(int count, String error) {
    /** Reads the number that an argument is; as many keys must follow. */
    static KeyCount read(CommandRun run, int argument) {
        if (!run.parsed.isInteger(run.arguments, argument) || run.parsed.integer() < 1) {
            return new KeyCount(0, "ERR numkeys should be greater than 0");
        }
        long count = run.parsed.integer();
        if (count > run.count() - argument - 1) {
            return new KeyCount(0, "ERR Number of keys can't be greater than number of args");
        }
        return new KeyCount((int) count, "");
    }
}
