#pragma once

#include <stddef.h>
#include <sys/types.h>

/// One line of the process table.
struct distci_process {
  pid_t pid;
  pid_t parent;
  pid_t group;
  pid_t session;
  char state;  // as in /proc/PID/stat: 'R', 'S', 'T', 'Z', …
};

/// Reads the process table from /proc, ordered by pid. It is no snapshot: whoever acts on it must look again.
/// Returns 0 and a list that the caller frees, or an errno value.
int distci_processes_read(struct distci_process **processes, size_t *count);

/// Keeps only the descendants of `ancestor` in the list (order kept), and returns how many they are.
size_t distci_processes_keep_descendants(struct distci_process *processes, size_t count, pid_t ancestor);
