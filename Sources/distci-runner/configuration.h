#pragma once

#include <stddef.h>
#include <stdint.h>

#include "distci_wire.h"

/// What to run. Everything points into the mapped configuration.
struct command {
  uint32_t leftover_grace_ms;
  const struct distci_limit *limits;
  size_t limit_count;
  const char *working_directory;
  char **arguments;    // ends with NULL, at least one
  char **environment;  // ends with NULL
};

/// Maps and validates the configuration. Returns 0 or an errno value.
int command_load(int descriptor, struct command *command);
