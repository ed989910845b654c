package io.nodedb.bench.rows;

import io.nodedb.bench.image.ClassPath;
import io.nodedb.bench.report.Contestant;
import java.nio.file.Path;

/** Who takes part. */
enum RowsContestant {
    NODEDB,
    ROCKSDB,
    H2,
    SQLITE;

    Contestant contestant() {
        return switch (this) {
            case NODEDB -> Contestant.ours("NodeDB");
            case ROCKSDB -> Contestant.peer(ClassPath.titleWithVersion("RocksDB", "rocksdbjni"));
            case H2 -> Contestant.peer(ClassPath.titleWithVersion("H2 MVStore", "h2"));
            case SQLITE -> Contestant.peer(ClassPath.titleWithVersion("SQLite", "sqlite-jdbc"));
        };
    }

    /** Opens a store, an empty one in an empty folder; a LinkageError without the library. */
    SortedStore open(Path directory, long cacheBytes) throws Exception {
        return switch (this) {
            case NODEDB -> new NodeDbSortedStore(directory, cacheBytes);
            case ROCKSDB -> new RocksSortedStore(directory, cacheBytes);
            case H2 -> new MvSortedStore(directory, cacheBytes);
            case SQLITE -> new SqliteSortedStore(directory, cacheBytes);
        };
    }
}
