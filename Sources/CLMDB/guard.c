#define _GNU_SOURCE
#include "clmdb.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

// Everything here may run in a signal handler: no allocation, no locks, no stdio.

enum { path_max = 4096, page_bytes = 4096 };
// A value in a mapped page may claim up to 4 GiB, which can lead behind the end of a small map.
static const uint64_t stray_max = (uint64_t)1 << 32;

static volatile sig_atomic_t exit_status = -1;
static struct sigaction before_bus, before_segv;

struct found {
    char path[path_max];
    uint64_t offset;
};

static void say(const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t count = write(2, text, left);
        if (count <= 0) return;
        text += count;
        left -= (size_t)count;
    }
}

static void say_number(uint64_t number) {
    char digits[21];
    int at = 20;
    digits[at] = 0;
    do { digits[--at] = (char)('0' + number % 10); number /= 10; } while (number > 0);
    say(digits + at);
}

static const char *hexadecimal(const char *text, uint64_t *value) {
    *value = 0;
    for (;; text++) {
        if (*text >= '0' && *text <= '9') *value = *value << 4 | (uint64_t)(*text - '0');
        else if (*text >= 'a' && *text <= 'f') *value = *value << 4 | (uint64_t)(*text - 'a' + 10);
        else return text;
    }
}

// Reads one line of /proc/self/maps: `start-end perms offset device inode   path`. 1 where a `data.mdb` is mapped at the
// address or below it, -1 where something else is mapped there.
static int place(char *line, uint64_t address, struct found *found) {
    uint64_t start, end, offset;
    const char *text = hexadecimal(line, &start);
    if (*text != '-') return 0;
    text = hexadecimal(text + 1, &end);
    if (address < start || (address >= end && address - end >= stray_max)) return 0;
    int is_inside = address < end;
    for (int fields = 0; fields < 2; fields++) {
        while (*text == ' ') text++;
        if (fields == 0) while (*text && *text != ' ') text++;
    }
    hexadecimal(text, &offset);
    const char *path = strchr(text, '/');
    if (!path || !strstr(path, "/data.mdb")) return is_inside ? -1 : 0;
    strncpy(found->path, path, sizeof found->path - 1);
    found->offset = address - start + offset;
    return 1;
}

// The mapped `data.mdb` that an address is in, or strays from.
static int find(uint64_t address, struct found *found) {
    memset(found, 0, sizeof *found);
    int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) return 0;
    char line[path_max + 128], block[1024];
    size_t length = 0;
    int is_found = 0;
    ssize_t count;
    while ((count = read(maps, block, sizeof block)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            if (block[i] != '\n') {
                if (length < sizeof line - 1) line[length++] = block[i];
                continue;
            }
            line[length] = 0;
            length = 0;
            int placed = place(line, address, found);
            if (placed != 0) is_found = placed > 0;
        }
    }
    close(maps);
    return is_found;
}

static void handle(int number, siginfo_t *info, void *context) {
    (void)context;
    struct found found;
    uint64_t address = (uint64_t)(uintptr_t)info->si_addr;
    int is_fault = info->si_code > 0;
    if (is_fault && find(address, &found)) {
        say("docket: data.mdb is damaged: page ");
        say_number(found.offset / page_bytes);
        say(" cannot be read, in `");
        say(found.path);
        say("`\n");
        _exit(exit_status);
    }
    // Not ours: the instruction runs again under the handler that was there before.
    sigaction(number, number == SIGBUS ? &before_bus : &before_segv, NULL);
    if (!is_fault) raise(number);
}

void clmdb_guard(int status) {
    int is_first = exit_status < 0;
    exit_status = status;
    if (!is_first) return;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before_bus);
    sigaction(SIGSEGV, &action, &before_segv);
}

void clmdb_assertion(MDB_env *environment, const char *message) {
    if (exit_status < 0) return;
    const char *path = NULL;
    say("docket: data.mdb is damaged: ");
    say(message);
    if (mdb_env_get_path(environment, &path) == 0 && path) {
        say(", in `");
        say(path);
        say("/data.mdb`");
    }
    say("\n");
    _exit(exit_status);
}
