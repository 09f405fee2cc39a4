/* A disk that forgets: keeps, of every file in $SHADOW_FROM, the contents it had when it was last synced.

   Preloaded into a process, it copies a file to $SHADOW_TO at each fsync or fdatasync. After the process is killed,
   the copies are what a power cut would have left: whatever was written and not synced is gone. A removed file is
   gone once its folder is synced. It models no torn sectors and no disk that lies about syncing, and takes the name
   of a synced file as synced too. */

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int copy(int from, int to)
{
    char buffer[65536];
    off_t offset = 0;
    ssize_t count;
    while ((count = pread(from, buffer, sizeof buffer, offset)) > 0) {
        if (write(to, buffer, count) != count)
            return -1;
        offset += count;
    }
    return (int)count;
}

/* Syncing the folder makes it certain which files are gone. */
static void keep_folder(const char *from, const char *to)
{
    char original[PATH_MAX * 2], kept[PATH_MAX * 2];
    struct dirent *entry;
    DIR *folder = opendir(to);
    while (folder && (entry = readdir(folder))) {
        snprintf(original, sizeof original, "%s/%s", from, entry->d_name);
        snprintf(kept, sizeof kept, "%s/%s", to, entry->d_name);
        if (entry->d_type == DT_REG && access(original, F_OK) != 0)
            unlink(kept);
    }
    if (folder)
        closedir(folder);
}

static void keep(int fd)
{
    char link[64], path[PATH_MAX], draft[PATH_MAX * 2], kept[PATH_MAX * 2];
    const char *from = getenv("SHADOW_FROM"), *to = getenv("SHADOW_TO");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (!from || !to || length < 0)
        return;
    path[length] = 0;
    if (strcmp(path, from) == 0)
        keep_folder(from, to);
    if (strncmp(path, from, strlen(from)) != 0 || path[strlen(from)] != '/')
        return;
    const char *name = strrchr(path, '/') + 1;
    snprintf(draft, sizeof draft, "%s/.%s.draft", to, name);
    snprintf(kept, sizeof kept, "%s/%s", to, name);
    int source = open(path, O_RDONLY | O_CLOEXEC);
    int target = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (source < 0 || target < 0 || copy(source, target) != 0 || rename(draft, kept) != 0)
        abort(); /* a model that fails quietly would prove nothing */
    close(target);
    close(source);
}

int fsync(int fd)
{
    keep(fd);
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    keep(fd);
    return (int)syscall(SYS_fdatasync, fd);
}
