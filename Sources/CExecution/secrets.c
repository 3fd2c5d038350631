#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "distci_secrets.h"

void distci_hide_variable(const char *name) {
  char *value = getenv(name);
  // In place: nothing that another thread may be reading is moved or freed.
  if (value != NULL) explicit_bzero(value, strlen(value));
}

void distci_hide_process(void) { prctl(PR_SET_DUMPABLE, 0); }
