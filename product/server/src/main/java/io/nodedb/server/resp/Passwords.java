package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The one password of a server. Compared in constant time; never shown. */
@Immutable
@SuppressWarnings("Immutable") // the array is never handed out
final class Passwords {
    /** The name under which a client that gives none is known. */
    static final String USER = "default";

    /** The first superuser's name is accepted as well. */
    private static final String SUPERUSER = "nodedb";

    private final byte[] password;

    /** Empty: none is needed. */
    Passwords(String password) {
        this.password = password.getBytes(StandardCharsets.UTF_8);
    }

    boolean required() {
        return password.length > 0;
    }

    boolean accept(String user, byte[] given) {
        boolean known = user.equals(USER) || user.equals(SUPERUSER);
        // Without a configured password, any one is as good, as for Redis' default user.
        return known && (!required() || MessageDigest.isEqual(password, given));
    }

    @Override
    public String toString() {
        return required() ? "a password" : "no password";
    }
}
