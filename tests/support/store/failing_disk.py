"""A disk that fails when a test wants it to: a C library, preloaded into a bot's process, replaces file calls."""

import contextlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

COMPILER = shutil.which("cc") or shutil.which("gcc")

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const volatile char *how = "-";

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAILING_DISK");
    int file = name ? (int)syscall(257, AT_FDCWD, name, O_RDONLY, 0) : -1;
    if (file >= 0) how = mmap(0, 32, PROT_READ, MAP_SHARED, file, 0);
}

static int of_store(const char *path) { return strstr(path, "seraf.sqlite") && !strstr(path, ".lock"); }

static int is_of_store(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (*how == 'f' && strstr(path, ".unsaved")) return 0; /* its room is taken already, so that no full disk refuses it */
    return of_store(path);
}

static long long size_of(const char *path) { struct stat it; return stat(path, &it) ? 0 : (long long)it.st_size; }

static int has_no_room(int file, long long end) {
    char link[64], path[4096], log[4096], reserve[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 5);
    if (length < 0) return 0;
    path[length] = 0;
    if (!of_store(path) || strstr(path, "-shm") || strstr(path, ".status") || strstr(path, ".unsaved")) return 0;
    long long growth = end - size_of(path);
    if (length > 4 && !strcmp(path + length - 4, "-wal")) path[length - 4] = 0;
    snprintf(log, sizeof log, "%s-wal", path);
    snprintf(reserve, sizeof reserve, "%s.reserve", path);
    return growth > 0 && size_of(path) + size_of(log) + size_of(reserve) + growth > atoll((const char *)how + 1);
}

static int wrong_write(int file, long long end) {
    int error = *how == 'f' ? ENOSPC : *how == 'w' ? EIO : *how == 'r' ? EROFS : 0;
    if (*how == 'b') {
        if (!has_no_room(file, end)) return 0;
        errno = ENOSPC;
        return 1;
    }
    if (!error || !is_of_store(file)) return 0;
    errno = error;
    return 1;
}

static int wrong_sync(int file) {
    if ((*how != 's' && *how != 'h') || !is_of_store(file)) return 0;
    if (*how == 'h') { while (*how == 'h') usleep(20000); return 0; }
    errno = EIO;
    return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int f, const void *b, size_t n) { REAL(write); return wrong_write(f, 0) ? -1 : real(f, b, n); }
ssize_t pwrite(int f, const void *b, size_t n, off_t o) { REAL(pwrite); return wrong_write(f, o + n) ? -1 : real(f, b, n, o); }
ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) { REAL(pwrite64); return wrong_write(f, o + n) ? -1 : real(f, b, n, o); }
int fsync(int f) { REAL(fsync); return wrong_sync(f) ? -1 : real(f); }
int fdatasync(int f) { REAL(fdatasync); return wrong_sync(f) ? -1 : real(f); }

static int wrong_open(const char *path, int flags) {
    if (*how != 'r' || (flags & O_ACCMODE) == O_RDONLY || !of_store(path)) return 0;
    errno = EROFS;
    return 1;
}

#define OPENS(name) int name(const char *p, int flags, ...) { \
    va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
    REAL(name); return wrong_open(p, flags) ? -1 : real(p, flags, mode); }
OPENS(open)
OPENS(open64)
"""

SIGNS = 32
"""The size in bytes of the file that controls the library. It has a letter for the failure, and a limit in bytes."""

HOW = {"full": "f", "EIO on write": "w", "EIO on sync": "s", "read-only": "r", "a sync that hangs": "h"}
"""The kinds of failure, with the letter that causes each."""


class FailingDisk:
    """A compiled library, and the file that tells it whether and how to fail."""

    def __init__(self, folder: Path) -> None:
        if COMPILER is None:
            pytest.skip("no compiler: a disk cannot be made to fail here")
        self._sign, self._library = folder / "sign", folder / "failing_disk.so"
        self._sign.write_text("-".ljust(SIGNS))
        source = folder / "failing_disk.c"
        source.write_text(SOURCE)
        subprocess.run([COMPILER, "-shared", "-fPIC", "-O1", "-o", self._library, source, "-ldl"], check=True)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a process whose disk can be made to fail."""
        return {"LD_PRELOAD": str(self._library), "FAILING_DISK": str(self._sign)}

    @contextlib.contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Within the context, allow database, log and reserve file together only this many bytes."""
        self._put(f"b{size}")
        try:
            yield
        finally:
            self._put("-")

    @contextlib.contextmanager
    def failing(self, how: str) -> Iterator[None]:
        """Within the context, let the disk of the store fail in one of the ways of `HOW`."""
        self._put(HOW[how])
        try:
            yield
        finally:
            self._put("-")

    def _put(self, sign: str) -> None:
        """Overwrite the control file in place, since the bot's process has mapped it into memory."""
        with self._sign.open("r+b") as file:
            file.write(sign.ljust(SIGNS).encode())


@contextlib.contextmanager
def held(store: Path) -> Iterator[None]:
    """Lock the database within the context, as another program may, so that the bot can neither read nor write it."""
    other = sqlite3.connect(store, isolation_level=None, timeout=10)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
