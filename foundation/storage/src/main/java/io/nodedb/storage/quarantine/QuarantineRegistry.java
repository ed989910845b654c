package io.nodedb.storage.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets damaged files aside and remembers them: moves the file to {@code quarantine/}, writes a
 * {@code .why} text beside it, and appends to {@code quarantine/REGISTRY} ({@link RegistryFormat}),
 * which is read again at the next start.
 *
 * <p>A report never fails: recovery goes on with what is whole, so what can't be moved or written
 * down (a full or read-only disk) is logged and kept in memory. Nothing is ever deleted, except
 * that beyond {@link #MAX_FINDINGS} findings further ones are only counted.
 *
 * <p>Thread-safe; reporting does disk input and output under the monitor.
 */
@Shared("monitor")
public final class QuarantineRegistry {
    /** Findings that are listed: enough to describe a broken disk, small enough to rewrite. */
    public static final int MAX_FINDINGS = 1024;

    static final String REGISTRY = "REGISTRY";

    /** Largest registry that is read: all findings with texts of 4 KiB. */
    private static final long MAX_REGISTRY_BYTES = MAX_FINDINGS * 4096L;

    private static final Logger LOG = System.getLogger(QuarantineRegistry.class.getName());

    private final Disk disk;
    private final String directory;
    private final TimeSource time;
    private final List<QuarantinedFile> findings = new ArrayList<>();
    private long lastId;
    private long unlisted;

    private QuarantineRegistry(Disk disk, String directory, TimeSource time) {
        this.disk = disk;
        this.directory = directory;
        this.time = time;
    }

    /**
     * Reads what earlier runs found. A damaged registry is itself set aside, and the whole lines of
     * it are kept.
     */
    public static QuarantineRegistry open(Disk disk, String directory, TimeSource time)
            throws IOException {
        QuarantineRegistry registry = new QuarantineRegistry(disk, directory, time);
        registry.load();
        return registry;
    }

    private synchronized void load() throws IOException {
        String path = directory + "/" + REGISTRY;
        if (!disk.exists(path)) {
            return;
        }
        String text = readText(disk, path);
        int damaged = 0;
        String[] lines = text.split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
            QuarantinedFile finding = RegistryFormat.parse(lines[i]);
            if (finding != null && findings.size() < MAX_FINDINGS) {
                findings.add(finding);
                lastId = Math.max(lastId, finding.id());
            } else if (!lines[i].isEmpty()) {
                damaged++;
            }
        }
        if (damaged > 0 || !lines[0].equals(RegistryFormat.TITLE)) {
            LOG.log(
                    Level.WARNING,
                    "The quarantine list is damaged; whole lines are kept: path={0} damagedLines={1}",
                    disk.describe(path),
                    damaged);
            disk.rename(path, directory + "/" + REGISTRY + ".damaged-" + time.epochMillis());
            persist();
        }
    }

    static String readText(Disk disk, String path) throws IOException {
        try (DiskFile file = disk.openForRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_REGISTRY_BYTES));
            file.read(0, bytes);
            return new String(bytes.array(), 0, bytes.position(), UTF_8);
        }
    }

    /** As {@link #report(DamageKind, String, long, String, String)}, from what a reader threw. */
    public QuarantinedFile report(DamageKind kind, DamagedFileException damage, String covered) {
        return report(kind, damage.path(), damage.offset(), damage.what(), covered);
    }

    /**
     * Sets the file at {@code path} aside and lists it. A file that is missing because an earlier
     * run set it aside is not listed again; the earlier finding is returned.
     */
    public synchronized QuarantinedFile report(
            DamageKind kind, String path, long offset, String what, String covered) {
        boolean present = disk.exists(path);
        if (!present) {
            for (QuarantinedFile known : findings) {
                if (known.kind() == kind && known.path().equals(path)) {
                    return known;
                }
            }
        }
        long id = ++lastId;
        String movedTo = present ? setAside(id, path, what, covered, offset) : "";
        LOG.log(
                Level.ERROR,
                "A damaged file was set aside: kind={0} path={1} offset={2} what={3} covered={4} movedTo={5}",
                kind,
                disk.describe(path),
                Long.toString(offset),
                what,
                covered,
                movedTo);
        return add(kind, path, offset, what, covered, movedTo, id);
    }

    private QuarantinedFile add(
            DamageKind kind,
            String path,
            long offset,
            String what,
            String covered,
            String movedTo,
            long id) {
        QuarantinedFile finding =
                new QuarantinedFile(
                        id, time.epochMillis(), kind, path, offset, what, covered, movedTo);
        if (findings.size() == MAX_FINDINGS) {
            unlisted++;
            return finding;
        }
        findings.add(finding);
        try {
            persist();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "The quarantine list can't be written", e);
        }
        return finding;
    }

    /**
     * Lists a file that stays where it is, because the rest of it serves. What is listed already is
     * not listed again.
     */
    public synchronized QuarantinedFile list(
            DamageKind kind, DamagedFileException damage, String covered) {
        for (QuarantinedFile known : findings) {
            if (known.kind() == kind && known.path().equals(damage.path())) {
                return known;
            }
        }
        LOG.log(
                Level.ERROR,
                "A file is damaged: kind={0} path={1} offset={2} what={3} covered={4}",
                kind,
                disk.describe(damage.path()),
                Long.toString(damage.offset()),
                damage.what(),
                covered);
        return add(kind, damage.path(), damage.offset(), damage.what(), covered, "", ++lastId);
    }

    /** What is listed, oldest first: a copy. */
    public synchronized List<QuarantinedFile> findings() {
        return List.copyOf(findings);
    }

    /** Findings listed and not listed: the metric. */
    public synchronized long count() {
        return findings.size() + unlisted;
    }

    private String setAside(long id, String path, String what, String covered, long offset) {
        String target = directory + "/" + id + "-" + path.replace('/', '_');
        try {
            disk.createDirectories(directory);
            disk.rename(path, target);
            int slash = path.lastIndexOf('/');
            disk.syncDirectory("");
            disk.syncDirectory(directory);
            disk.syncDirectory(slash < 0 ? "" : path.substring(0, slash));
        } catch (IOException e) {
            LOG.log(Level.ERROR, "A damaged file can't be moved: path=" + disk.describe(path), e);
            return disk.exists(target) ? target : "";
        }
        try {
            writeWhole(
                    target + ".why",
                    "path: "
                            + path
                            + "\noffset: "
                            + offset
                            + "\nwhat: "
                            + what
                            + "\ncovered: "
                            + covered
                            + "\n");
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "The reason can't be written beside " + disk.describe(target),
                    e);
        }
        return target;
    }

    private void persist() throws IOException {
        StringBuilder text = new StringBuilder(RegistryFormat.TITLE).append('\n');
        for (QuarantinedFile finding : findings) {
            text.append(RegistryFormat.line(finding)).append('\n');
        }
        disk.createDirectories(directory);
        String fresh = directory + "/" + REGISTRY + ".new";
        writeWhole(fresh, text.toString());
        disk.rename(fresh, directory + "/" + REGISTRY);
        disk.syncDirectory(directory);
    }

    private void writeWhole(String path, String text) throws IOException {
        disk.delete(path);
        try (DiskFile file = disk.create(path)) {
            file.write(0, ByteBuffer.wrap(text.getBytes(UTF_8)));
            file.sync();
        }
    }
}
