package io.nodedb.bench.rows;

import io.nodedb.bench.report.Goal;
import io.nodedb.bench.report.Work;

/** What the part {@code store} measures, in the order in which it does. */
enum StoreWork {
    LOAD("load sorted rows", Unit.RATE),
    WRITE("write in random order, all merges done", Unit.RATE),
    WRITE_AMPLIFICATION("bytes written per byte of rows", Unit.TIMES),
    SPACE_AMPLIFICATION("bytes of files per byte of live rows", Unit.TIMES),
    FILES("files", Unit.FILES),
    GET("get, all in the cache", Unit.RATE),
    GET_ABSENT("get of absent rows, all in the cache", Unit.RATE),
    WALK_FORWARD("walk forward, all in the cache", Unit.RATE),
    WALK_BACKWARD("walk backward, all in the cache", Unit.RATE),
    GET_UNCACHED("get, a tenth in the cache", Unit.RATE),
    WALK_UNCACHED("walk forward, a tenth in the cache", Unit.RATE);

    private enum Unit {
        RATE,
        TIMES,
        FILES
    }

    private final String title;
    private final Unit unit;

    StoreWork(String title, Unit unit) {
        this.title = "store: " + title;
        this.unit = unit;
    }

    Work work() {
        return switch (unit) {
            case RATE -> Work.rate(title, Goal.ratio(1));
            case TIMES -> Work.cost(title, "×");
            case FILES -> Work.cost(title, "files");
        };
    }
}
