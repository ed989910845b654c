/**
 * What a collection of documents is: {@link io.nodedb.document.definition.CollectionDefinition}
 * holds its columns, primary key, type guards, constraints and indexes, and gives the definition
 * that follows from a change; {@link io.nodedb.document.definition.DefinitionChange} is several
 * changes as one value. {@link io.nodedb.document.definition.DefinitionFormat} is its bytes in the
 * catalog. Every definition that exists was checked: names, types, references and expressions are
 * sound.
 *
 * <p>A collection's id and name are the catalog's; nothing here knows them.
 *
 * <p>Threads: everything is immutable or without state.
 *
 * <p>To add a part: a record here, its bytes in {@code DefinitionFormat} under a new version, its
 * rules in {@code DefinitionRules}.
 */
@NullMarked
package io.nodedb.document.definition;

import org.jspecify.annotations.NullMarked;
