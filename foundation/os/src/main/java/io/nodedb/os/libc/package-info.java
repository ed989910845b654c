/**
 * The C library's functions that the Java platform does not offer, called through the foreign
 * function interface. Entry type {@link io.nodedb.os.libc.LibC}, which may be touched only where
 * {@link io.nodedb.os.libc.NativeAccess#allowed()} holds; every caller has a fallback in plain
 * Java. Static functions; usable from every thread. To add a function: a handle and a method in
 * {@code LibC}.
 */
@NullMarked
package io.nodedb.os.libc;

import org.jspecify.annotations.NullMarked;
