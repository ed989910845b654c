package io.nodedb.storage.wal;

import io.nodedb.os.disk.DiskFile;

/** A segment with its file, open for writing. */
record OpenSegment(Segment segment, DiskFile file) {}
