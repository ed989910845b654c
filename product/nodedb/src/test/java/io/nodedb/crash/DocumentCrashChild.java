package io.nodedb.crash;

import io.nodedb.Document;
import io.nodedb.DocumentOperations;
import io.nodedb.Documents;
import io.nodedb.KeyValueOperations;
import io.nodedb.NodeDb;
import io.nodedb.Transaction;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionChange;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.plan.expression.Exprs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * As {@link CrashChild}, over documents and keys together: actors insert, put and delete documents,
 * and run transactions that write to both engines, while one more changes the definition of the
 * documents.
 */
public final class DocumentCrashChild {
    /** Documents of each actor: more than memtables and cache hold together. */
    private static final int DOCUMENTS = 400;

    private static final int TOGETHER = 6;
    private static final int PADDING = 300;

    /** Dropped columns count against the most that a collection may have. */
    private static final int MOST_COLUMNS = 1_000;

    /** Writes of the definer between two changes, so that the others come to theirs. */
    private static final int BETWEEN_CHANGES = 20;

    private static final String EXTRA = "extra";

    private final NodeDb database;
    private final Documents documents;
    private final String run;
    private volatile boolean stopping;

    private DocumentCrashChild(NodeDb database, String run) {
        this.database = database;
        this.documents = DocumentCrashSettings.documents(database);
        this.run = run;
    }

    /** Arguments: directory, {@code kill} or {@code power}, seed, cores. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        Settings settings = DocumentCrashSettings.settings(Integer.parseInt(arguments[3]));
        NodeDb database =
                arguments[1].equals("power")
                        ? new NodeDb(
                                EmbeddedDatabase.open(
                                        new UnsyncedDisk(new FileSystemDisk(directory)), settings),
                                SystemTimeSource.INSTANCE)
                        : NodeDb.open(directory, settings);
        new DocumentCrashChild(database, Long.toString(seed, 36)).work(new SplittableRandom(seed));
    }

    private void work(SplittableRandom random) throws Exception {
        List<Thread> threads = new ArrayList<>();
        tell(Line.READY);
        for (int i = 0; i < CrashSettings.ACTORS; i++) {
            int actor = i;
            SplittableRandom own = random.split();
            threads.add(Thread.ofPlatform().name("actor-" + i).start(() -> act(actor, own)));
        }
        threads.add(Thread.ofPlatform().name("definer").start(this::define));
        while (System.in.read() != '\n') {
            // the word does not matter
        }
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        database.close();
    }

    @SuppressWarnings("SystemOut") // this is how it speaks
    private static synchronized void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private void act(int actor, SplittableRandom random) {
        for (long step = 0; !stopping; step++) {
            String value =
                    run + "." + actor + "." + step + "." + "x".repeat(random.nextInt(PADDING));
            try {
                step(actor, value, random);
                tell(Line.ACK + " " + actor);
            } catch (NodeDbException e) {
                if (e.code() != ErrorCode.CONFLICT
                        && e.code() != ErrorCode.DEFINITION_CHANGED
                        && e.code() != ErrorCode.SHUTTING_DOWN
                        && e.code() != ErrorCode.UNIQUE_VIOLATION) {
                    throw e;
                }
                tell(Line.refused(actor, e.code()));
            }
        }
    }

    private void define() {
        int definer = CrashSettings.ACTORS;
        try {
            while (!stopping) {
                long version =
                        database.alterDocuments(
                                        DocumentCrashSettings.DOCUMENTS,
                                        next(documents.definition()))
                                .version();
                for (int i = 0; i < BETWEEN_CHANGES && !stopping; i++) {
                    begin(definer, "put", DocumentCrashSettings.DEFINITION + "=" + version);
                    documents.put(
                            DocumentCrashSettings.DEFINITION, document(Long.toString(version)));
                    tell(Line.ACK + " " + definer);
                }
            }
        } catch (NodeDbException e) {
            if (e.code() != ErrorCode.SHUTTING_DOWN) {
                throw e;
            }
        }
    }

    /** A column comes with a default, is asked for with a check, and goes. */
    private static DefinitionChange next(CollectionDefinition present) {
        DefinitionChange change = new DefinitionChange();
        if (present.column(EXTRA).isEmpty() && present.columns().size() < MOST_COLUMNS) {
            return change.addColumn(
                    NewColumn.of(EXTRA, Type.INT4).notNull().withDefault(Exprs.of(7)));
        }
        if (present.checks().isEmpty()) {
            return change.addCheck("whole", Exprs.field(DocumentCrashSettings.FIELD).ne(""));
        }
        return present.column(EXTRA).isEmpty()
                ? change.dropConstraint("whole")
                : change.dropConstraint("whole").dropColumn(EXTRA);
    }

