#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "distci_supervision.h"

/// Above the place where the child wants it, so that placing it is always a copy, which does not close on exec.
#define LIFTED 16

static int open_link(int *ours, int *childs) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return errno;
  int lifted = fcntl(pair[1], F_DUPFD_CLOEXEC, LIFTED);
  int error = lifted < 0 ? errno : 0;
  close(pair[1]);
  if (error != 0) {
    close(pair[0]);
    return error;
  }
  *ours = pair[0];
  *childs = lifted;
  return 0;
}

static int spawn(
    const char *path, char *const arguments[], char *const environment[], int link, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  if ((error = posix_spawnattr_init(&attributes)) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A session of its own: what a terminal sends to its foreground reaches the supervisor, which decides what follows.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, link, DISTCI_SUPERVISOR_FD);
  if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, DISTCI_SUPERVISOR_FD + 1);
  if (error == 0) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int distci_supervised_spawn(
    const char *path, char *const arguments[], char *const environment[], struct distci_supervised *process,
    const char **failed_call) {
  int ours = -1, childs = -1;
  pid_t pid = -1;
  *failed_call = "socketpair";
  int error = open_link(&ours, &childs);
  if (error != 0) return error;
  *failed_call = "posix_spawn";
  error = spawn(path, arguments, environment, childs, &pid);
  close(childs);
  if (error != 0) {
    close(ours);
    return error;
  }
  // Until somebody waits for it the pid cannot be used again, so this finds the right process even if it is dead.
  int pidfd = pidfd_open(pid, 0);
  if (pidfd < 0) {
    *failed_call = "pidfd_open";
    error = errno;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    close(ours);
    return error;
  }
  *process = (struct distci_supervised){.pid = pid, .pidfd = pidfd, .link = ours};
  return 0;
}

int distci_supervised_signal(int pidfd, int signal) {
  return pidfd_send_signal(pidfd, signal, NULL, 0) == 0 ? 0 : errno;
}

int distci_supervised_reap(pid_t pid) {
  int status;
  if (waitpid(pid, &status, WNOHANG) != pid) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

int distci_supervisor_link(void) {
  struct stat status;
  if (fstat(DISTCI_SUPERVISOR_FD, &status) < 0 || !S_ISSOCK(status.st_mode)) return -1;
  return fcntl(DISTCI_SUPERVISOR_FD, F_SETFD, FD_CLOEXEC) < 0 ? -1 : DISTCI_SUPERVISOR_FD;
}

int distci_link_send(int link, const void *bytes, size_t size) {
  return send(link, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

ssize_t distci_link_receive(int link, void *bytes, size_t size) {
  ssize_t length = recv(link, bytes, size, MSG_DONTWAIT);
  if (length < 0 && errno == ECONNRESET) return 0;
  return length < 0 ? -errno : length;
}
