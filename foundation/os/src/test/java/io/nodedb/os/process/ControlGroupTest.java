package io.nodedb.os.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
    private static final long MIB = 1 << 20;

    @TempDir private Path root;

    private long limit(String groups, String mounts) throws IOException {
        write("proc/self/cgroup", groups);
        write("proc/self/mountinfo", mounts);
        return new ControlGroup(root.resolve("proc"), root).limitBytes();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    @Test
    void noControlGroupMeansNoLimit() throws IOException {
        assertThat(new ControlGroup(root.resolve("none"), root).limitBytes())
                .isEqualTo(ControlGroup.UNLIMITED);
        assertThat(limit("", "")).isEqualTo(ControlGroup.UNLIMITED);
        assertThat(limit("0::/", "")).isEqualTo(ControlGroup.UNLIMITED);
    }

    @Test
    void versionTwoTakesTheSmallestLimitOnTheWayUp() throws IOException {
        write("sys/fs/cgroup/a/memory.max", "" + 100 * MIB);
        write("sys/fs/cgroup/a/b/memory.max", "max");
        write("sys/fs/cgroup/a/b/c/memory.max", "" + 200 * MIB);
        String mounts = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
        assertThat(limit("0::/a/b/c", mounts)).isEqualTo(100 * MIB);
        assertThat(limit("0::/a/b/c/d", mounts)).isEqualTo(100 * MIB);
        assertThat(limit("0::/x", mounts)).isEqualTo(ControlGroup.UNLIMITED);
    }

    @Test
    void versionTwoInAContainerReadsTheMountsRoot() throws IOException {
        write("sys/fs/cgroup/memory.max", "" + 64 * MIB);
        assertThat(
                        limit(
                                "0::/docker/123",
                                "30 23 0:26 /docker/123 /sys/fs/cgroup ro - cgroup2 cgroup rw"))
                .isEqualTo(64 * MIB);
        assertThat(
                        limit(
                                "0::/../other",
                                "30 23 0:26 /docker/123 /sys/fs/cgroup ro - cgroup2 cgroup rw"))
                .isEqualTo(64 * MIB);
    }

    @Test
    void versionOneFindsItsMemoryController() throws IOException {
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        write("sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "" + 32 * MIB);
        assertThat(
                        limit(
                                "3:cpu,cpuacct:/x\n4:memory:/jobs/one\n0::/ignored",
                                "31 30 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
                                        + "32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"))
                .isEqualTo(32 * MIB);
    }
}
