package io.nodedb.bench.trial;

import java.io.IOException;

/** A started process ended without saying what it was started for. */
public final class SilentProcessException extends IOException {
    private static final long serialVersionUID = 1;

    SilentProcessException(String message) {
        super(message);
    }
}
