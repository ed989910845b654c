package io.nodedb.os.libc;

import io.nodedb.base.ownership.Shared;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the Linux C library on files, with its names and its results (-1 for a failure,
 * whose number is in the memory given as {@code errno}; see {@link LibC#errno}). As with {@link
 * LibC}: ask {@link NativeAccess#allowed()} first, calls allocate nothing, constants are those of
 * the generic Linux ABI. Source: man pages open(2), pread(2), fsync(2), ftruncate(2), lseek(2),
 * close(2), strerror(3), errno(3).
 */
@Shared("constants")
public final class FileCalls {
    public static final int ENOENT = 2;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int ENOSPC = 28;
    public static final int EDQUOT = 122;

    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_CLOEXEC = 0x80000;

    public static final int SEEK_END = 2;

    /** More than any text of {@code strerror} has. */
    private static final long MOST_TEXT_BYTES = 1024;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    /** The mode is one of the variable arguments. */
    private static final int OPEN_FIXED_ARGUMENTS = 2;

    private static final MethodHandle OPEN =
            LibC.function(
                    "open",
                    FunctionDescriptor.of(INT, POINTER, INT, INT),
                    ERRNO,
                    Linker.Option.firstVariadicArg(OPEN_FIXED_ARGUMENTS));
    private static final MethodHandle PREAD =
            LibC.function("pread", FunctionDescriptor.of(LONG, INT, POINTER, LONG, LONG), ERRNO);
    private static final MethodHandle PWRITE =
            LibC.function("pwrite", FunctionDescriptor.of(LONG, INT, POINTER, LONG, LONG), ERRNO);
    private static final MethodHandle FDATASYNC =
            LibC.function("fdatasync", FunctionDescriptor.of(INT, INT), ERRNO);
    private static final MethodHandle FSYNC =
            LibC.function("fsync", FunctionDescriptor.of(INT, INT), ERRNO);
    private static final MethodHandle FTRUNCATE =
            LibC.function("ftruncate", FunctionDescriptor.of(INT, INT, LONG), ERRNO);
    private static final MethodHandle LSEEK =
            LibC.function("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT), ERRNO);
    private static final MethodHandle CLOSE =
            LibC.function("close", FunctionDescriptor.of(INT, INT), ERRNO);

    /** Linked when the first error is put into words, because linking takes milliseconds. */
    private static final class Texts {
        private static final MethodHandle STRERROR =
                LibC.function("strerror", FunctionDescriptor.of(POINTER, INT));
    }

    private FileCalls() {}

    /** A new descriptor, or -1. {@code path} ends with a zero byte. */
    public static int open(MemorySegment errno, MemorySegment path, int flags, int mode) {
        try {
            return (int) OPEN.invokeExact(errno, path, flags, mode);
        } catch (Throwable thrown) {
            throw LibC.unexpected("open", thrown);
        }
    }

    /** Reads up to {@code bytes} from {@code position}; returns how many (0 at the end), or -1. */
    public static long pread(
            MemorySegment errno, int descriptor, MemorySegment target, long bytes, long position) {
        try {
            return (long) PREAD.invokeExact(errno, descriptor, target, bytes, position);
        } catch (Throwable thrown) {
            throw LibC.unexpected("pread", thrown);
        }
    }

    /** Writes up to {@code bytes} to {@code position}; returns how many, or -1. */
    public static long pwrite(
            MemorySegment errno, int descriptor, MemorySegment source, long bytes, long position) {
        try {
            return (long) PWRITE.invokeExact(errno, descriptor, source, bytes, position);
        } catch (Throwable thrown) {
            throw LibC.unexpected("pwrite", thrown);
        }
    }

    /** Makes a file's bytes and length last. */
    public static int fdatasync(MemorySegment errno, int descriptor) {
        try {
            return (int) FDATASYNC.invokeExact(errno, descriptor);
        } catch (Throwable thrown) {
            throw LibC.unexpected("fdatasync", thrown);
        }
    }

    /** Makes a file, attributes included, or a folder's names last. */
    public static int fsync(MemorySegment errno, int descriptor) {
        try {
            return (int) FSYNC.invokeExact(errno, descriptor);
        } catch (Throwable thrown) {
            throw LibC.unexpected("fsync", thrown);
        }
    }

    public static int ftruncate(MemorySegment errno, int descriptor, long bytes) {
        try {
            return (int) FTRUNCATE.invokeExact(errno, descriptor, bytes);
        } catch (Throwable thrown) {
            throw LibC.unexpected("ftruncate", thrown);
        }
    }

    /** The position after seeking, or -1. */
    public static long lseek(MemorySegment errno, int descriptor, long offset, int whence) {
        try {
            return (long) LSEEK.invokeExact(errno, descriptor, offset, whence);
        } catch (Throwable thrown) {
            throw LibC.unexpected("lseek", thrown);
        }
    }

    /** Closes a descriptor; its number may be given out again at once, even after a failure. */
    public static int close(MemorySegment errno, int descriptor) {
        try {
            return (int) CLOSE.invokeExact(errno, descriptor);
        } catch (Throwable thrown) {
            throw LibC.unexpected("close", thrown);
        }
    }

    /** The text of an error number, in the process's language. */
    public static String strerror(int error) {
        try {
            MemorySegment text = (MemorySegment) Texts.STRERROR.invokeExact(error);
            return text.reinterpret(MOST_TEXT_BYTES).getString(0);
        } catch (Throwable thrown) {
            throw LibC.unexpected("strerror", thrown);
        }
    }
}