    private static Document document(String value) {
        return Document.empty().with(DocumentCrashSettings.FIELD, value);
    }

    private void step(int actor, String value, SplittableRandom random) {
        String prefix = "a" + actor + ".";
        String key = prefix + "k" + random.nextInt(DOCUMENTS);
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                begin(actor, "delete", key + "=" + Line.NOTHING);
                boolean ignored = documents.delete(key);
            }
            case 2 -> {
                begin(actor, "insert", key + "=" + value);
                documents.insert(key, document(value));
            }
            case 3 -> {
                begin(actor, "increment", "");
                database.inTransaction(tx -> {
                    DocumentOperations mine = tx.documents(DocumentCrashSettings.DOCUMENTS);
                    mine.put("counter", document(Long.toString(number(mine, "counter") + 1)));
                });
            }
            case 4 -> together(actor, prefix, value);
            case 5 -> transfer(actor, random);
            default -> {
                begin(actor, "put", key + "=" + value);
                documents.put(key, document(value));
            }
        }
    }

    private static long number(DocumentOperations documents, String id) {
        Document document = documents.get(id);
        return document == null ? 0 : Long.parseLong(text(document));
    }

    static String text(Document document) {
        return document.field(DocumentCrashSettings.FIELD).orElseThrow() instanceof Value.Text text
                ? text.value()
                : "";
    }

    /** One value for documents and keys of several partitions. */
    private void together(int actor, String prefix, String value) {
        StringBuilder writes = new StringBuilder();
        for (int i = 0; i < TOGETHER; i++) {
            writes.append(prefix).append('p').append(i).append('=').append(value).append(' ');
        }
        begin(actor, "together", writes.toString().strip());
        database.inTransaction(tx -> {
            DocumentOperations mine = tx.documents(DocumentCrashSettings.DOCUMENTS);
            KeyValueOperations keys = tx.kv(DocumentCrashSettings.KEYS);
            for (int i = 0; i < TOGETHER; i++) {
                if (i % 2 == 0) {
                    mine.put(prefix + "p" + i, document(value));
                } else {
                    keys.put(prefix + "p" + i, value);
                }
            }
        });
    }

    /** Money moves between accounts of both engines that all actors share; the sum stays. */
    private void transfer(int actor, SplittableRandom random) {
        int from = random.nextInt(CrashSettings.ACCOUNTS);
        int to = random.nextInt(CrashSettings.ACCOUNTS);
        long amount = random.nextInt(10);
        begin(actor, "transfer", "");
        database.inTransaction(tx -> {
            add(tx, from, -amount);
            add(tx, to, amount);
        });
    }

    private static void add(Transaction tx, int account, long amount) {
        String name = "account" + account;
        if (account < DocumentCrashSettings.DOCUMENT_ACCOUNTS) {
            DocumentOperations mine = tx.documents(DocumentCrashSettings.DOCUMENTS);
            mine.put(name, document(Long.toString(number(mine, name) + amount)));
        } else {
            long ignored = tx.kv(DocumentCrashSettings.KEYS).increment(name, amount);
        }
    }

    private static void begin(int actor, String kind, String writes) {
        tell((Line.BEGIN + " " + actor + " " + kind + " " + writes).strip());
    }
}
