#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "distci_spawn.h"
#include "distci_wire.h"

/// Descriptors for the child are first lifted above the places where the child wants them, so that placing one never
/// overwrites another.
#define LIFTED 16

struct descriptors {
  int configuration, control, control_child;
};

static void close_open(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

static void close_all(const struct descriptors *d) {
  close_open(d->configuration);
  close_open(d->control);
  close_open(d->control_child);
}

static int lift(int *descriptor) {
  int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, LIFTED);
  if (lifted < 0) return errno;
  close(*descriptor);
  *descriptor = lifted;
  return 0;
}

static int write_configuration(int file, const char *bytes, size_t size) {
  // The runner empties the file when it has read it; one that was begun in vain may not have come so far.
  if (ftruncate(file, 0) < 0) return errno;
  off_t offset = 0;
  while ((size_t)offset < size) {
    ssize_t written = pwrite(file, bytes + offset, size - (size_t)offset, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    offset += written;
  }
  return 0;
}

static int open_descriptors(struct descriptors *d, const char **failed_call) {
  int pair[2];
  int error;
  *failed_call = "memfd_create";
  d->configuration = memfd_create("distci", MFD_CLOEXEC);
  if (d->configuration < 0) return errno;
  *failed_call = "socketpair";
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) return errno;
  d->control = pair[0];
  d->control_child = pair[1];
  *failed_call = "fcntl";
  if ((error = lift(&d->configuration)) != 0) return error;
  return lift(&d->control_child);
}

static int spawn(const char *path, const struct descriptors *d, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  char *const arguments[] = {"distci-runner", NULL};
  char *const environment[] = {NULL};
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
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  for (int standard = 0; standard <= 2 && error == 0; standard++) {
    error = posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0);
  }
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, d->configuration, DISTCI_CONFIGURATION_FD);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, d->control_child, DISTCI_CONTROL_FD);
  if (error == 0) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int distci_runner_spawn(const char *path, struct distci_runner *runner, const char **failed_call) {
  struct descriptors d = {-1, -1, -1};
  pid_t pid = -1;
  int error = open_descriptors(&d, failed_call);
  if (error == 0) {
    *failed_call = "posix_spawn";
    error = spawn(path, &d, &pid);
  }
  if (error != 0) {
    close_all(&d);
    return error;
  }
  // Until somebody waits for it the pid cannot be used again, so this finds the right process even if it is dead.
  int pidfd = pidfd_open(pid, 0);
  if (pidfd < 0) {
    *failed_call = "pidfd_open";
    error = errno;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    close_all(&d);
    return error;
  }
  *runner = (struct distci_runner){
      .pid = pid,
      .pidfd = pidfd,
      .configuration = d.configuration,
      .control = d.control,
  };
  d.configuration = d.control = -1;
  close_all(&d);
  return 0;
}

int distci_runner_signal(int pidfd, int signal) {
  return pidfd_send_signal(pidfd, signal, NULL, 0) == 0 ? 0 : errno;
}

int distci_runner_receive(int control, struct distci_record *record) {
  ssize_t length = recv(control, record, sizeof *record, MSG_DONTWAIT);
  // A runner that was killed with a request unread resets the connection: that is an end like any other.
  if (length == 0 || (length < 0 && errno == ECONNRESET)) return 0;
  if (length < 0) return -errno;
  return length == sizeof *record ? 1 : -EBADMSG;
}

static int request(int control, uint32_t kind, uint32_t grace_ms) {
  struct distci_request request = {.magic = DISTCI_MAGIC, .kind = kind, .grace_ms = grace_ms};
  return send(control, &request, sizeof request, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

/// The word to begin, which takes a descriptor along.
static int request_begin(int control, int output) {
  struct distci_request request = {.magic = DISTCI_MAGIC, .kind = DISTCI_BEGIN};
  struct iovec bytes = {.iov_base = &request, .iov_len = sizeof request};
  union {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof output)];
  } passed = {0};
  struct msghdr message = {
      .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = passed.room, .msg_controllen = sizeof passed.room};
  passed.head.cmsg_level = SOL_SOCKET;
  passed.head.cmsg_type = SCM_RIGHTS;
  passed.head.cmsg_len = CMSG_LEN(sizeof output);
  memcpy(CMSG_DATA(&passed.head), &output, sizeof output);
  return sendmsg(control, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

int distci_runner_begin(
    const struct distci_runner *runner, const void *configuration, size_t size, int *output, const char **failed_call) {
  *failed_call = "write to a memory file";
  int error = write_configuration(runner->configuration, configuration, size);
  if (error != 0) return error;
  // A pipe for each command: what lets go of the last one late shall not write into the log of the next.
  int pair[2];
  *failed_call = "pipe2";
  if (pipe2(pair, O_CLOEXEC) < 0) return errno;
  // Only the worker's end: the flag belongs to the open file, and commands expect a stdout that blocks.
  if (fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0) error = errno;
  *failed_call = "sendmsg to the runner";
  if (error == 0) error = request_begin(runner->control, pair[1]);
  close(pair[1]);
  if (error != 0) {
    close(pair[0]);
    return error;
  }
  *output = pair[0];
  return 0;
}

int distci_runner_request_stop(int control, uint32_t grace_ms) {
  return request(control, DISTCI_STOP, grace_ms);
}

int distci_become_subreaper(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
}

void distci_wait_for_end(pid_t pid, int timeout_ms) {
  int pidfd = pidfd_open(pid, 0);
  if (pidfd < 0) return;
  struct pollfd wait = {.fd = pidfd, .events = POLLIN};
  poll(&wait, 1, timeout_ms);
  close(pidfd);
}

uint64_t distci_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
