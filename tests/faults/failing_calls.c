/* Stands between a process and the C library and lets single calls on its database fail. What is to fail stands in the
 * file that FAULT_FILE names, read at each call: "write 3" and "sync 1" let the third write or the first sync from now
 * on fail once, with EIO; "full" lets every write fail, with ENOSPC, for as long as the file says so. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int writes, syncs;

static int is_database(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, "linli.db") != NULL;
}

/* Takes over what the file says; whether everything is full. */
static int told(void) {
    char text[64] = "";
    int count, full = 0, file = open(getenv("FAULT_FILE"), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    if (read(file, text, sizeof text - 1) > 0) {
        full = strncmp(text, "full", 4) == 0;
        if (sscanf(text, "write %d", &count) == 1) { unlink(getenv("FAULT_FILE")); syncs = 0; writes = count; }
        if (sscanf(text, "sync %d", &count) == 1) { unlink(getenv("FAULT_FILE")); writes = 0; syncs = count; }
    }
    close(file);
    return full;
}

/* The reason to fail, or 0. */
static int fault(int fd, atomic_int *left) {
    if (!is_database(fd)) return 0;
    if (told() && left == &writes) return ENOSPC;
    if (*left > 0 && atomic_fetch_sub(left, 1) == 1) return EIO;
    return 0;
}

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(reason) do { errno = (reason); return -1; } while (0)

ssize_t write(int fd, const void *from, size_t length) {
    int reason = fault(fd, &writes);
    if (reason) FAIL(reason);
    return NEXT(write)(fd, from, length);
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) {
    int reason = fault(fd, &writes);
    if (reason) FAIL(reason);
    return NEXT(pwrite64)(fd, from, length, at);
}

int fsync(int fd) {
    int reason = fault(fd, &syncs);
    if (reason) FAIL(reason);
    return NEXT(fsync)(fd);
}

int fdatasync(int fd) {
    int reason = fault(fd, &syncs);
    if (reason) FAIL(reason);
    return NEXT(fdatasync)(fd);
}
