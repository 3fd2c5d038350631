#pragma once

#include <sys/types.h>

#include "configuration.h"

/// Why the command did not start.
struct failure {
  int step;  // enum distci_step
  int error;
};

/// Forks the command. `*verdict` becomes a descriptor that reads one `struct failure`, or its end as soon as the command's
/// own first instruction is due. Returns the leader's pid, or -1 with `failure` filled.
pid_t launch(const struct command *command, int *verdict, struct failure *failure);
