#pragma once

#include <stddef.h>
#include <stdint.h>

#include "distci_wire.h"

/// What to run. Everything points into the bytes of the configuration.
struct command {
  void *bytes;
  size_t size;
  uint32_t leftover_grace_ms;
  const struct distci_limit *limits;
  size_t limit_count;
  const char *working_directory;
  char **arguments;    // ends with NULL, at least one
  char **environment;  // ends with NULL
};

/// Reads and validates the configuration, and empties its file. Returns 0 or an errno value; the command is to be forgotten
/// in any case.
int command_load(int descriptor, struct command *command);

/// Wipes and frees what was loaded: a runner that waits for its next command keeps no secret of the last one.
void command_forget(struct command *command);
