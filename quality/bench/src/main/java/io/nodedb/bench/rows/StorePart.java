package io.nodedb.bench.rows;

import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Contestant;
import io.nodedb.bench.report.Work;
import io.nodedb.bench.run.ScratchFolder;
import io.nodedb.bench.trial.ForkedTrial;
import io.nodedb.bench.trial.TrialInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The row store alone, by one thread, beside other embedded stores. */
final class StorePart {
    /**
     * How much is done.
     *
     * @param profile whether NodeDB is recorded
     */
    record Sizes(
            long rows,
            long millis,
            long warmUpMillis,
            int repetitions,
            List<RowsContestant> contestants,
            boolean profile) {}

    /** Takes what was recorded of a work. */
    @FunctionalInterface
    interface Recordings {
        void recorded(String work, Path recording) throws IOException;
    }

    private final Sizes sizes;
    private final Consumer<String> progress;
    private final Recordings recordings;

    StorePart(Sizes sizes, Consumer<String> progress, Recordings recordings) {
        this.sizes = sizes;
        this.progress = progress;
        this.recordings = recordings;
    }

    private static List<Work> works() {
        return Arrays.stream(StoreWork.values()).map(StoreWork::work).toList();
    }

    void measure(ScratchFolder scratch, Comparison comparison) throws IOException {
        works().forEach(comparison::plan);
        Set<RowsContestant> present = EnumSet.copyOf(sizes.contestants());
        for (int i = 1; i <= sizes.repetitions(); i++) {
            for (RowsContestant each : sizes.contestants()) {
                if (present.contains(each)) {
                    Contestant contestant = each.contestant();
                    progress.accept(
                            contestant.name() + ", repetition " + i + " of " + sizes.repetitions());
                    if (!trial(each, contestant, scratch, comparison)) {
                        present.remove(each);
                    }
                }
            }
        }
    }

    private boolean trial(
            RowsContestant each,
            Contestant contestant,
            ScratchFolder scratch,
            Comparison comparison)
            throws IOException {
        try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "store")) {
            TrialInput input =
                    TrialInput.EMPTY
                            .with("contestant", each)
                            .with("directory", folder.path())
                            .with("rows", sizes.rows())
                            .with("millis", sizes.millis())
                            .with("warmUpMillis", sizes.warmUpMillis());
            if (sizes.profile()) {
                input = input.with(StoreTrial.PROFILES, folder.path());
            }
            boolean there =
                    new ForkedTrial(StoreTrial.class, contestant, input).run(works(), comparison);
            for (StoreWork work : StoreWork.values()) {
                recordings.recorded(
                        work.work().name(), folder.path().resolve(work.name() + StoreTrial.SUFFIX));
            }
            return there;
        }
    }

    List<String> method() {
        return List.of(
                sizes.rows()
                        + " rows, keys of "
                        + DocumentRows.KEY_BYTES
                        + " bytes, values of "
                        + DocumentRows.MIN_BYTES
                        + " to "
                        + DocumentRows.MAX_BYTES
                        + " bytes of text. Each contestant in a JVM of its own, in turn, "
                        + sizes.repetitions()
                        + " times, by one thread, without a log; reads "
                        + sizes.warmUpMillis()
                        + " ms to warm up, then "
                        + sizes.millis()
                        + " ms; the table shows medians.",
                "write: all rows in random order, then half as many again at random, until all is in"
                        + " files and no merge is due. bytes written: all write calls of the process."
                        + " Reads see what that left behind.",
                "Every row that is read is compared to the last byte, and after load and write all are"
                        + " walked; a wrong one counts as failed. Making and comparing rows is inside"
                        + " of each rate. A tenth in the cache: the rest comes from the operating"
                        + " system's cache.",
                NodeDbSortedStore.SETTINGS,
                RocksSortedStore.SETTINGS,
                MvSortedStore.SETTINGS,
                SqliteSortedStore.SETTINGS);
    }
}
