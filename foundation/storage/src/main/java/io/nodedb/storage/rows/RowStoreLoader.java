package io.nodedb.storage.rows;

import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.manifest.RowManifest;
import io.nodedb.storage.rows.manifest.RowManifestFile;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentInfo;
import io.nodedb.storage.rows.segment.SegmentOpener;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a store's folder at start, before its core owns it: the manifest that counts, the files
 * that it lists, and deletes what it does not list. Blocks; touches nothing when anything is
 * damaged or missing, since evidence is not deleted.
 */
public final class RowStoreLoader {
    private final Disk disk;
    private final String directory;
    private final CheckpointOwner owner;
    private final DamageReports damage;

    public RowStoreLoader(
            Disk disk, String directory, CheckpointOwner owner, DamageReports damage) {
        this.disk = disk;
        this.directory = directory;
        this.owner = owner;
        this.damage = damage;
    }

    /**
     * Makes the folder of a partition that was just created, and publishes its empty manifest, so
     * that from now on a missing one is a loss and not a beginning.
     */
    public void create(long incarnation) throws IOException {
        disk.createDirectories(directory);
        // The folder's own name must last too, or all that is synced in it is gone with it.
        for (int slash = directory.lastIndexOf('/');
                slash > 0;
                slash = directory.lastIndexOf('/', slash - 1)) {
            disk.syncDirectory(directory.substring(0, slash));
        }
        disk.syncDirectory("");
        new RowManifestFile(disk, directory, owner).publish(RowManifest.empty(incarnation));
    }

    /** Nothing was ever published here, nor written. */
    public boolean isNew() throws IOException {
        if (!new RowManifestFile(disk, directory, owner).isNew()) {
            return false;
        }
        for (String name : disk.list(directory)) {
            if (SegmentInfo.numberOf(name) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Up to which commit the log is known to have been synced; 0 when nothing was published here,
     * or no manifest is whole, which {@link #load} then reports.
     */
    public long highestLsn() throws IOException {
        RowManifestFile file = new RowManifestFile(disk, directory, owner);
        if (file.isNew()) {
            return 0;
        }
        try {
            return file.read().manifest().highestLsn();
        } catch (DamagedFileException e) {
            return 0;
        }
    }

    /**
     * Opens everything that counts. A file of rows that is damaged or missing is reported, and its
     * key range answers with that damage while the rest serves. {@link DamagedFileException} when
     * no manifest is whole.
     */
    public RecoveredRows load() throws IOException {
        RowManifestFile.Found found = new RowManifestFile(disk, directory, owner).read();
        for (DamagedFileException damaged : found.damaged()) {
            damage.damaged(damaged, owner.describe() + ", one of two manifests");
        }
        RowManifest manifest = found.manifest();
        List<List<Segment>> levels = new ArrayList<>();
        for (List<SegmentInfo> level : manifest.levels()) {
            List<Segment> segments = new ArrayList<>();
            for (SegmentInfo info : level) {
                segments.add(open(info));
            }
            levels.add(segments);
        }
        return new RecoveredRows(
                manifest,
                Levels.of(levels),
                Math.max(manifest.nextFileNumber(), deleteUnlisted(manifest) + 1));
    }

    private Segment open(SegmentInfo info) throws IOException {
        try {
            return SegmentOpener.open(disk, directory, owner, info);
        } catch (NoSuchFileException e) {
            return damaged(
                    info,
                    new DamagedFileException(
                            directory + "/" + info.name(), 0, "the file is missing", e));
        } catch (DamagedFileException e) {
            return damaged(info, e);
        }
    }

    private Segment damaged(SegmentInfo info, DamagedFileException found) {
        damage.damaged(found, owner.describe() + ", rows");
        return SegmentOpener.damaged(directory, info, found);
    }

    /**
     * @return the highest number of a file that was there
     */
    private long deleteUnlisted(RowManifest manifest) throws IOException {
        Set<String> listed = new HashSet<>();
        manifest.levels().forEach(level -> level.forEach(info -> listed.add(info.name())));
        Set<Long> evidence = new HashSet<>();
        manifest.lost().forEach(lost -> evidence.add(lost.file()));
        long highest = 0;
        for (String name : disk.list(directory)) {
            long number = SegmentInfo.numberOf(name);
            highest = Math.max(highest, number);
            if (number >= 0 && !listed.contains(name)) {
                String path = directory + "/" + name;
                if (evidence.contains(number)) {
                    disk.rename(path, path + LostRange.ASIDE_SUFFIX);
                } else {
                    disk.delete(path);
                }
            }
        }
        return highest;
    }
}
