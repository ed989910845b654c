/**
 * The scalar and nested values that every engine and SQL speak, after PostgreSQL's types. {@link
 * io.nodedb.base.value.Value} is the sealed model and {@link io.nodedb.base.value.Type} describes a
 * column or an expression; {@link io.nodedb.base.value.ValueOrder} is the one total order and its
 * hash; {@link io.nodedb.base.value.KeyWriter} turns that order into bytes; {@link
 * io.nodedb.base.value.Casting} converts, reads and writes text; {@link
 * io.nodedb.base.value.ValueFormat} is the binary form of a single value.
 *
 * <p>Threads: values and types are immutable; readers and writers belong to the thread that uses
 * them; everything else has no state.
 *
 * <p>To add a type: a {@link io.nodedb.base.value.TypeTag} with new numbers, a record in {@code
 * Value}, and what the compiler then asks for: order, key, format, text, casts. The numbers 20 to
 * 22 and the key classes 0x90 to 0x92 are kept for VECTOR, SPARSEVECTOR and GEOMETRY.
 */
@NullMarked
package io.nodedb.base.value;

import org.jspecify.annotations.NullMarked;
