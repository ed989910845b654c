package io.nodedb.os.process;

import io.nodedb.base.ownership.Immutable;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory limit that a Linux control group sets, version 1 or 2, found as cgroups(7) and
 * proc_pid_mountinfo(5) describe: {@code /proc/self/cgroup} names the group, {@code
 * /proc/self/mountinfo} the place where its tree is mounted, and every group from there up to the
 * mount's root may set a limit; the smallest holds.
 */
@Immutable
final class ControlGroup {
    /** No limit. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private static final String VERSION_2_CONTROLLERS = "";
    private static final String VERSION_1_CONTROLLER = "memory";

    private final Path proc;
    private final Path fileSystemRoot;

    /** The roots are arguments for the sake of tests. */
    ControlGroup(Path proc, Path fileSystemRoot) {
        this.proc = proc;
        this.fileSystemRoot = fileSystemRoot;
    }

    /** Limit of the calling process in bytes, {@link #UNLIMITED} when there is none. */
    static long memoryLimitBytes() {
        return new ControlGroup(Path.of("/proc"), Path.of("/")).limitBytes();
    }

    long limitBytes() {
        long limit = UNLIMITED;
        // Both versions may be mounted side by side; only one of them owns the memory controller.
        for (String line : ProcFiles.lines(proc.resolve("self/cgroup"))) {
            // hierarchy-ID:controller,controller:path; the controllers of version 2 are empty
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            if (fields[1].equals(VERSION_2_CONTROLLERS)) {
                limit = Math.min(limit, limit("cgroup2", "", fields[2], "memory.max"));
            } else if (List.of(fields[1].split(",", -1)).contains(VERSION_1_CONTROLLER)) {
                limit =
                        Math.min(
                                limit,
                                limit(
                                        "cgroup",
                                        VERSION_1_CONTROLLER,
                                        fields[2],
                                        "memory.limit_in_bytes"));
            }
        }
        return limit;
    }

    private long limit(String type, String option, String group, String file) {
        for (String line : ProcFiles.lines(proc.resolve("self/mountinfo"))) {
            // id parent major:minor root mountpoint options [optional...] - type source
            // superOptions
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            String[] mount = line.substring(0, separator).split(" ", -1);
            String[] system = line.substring(separator + 3).split(" ", -1);
            if (mount.length < 5 || system.length < 3 || !system[0].equals(type)) {
                continue;
            }
            if (option.isEmpty() || List.of(system[2].split(",", -1)).contains(option)) {
                return smallestLimit(mount[3], mount[4], group, file);
            }
        }
        return UNLIMITED;
    }

    private long smallestLimit(String mountRoot, String mountPoint, String group, String file) {
        Path top = fileSystemRoot.resolve(relative(mountPoint));
        Path root = Path.of(mountRoot);
        Path path = Path.of(group).normalize();
        // In a container the mount shows only the container's own part of the tree.
        Path below = path.startsWith(root) ? root.relativize(path) : Path.of("");
        long limit = UNLIMITED;
        for (Path at = top.resolve(below).normalize();
                at != null && at.startsWith(top);
                at = at.getParent()) {
            limit = Math.min(limit, read(at.resolve(file)));
        }
        return limit;
    }

    private static String relative(String absolute) {
        return absolute.startsWith("/") ? absolute.substring(1) : absolute;
    }

    private static long read(Path file) {
        List<String> lines = ProcFiles.lines(file);
        if (lines.isEmpty() || lines.getFirst().equals("max")) {
            return UNLIMITED;
        }
        try {
            return Long.parseLong(lines.getFirst().strip());
        } catch (NumberFormatException e) {
            return UNLIMITED;
        }
    }
}
