#pragma once

#include <sys/types.h>

#include "configuration.h"

/// Why the command did not start; step 0 if it did.
struct failure {
  int step;  // enum distci_step
  int error;
};

/// Starts the command, with `output` as its stdout and stderr, and returns the leader's pid when its program has been executed. Otherwise fills `failure`, and
/// returns the pid of a child that has ended, or -1.
///
/// A file system that hangs in chdir or exec holds this up; the worker then loses its patience and kills the runner.
pid_t launch(const struct command *command, int output, struct failure *failure);
