package io.nodedb.storage.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodedb.os.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Tells what earlier starts of a closed database set aside or listed, and changes nothing. */
public final class QuarantineVerifier {
    private static final String REASON_SUFFIX = ".why";

    private final Disk disk;
    private final String directory;
    private final List<String> findings = new ArrayList<>();
    private final List<String> files;

    private QuarantineVerifier(Disk disk, String directory) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.files = new ArrayList<>(disk.list(directory));
    }

    /**
     * One sentence for each file that is listed, for each that lies there unlisted, and for each
     * damaged line of the list; none when nothing was ever found damaged.
     */
    public static List<String> verify(Disk disk, String directory) throws IOException {
        return new QuarantineVerifier(disk, directory).run();
    }

    private List<String> run() throws IOException {
        if (files.remove(QuarantineRegistry.REGISTRY)) {
            verifyList(directory + "/" + QuarantineRegistry.REGISTRY);
        }
        for (String name : files) {
            if (!name.endsWith(REASON_SUFFIX)) {
                findings.add("A damaged file lies aside: path=" + directory + "/" + name);
            }
        }
        return List.copyOf(findings);
    }

    private void verifyList(String path) throws IOException {
        String[] lines = QuarantineRegistry.readText(disk, path).split("\n", -1);
        long offset = 0;
        for (int i = 0; i < lines.length; i++) {
            QuarantinedFile file = i == 0 ? null : RegistryFormat.parse(lines[i]);
            boolean title = i == 0 && lines[i].equals(RegistryFormat.TITLE);
            if (file != null) {
                list(file);
            } else if (!title && !(i > 0 && lines[i].isEmpty())) {
                findings.add(
                        new DamagedFileException(path, offset, "a line of the list").getMessage());
            }
            offset += lines[i].getBytes(UTF_8).length + 1;
        }
    }

    private void list(QuarantinedFile file) {
        files.remove(file.movedTo().substring(file.movedTo().lastIndexOf('/') + 1));
        findings.add(
                "An earlier start found damage: path="
                        + file.path()
                        + " offset="
                        + file.offset()
                        + " what="
                        + file.what()
                        + " covered="
                        + file.covered()
                        + " moved_to="
                        + file.movedTo());
    }
}
