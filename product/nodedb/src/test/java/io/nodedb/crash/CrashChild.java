package io.nodedb.crash;

import io.nodedb.Change;
import io.nodedb.ChangeFeed;
import io.nodedb.CollectionSettings;
import io.nodedb.KeyValue;
import io.nodedb.KeyValueOperations;
import io.nodedb.NodeDb;
import io.nodedb.PutOptions;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.Settings;
import io.nodedb.os.disk.FileSystemDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The process that is killed: actors work on a database, each thread one step at a time, and tell
 * every step before it is asked for and after it was acknowledged. A line {@code stop} on standard
 * input makes it close the database and end.
 */
public final class CrashChild {
    private static final int KEYS = 6;

    private final NodeDb database;
    private final KeyValue data;
    private final String run;
    private volatile boolean stopping;

    private CrashChild(NodeDb database, String run) {
        this.database = database;
        this.data = database.kv(CrashSettings.COLLECTION, CollectionSettings.DEFAULTS.withFeed());
        this.run = run;
    }

    /** Arguments: directory, {@code kill} or {@code power}, seed, cores, position of the feed. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        Settings settings = CrashSettings.settings(Integer.parseInt(arguments[3]));
        NodeDb database =
                arguments[1].equals("power")
                        ? new NodeDb(
                                EmbeddedDatabase.open(
                                        new UnsyncedDisk(new FileSystemDisk(directory)), settings),
                                SystemTimeSource.INSTANCE)
                        : NodeDb.open(directory, settings);
        new CrashChild(database, Long.toString(seed, 36))
                .work(new SplittableRandom(seed), Long.parseLong(arguments[4]));
    }

    private void work(SplittableRandom random, long position) throws Exception {
        List<Thread> threads = new ArrayList<>();
        ChangeFeed feed = database.changes(position);
        tell(Line.READY);
        threads.add(Thread.ofPlatform().name("feed").start(() -> follow(feed)));
        for (int i = 0; i < CrashSettings.ACTORS; i++) {
            int actor = i;
            SplittableRandom own = random.split();
            threads.add(Thread.ofPlatform().name("actor-" + i).start(() -> act(actor, own)));
        }
        while (System.in.read() != '\n') {
            // the word does not matter
        }
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        feed.close();
        database.close();
    }

    @SuppressWarnings("SystemOut") // this is how it speaks
    private static synchronized void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private void follow(ChangeFeed feed) {
        while (!stopping) {
            Change change = feed.poll(Duration.ofMillis(20));
            if (change != null) {
                tell(
                        Line.CHANGE
                                + " "
                                + change.lsn()
                                + " "
                                + change.partition()
                                + "."
                                + change.index()
                                + " "
                                + text(change.key())
                                + " "
                                + text(change.value())
                                + " "
                                + text(change.priorValue()));
            }
            tell(Line.POSITION + " " + feed.position());
        }
    }

    private static String text(byte[] bytes) {
        return bytes == null ? Line.NOTHING : new String(bytes, StandardCharsets.UTF_8);
    }

    private void act(int actor, SplittableRandom random) {
        for (long step = 0; !stopping; step++) {
            String value = run + "." + actor + "." + step;
            try {
                step(actor, value, random);
                tell(Line.ACK + " " + actor);
            } catch (NodeDbException e) {
                if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.SHUTTING_DOWN) {
                    throw e;
                }
                tell(Line.refused(actor, e.code()));
            }
        }
    }

    private void step(int actor, String value, SplittableRandom random) {
        String prefix = "a" + actor + ".";
        String key = prefix + "k" + random.nextInt(KEYS);
        switch (random.nextInt(8)) {
            case 0 -> {
                begin(actor, "delete", key + "=" + Line.NOTHING);
                boolean ignored = data.delete(key);
            }
            case 1 -> {
                String timed = prefix + "t" + random.nextInt(KEYS);
                begin(actor, "timed", timed + "=" + value);
                boolean ignored =
                        data.put(
                                timed,
                                value,
                                PutOptions.DEFAULTS.ttl(
                                        Duration.ofMillis(1 + random.nextInt(300))));
            }
            case 2 -> {
                begin(actor, "increment", "");
                long ignored = data.increment("counter", 1);
            }
            case 3, 4 -> together(actor, prefix, value);
            case 5 -> transfer(actor, random);
            default -> {
                begin(actor, "put", key + "=" + value);
                data.put(key, value);
            }
        }
    }

    /** One value for several keys of several partitions. */
    private void together(int actor, String prefix, String value) {
        StringBuilder writes = new StringBuilder();
        for (int i = 0; i < KEYS; i++) {
            writes.append(prefix).append('p').append(i).append('=').append(value).append(' ');
        }
        begin(actor, "together", writes.toString().strip());
        database.inTransaction(transaction -> {
            KeyValueOperations keys = transaction.kv(CrashSettings.COLLECTION);
            for (int i = 0; i < KEYS; i++) {
                keys.put(prefix + "p" + i, value);
            }
        });
    }

    /** Money moves between accounts that all actors share; the sum stays. */
    private void transfer(int actor, SplittableRandom random) {
        String from = "account" + random.nextInt(CrashSettings.ACCOUNTS);
        String to = "account" + random.nextInt(CrashSettings.ACCOUNTS);
        long amount = random.nextInt(10);
        begin(actor, "transfer", "");
        database.inTransaction(transaction -> {
            KeyValueOperations keys = transaction.kv(CrashSettings.COLLECTION);
            long ignored = keys.increment(from, -amount);
            ignored = keys.increment(to, amount);
        });
    }

    private static void begin(int actor, String kind, String writes) {
        tell((Line.BEGIN + " " + actor + " " + kind + " " + writes).strip());
    }
}
