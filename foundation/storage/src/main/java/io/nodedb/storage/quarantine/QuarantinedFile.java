package io.nodedb.storage.quarantine;

import io.nodedb.base.ownership.Immutable;

/**
 * One finding.
 *
 * @param id counts up from 1 within the database
 * @param epochMillis when it was found
 * @param path where the file was, relative to the database's directory
 * @param offset of the damage in the file
 * @param what what was wrong
 * @param covered what the file held, for people: {@code partition 3, engine kv, base}
 * @param movedTo where the file is now; empty when it stayed (or was missing)
 */
@Immutable
public record QuarantinedFile(
        long id,
        long epochMillis,
        DamageKind kind,
        String path,
        long offset,
        String what,
        String covered,
        String movedTo) {}
