package io.nodedb.storage.rows.manifest;

import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowJobKind;
import java.io.IOException;

/** Writes a manifest. One worker at a time. */
public final class PublishJob implements RowJob {
    private final RowManifestFile file;
    private final RowManifest manifest;

    public PublishJob(RowManifestFile file, RowManifest manifest) {
        this.file = file;
        this.manifest = manifest;
    }

    @Override
    public RowJobKind kind() {
        return RowJobKind.PUBLISH;
    }

    @Override
    public boolean step() throws IOException {
        file.publish(manifest);
        return false;
    }

    public RowManifest manifest() {
        return manifest;
    }

    @Override
    public long bytesMoved() {
        return 0;
    }
}
