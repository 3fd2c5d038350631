#define _GNU_SOURCE
#include "configuration.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/// Takes the next NUL-ended string, or NULL when the text is used up.
static char *next(char **text, const char *end) {
  char *string = *text;
  char *stop = string < end ? memchr(string, 0, (size_t)(end - string)) : NULL;
  if (stop == NULL) return NULL;
  *text = stop + 1;
  return string;
}

static char **next_vector(char **text, const char *end, size_t count) {
  char **vector = calloc(count + 1, sizeof *vector);
  for (size_t i = 0; vector != NULL && i < count; i++) {
    if ((vector[i] = next(text, end)) == NULL) return NULL;
  }
  return vector;
}

int command_load(int descriptor, struct command *command) {
  struct stat status;
  if (fstat(descriptor, &status) < 0) return errno;
  size_t size = (size_t)status.st_size;
  if (size < sizeof(struct distci_configuration) || size > DISTCI_CONFIGURATION_MAX) return EBADMSG;
  char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
  if (bytes == MAP_FAILED) return errno;

  const struct distci_configuration *head = (const struct distci_configuration *)(void *)bytes;
  if (head->magic != DISTCI_MAGIC) return EPROTO;
  // Each count is at most the size, so the sum of these three cannot overflow 64 bits.
  uint64_t limit_bytes = (uint64_t)head->limit_count * sizeof(struct distci_limit);
  if (sizeof *head + limit_bytes + head->text_bytes != size) return EBADMSG;
  if (head->argument_count == 0 || head->argument_count > size || head->environment_count > size) return EBADMSG;

  char *text = bytes + sizeof *head + limit_bytes;
  const char *end = bytes + size;
  command->leftover_grace_ms = head->leftover_grace_ms;
  command->limits = (const struct distci_limit *)(void *)(bytes + sizeof *head);
  command->limit_count = head->limit_count;
  command->working_directory = next(&text, end);
  if (command->working_directory == NULL) return EBADMSG;
  command->arguments = next_vector(&text, end, head->argument_count);
  if (command->arguments == NULL) return EBADMSG;
  command->environment = next_vector(&text, end, head->environment_count);
  if (command->environment == NULL || text != end) return EBADMSG;
  return 0;
}
