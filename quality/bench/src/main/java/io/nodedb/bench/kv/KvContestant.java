package io.nodedb.bench.kv;

import io.nodedb.bench.image.ClassPath;
import io.nodedb.bench.report.Contestant;
import java.nio.file.Path;

/** Who takes part. */
enum KvContestant {
    NODEDB,
    ROCKSDB,
    H2;

    Contestant contestant() {
        return switch (this) {
            case NODEDB -> Contestant.ours("NodeDB");
            case ROCKSDB -> Contestant.peer(ClassPath.titleWithVersion("RocksDB", "rocksdbjni"));
            case H2 -> Contestant.peer(ClassPath.titleWithVersion("H2 MVStore", "h2"));
        };
    }

    /** Opens an empty store; a LinkageError when the library is not there. */
    KeyValueStore open(Path directory) throws Exception {
        return switch (this) {
            case NODEDB -> new NodeDbStore(directory);
            case ROCKSDB -> new RocksDbStore(directory);
            case H2 -> new H2Store(directory);
        };
    }
}
