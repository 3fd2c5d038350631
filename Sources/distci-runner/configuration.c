#define _GNU_SOURCE
#include "configuration.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Takes the next NUL-ended string, or NULL when the text is used up.
static char *next(char **text, const char *end) {
  char *string = *text;
  char *stop = string < end ? memchr(string, 0, (size_t)(end - string)) : NULL;
  if (stop == NULL) return NULL;
  *text = stop + 1;
  return string;
}

/// Fills a vector of `count` strings and a NULL. Returns 0 or an errno value.
static int next_vector(char ***vector, char **text, const char *end, size_t count) {
  *vector = calloc(count + 1, sizeof **vector);
  if (*vector == NULL) return ENOMEM;
  for (size_t i = 0; i < count; i++) {
    if (((*vector)[i] = next(text, end)) == NULL) return EBADMSG;
  }
  return 0;
}

static int read_whole(int descriptor, struct command *command) {
  struct stat status;
  if (fstat(descriptor, &status) < 0) return errno;
  size_t size = (size_t)status.st_size;
  if (size < sizeof(struct distci_configuration) || size > DISTCI_CONFIGURATION_MAX) return EBADMSG;
  command->bytes = malloc(size);
  if (command->bytes == NULL) return ENOMEM;
  command->size = size;
  // A memory file: it is read at once or not at all.
  if (pread(descriptor, command->bytes, size, 0) != (ssize_t)size) return EIO;
  return ftruncate(descriptor, 0) < 0 ? errno : 0;
}

int command_load(int descriptor, struct command *command) {
  int error = read_whole(descriptor, command);
  if (error != 0) return error;
  char *bytes = command->bytes;
  const struct distci_configuration *head = command->bytes;
  if (head->magic != DISTCI_MAGIC) return EPROTO;
  // Each count is at most the size, so the sum of these three cannot overflow 64 bits.
  uint64_t limit_bytes = (uint64_t)head->limit_count * sizeof(struct distci_limit);
  if (sizeof *head + limit_bytes + head->text_bytes != command->size) return EBADMSG;
  if (head->argument_count == 0 || head->argument_count > command->size) return EBADMSG;
  if (head->environment_count > command->size) return EBADMSG;

  char *text = bytes + sizeof *head + limit_bytes;
  const char *end = bytes + command->size;
  command->leftover_grace_ms = head->leftover_grace_ms;
  command->limits = (const struct distci_limit *)(void *)(bytes + sizeof *head);
  command->limit_count = head->limit_count;
  command->working_directory = next(&text, end);
  if (command->working_directory == NULL) return EBADMSG;
  if ((error = next_vector(&command->arguments, &text, end, head->argument_count)) != 0) return error;
  if ((error = next_vector(&command->environment, &text, end, head->environment_count)) != 0) return error;
  return text == end ? 0 : EBADMSG;
}

void command_forget(struct command *command) {
  if (command->bytes != NULL) explicit_bzero(command->bytes, command->size);
  free(command->bytes);
  free(command->arguments);
  free(command->environment);
  *command = (struct command){0};
}
