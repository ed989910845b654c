package io.nodedb.server.http;

import io.nodedb.base.ownership.Immutable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * HTTP's Basic authentication (RFC 7617) of the one user that there is. Without a password
 * everybody is admitted.
 */
@Immutable
final class BasicAuthorization {
    static final String USER = "nodedb";
    private static final String SCHEME = "Basic ";

    private final boolean open;
    private final byte[] expected;

    BasicAuthorization(String password) {
        open = password.isEmpty();
        expected = (USER + ":" + password).getBytes(StandardCharsets.UTF_8);
    }

    /** Does the value of an Authorization header hold user and password? */
    boolean admits(@Nullable String header) {
        if (open) {
            return true;
        }
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        try {
            byte[] given = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
            // Takes as long wherever the difference is.
            return MessageDigest.isEqual(expected, given);
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }
}
