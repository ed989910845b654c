/**
 * The C library's functions that the Java platform does not offer, or offers with an effect that is
 * not wanted, called through the foreign function interface. Entry types {@link
 * io.nodedb.os.libc.LibC} and, for files, {@link io.nodedb.os.libc.FileCalls}, which may be touched
 * only where {@link io.nodedb.os.libc.NativeAccess#allowed()} holds; every caller has a fallback in
 * plain Java. Static functions; usable from every thread. To add a function: a handle and a method
 * beside those it is used with.
 */
@NullMarked
package io.nodedb.os.libc;

import org.jspecify.annotations.NullMarked;
