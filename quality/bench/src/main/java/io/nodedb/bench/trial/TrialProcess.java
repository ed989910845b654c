package io.nodedb.bench.trial;

import java.util.List;

/** The main class of a trial's process: the trial's class, then {@code name=value} each. */
public final class TrialProcess {
    private TrialProcess() {}

    /** Ends with 1 and a stack trace when the trial fails. */
    public static void main(String[] arguments) {
        TrialOutput output = new TrialOutput(System.out);
        int status = 0;
        try {
            List<String> all = List.of(arguments);
            Trial trial =
                    Class.forName(all.getFirst())
                            .asSubclass(Trial.class)
                            .getDeclaredConstructor()
                            .newInstance();
            trial.run(TrialInput.parse(all.subList(1, all.size())), output);
        } catch (LinkageError | ClassNotFoundException missing) {
            // A library that is not in the image, or whose native part this machine can't load.
            output.skipped(missing.toString());
        } catch (Throwable failure) {
            failure.printStackTrace();
            status = 1;
        }
        // Contestants may leave threads behind.
        System.exit(status);
    }
}
