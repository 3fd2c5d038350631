#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/// The child shares the runner's memory until it executes, so this is how it tells.
static volatile struct failure told;

static _Noreturn void fail(int step, int error) {
  told.error = error;
  told.step = step;
  _exit(127);
}

static rlim_t amount(uint64_t value) {
  return value == UINT64_MAX ? RLIM_INFINITY : (rlim_t)value;
}

static int apply_limits(const struct command *command) {
  for (size_t i = 0; i < command->limit_count; i++) {
    struct rlimit limit = {amount(command->limits[i].soft), amount(command->limits[i].hard)};
    if (setrlimit((int)command->limits[i].resource, &limit) < 0) return errno;
  }
  return 0;
}

/// The directories of the command's own PATH, for a name without a slash. A shell's rule: what may not be executed is
/// passed over, and remembered as the reason if nothing else is found.
static int execute_from_path(const struct command *command) {
  const char *name = command->arguments[0];
  const char *path = NULL;
  for (char **entry = command->environment; *entry != NULL && path == NULL; entry++) {
    if (strncmp(*entry, "PATH=", 5) == 0) path = *entry + 5;
  }
  int error = ENOENT;
  while (path != NULL && *path != 0) {
    size_t length = strcspn(path, ":");
    char candidate[PATH_MAX];
    int written = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, path, name);
    if (length > 0 && written < (int)sizeof candidate) {
      execve(candidate, command->arguments, command->environment);
      if (errno == EACCES) error = EACCES;
      else if (errno != ENOENT && errno != ENOTDIR) return errno;
    }
    path += length + (path[length] == ':');
  }
  return error;
}

static int execute(const struct command *command) {
  if (strchr(command->arguments[0], '/') == NULL) return execute_from_path(command);
  execve(command->arguments[0], command->arguments, command->environment);
  return errno;
}

static void unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// The child's side: everything between vfork and the command. Every signal has its default already: the runner's own.
static _Noreturn void become(const struct command *command, int output, pid_t runner) {
  if (setsid() < 0) fail(DISTCI_STEP_SESSION, errno);
  // If the runner is killed the leader dies in the same moment; the worker finds the rest of the tree.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) fail(DISTCI_STEP_SESSION, errno);
  if (getppid() != runner) _exit(127);
  // Standard input is /dev/null already: the runner's own.
  if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0
      || close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC) < 0) {
    fail(DISTCI_STEP_DESCRIPTORS, errno);
  }
  umask(022);
  if (chdir(command->working_directory) < 0) fail(DISTCI_STEP_WORKING_DIRECTORY, errno);
  int error = apply_limits(command);
  if (error != 0) fail(DISTCI_STEP_LIMITS, error);
  unblock_signals();
  fail(DISTCI_STEP_EXECUTE, execute(command));
}

pid_t launch(const struct command *command, int output, struct failure *failure) {
  pid_t runner = getpid();
  // vfork, because the page tables need not be copied for what is thrown away at once.
  pid_t leader = vfork();
  if (leader == 0) become(command, output, runner);
  *failure = leader < 0 ? (struct failure){DISTCI_STEP_FORK, errno} : (struct failure){told.step, told.error};
  return leader;
}
