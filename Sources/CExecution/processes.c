#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distci_processes.h"

/// Parses /proc/PID/stat. The command's name stands in brackets and may itself hold brackets and spaces: the last
/// closing bracket ends it.
static bool read_process(int proc, const char *name, struct distci_process *process) {
  char path[32];
  char text[1024];
  if (snprintf(path, sizeof path, "%s/stat", name) >= (int)sizeof path) return false;
  int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return false;
  text[length] = 0;
  const char *rest = strrchr(text, ')');
  process->pid = (pid_t)strtol(name, NULL, 10);
  return rest != NULL
      && sscanf(rest, ") %c %d %d %d", &process->state, &process->parent, &process->group, &process->session) == 4;
}

static int by_pid(const void *left, const void *right) {
  pid_t a = ((const struct distci_process *)left)->pid;
  pid_t b = ((const struct distci_process *)right)->pid;
  return (a > b) - (a < b);
}

int distci_processes_read(struct distci_process **processes, size_t *count) {
  DIR *directory = opendir("/proc");
  if (directory == NULL) return errno;
  struct distci_process *list = NULL;
  size_t used = 0, capacity = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    if (used == capacity) {
      capacity = capacity == 0 ? 256 : capacity * 2;
      struct distci_process *grown = realloc(list, capacity * sizeof *list);
      // A part of the tree is better than nothing: the caller looks again anyway.
      if (grown == NULL) break;
      list = grown;
    }
    if (read_process(dirfd(directory), entry->d_name, &list[used])) used++;
  }
  closedir(directory);
  if (list == NULL) return ENOMEM;
  qsort(list, used, sizeof *list, by_pid);
  *processes = list;
  *count = used;
  return 0;
}

static bool descends(const struct distci_process *list, size_t count, pid_t pid, pid_t ancestor) {
  // The bound cuts the circles that a table read while it changes can hold.
  for (size_t depth = 0; depth <= count && pid > 1; depth++) {
    struct distci_process key = {.pid = pid};
    const struct distci_process *found = bsearch(&key, list, count, sizeof *list, by_pid);
    if (found == NULL) return false;
    if (found->parent == ancestor) return true;
    pid = found->parent;
  }
  return false;
}

size_t distci_processes_keep_descendants(struct distci_process *processes, size_t count, pid_t ancestor) {
  bool *keep = calloc(count, sizeof *keep);
  if (keep == NULL) return 0;
  for (size_t i = 0; i < count; i++) keep[i] = descends(processes, count, processes[i].pid, ancestor);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (keep[i]) processes[kept++] = processes[i];
  }
  free(keep);
  return kept;
}
