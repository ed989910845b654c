package io.nodedb.os.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChannelDiskTest extends FileSystemDiskContract {
    @Override
    FileAccess access() {
        return FileAccess.CHANNEL;
    }

    @Test
    void saysThatInterruptsCloseItsFiles() {
        assertThat(create().survivesInterrupts()).isFalse();
    }
}
