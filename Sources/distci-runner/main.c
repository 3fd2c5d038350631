// The parent of one untrusted command. It is small so that forking is cheap, a subreaper so that no descendant
// escapes by double fork or setsid, and bound to its worker by a socket: when that closes, however the worker died,
// the tree dies.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "configuration.h"
#include "distci_spawn.h"
#include "distci_wire.h"
#include "launch.h"
#include "tree.h"

#define MILLISECOND 1000000u
#define FIRST_RESCAN_MS 5u
#define LAST_RESCAN_MS 500u

static struct {
  struct command command;
  pid_t leader;
  bool failed;        // the command did not start
  bool stopping;      // the tree was asked to end
  bool killing;       // the grace is over
  bool gone;          // no descendant is left
  uint32_t rescan_ms;
  uint64_t started;   // nanoseconds
  uint64_t deadline;  // nanoseconds; end of the grace, or the next look for survivors; 0: none
  uint64_t killed;
} run;

/// The worker may be dead: then nobody listens, and the end of the socket has its own consequence.
static void report(struct distci_record record) {
  while (send(DISTCI_CONTROL_FD, &record, sizeof record, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

static void report_failure(int step, int error) {
  run.failed = true;
  report((struct distci_record){.kind = DISTCI_FAILED, .step = (uint32_t)step, .error = error});
}

static void kill_tree(void) {
  run.stopping = run.killing = true;
  tree_kill();
  run.rescan_ms = run.rescan_ms == 0 ? FIRST_RESCAN_MS : run.rescan_ms * 2;
  if (run.rescan_ms > LAST_RESCAN_MS) run.rescan_ms = LAST_RESCAN_MS;
  run.deadline = distci_monotonic_nanoseconds() + (uint64_t)run.rescan_ms * MILLISECOND;
}

static void stop_tree(uint32_t grace_ms) {
  if (run.killing) return;
  if (grace_ms == 0) return kill_tree();
  uint64_t deadline = distci_monotonic_nanoseconds() + (uint64_t)grace_ms * MILLISECOND;
  // A second request may shorten the grace, never lengthen it.
  if (!run.stopping || deadline < run.deadline) run.deadline = deadline;
  if (!run.stopping) tree_terminate();
  run.stopping = true;
}

static void leader_ended(int status) {
  run.leader = 0;
  report((struct distci_record){
      .kind = DISTCI_EXITED,
      .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
      .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
      .nanoseconds = distci_monotonic_nanoseconds(),
  });
}

/// Reaps whoever has ended. As every orphan of the tree becomes a child of this subreaper, "no child" means "no tree":
/// exact, and no look at the process table.
static void reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (run.killing && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) run.killed++;
    if (pid == run.leader) leader_ended(status);
  }
  run.gone = pid < 0 && errno == ECHILD;
  if (!run.gone && run.leader == 0) {
    if (!run.stopping) stop_tree(run.command.leftover_grace_ms);
  }
}

static void read_control(void) {
  struct distci_request request;
  ssize_t length = recv(DISTCI_CONTROL_FD, &request, sizeof request, MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length == sizeof request && request.magic == DISTCI_MAGIC && request.kind == DISTCI_STOP) {
    return stop_tree(request.grace_ms);
  }
  // The worker is dead, or speaks another language.
  kill_tree();
}

static void drain_signals(int signals) {
  struct signalfd_siginfo information[16];
  while (read(signals, information, sizeof information) > 0) {}
}

static int milliseconds_left(void) {
  if (run.deadline == 0) return -1;
  uint64_t now = distci_monotonic_nanoseconds();
  if (now >= run.deadline) return 0;
  uint64_t left = (run.deadline - now + MILLISECOND - 1) / MILLISECOND;
  return left > INT_MAX ? INT_MAX : (int)left;
}

static void follow(int signals) {
  enum { CONTROL, SIGNALS };
  struct pollfd waits[] = {
      [CONTROL] = {.fd = DISTCI_CONTROL_FD, .events = POLLIN},
      [SIGNALS] = {.fd = signals, .events = POLLIN},
  };
  while (!run.gone) {
    if (poll(waits, 2, milliseconds_left()) < 0) continue;
    if (waits[SIGNALS].revents != 0) {
      drain_signals(signals);
      reap();
    }
    if (waits[CONTROL].revents != 0) {
      read_control();
      // Nothing more to learn; and an ended socket would wake us for ever.
      if (run.killing) waits[CONTROL].fd = -1;
    }
    if (!run.gone && run.deadline != 0 && milliseconds_left() == 0) kill_tree();
  }
}

static void report_gone(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_CHILDREN, &usage) < 0) return;
  report((struct distci_record){
      .kind = DISTCI_GONE,
      .nanoseconds = distci_monotonic_nanoseconds(),
      .user_us = (uint64_t)usage.ru_utime.tv_sec * 1000000u + (uint64_t)usage.ru_utime.tv_usec,
      .system_us = (uint64_t)usage.ru_stime.tv_sec * 1000000u + (uint64_t)usage.ru_stime.tv_usec,
      .max_rss_kib = (uint64_t)usage.ru_maxrss,
      .killed = run.killed,
  });
}

/// Blocks every signal, so that only the worker's word ends the runner, and returns a descriptor that tells of
/// children.
static int watch_children(void) {
  sigset_t all, children;
  sigfillset(&all);
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_SETMASK, &all, NULL);
  return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Everything that can be done before the command is known. Returns a descriptor that tells of children, or -1.
static int prepare(void) {
  // The secrets of the configuration come into this memory; other processes of the same user shall not read it.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  close_range(DISTCI_OUTPUT_FD + 1, UINT_MAX, 0);
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -1 : watch_children();
}

/// Waits for the word to begin. A worker may die, or have no command for a runner that it prepared.
static bool await_begin(void) {
  struct distci_request request;
  ssize_t length;
  while ((length = recv(DISTCI_CONTROL_FD, &request, sizeof request, 0)) < 0 && errno == EINTR) {}
  return length == sizeof request && request.magic == DISTCI_MAGIC && request.kind == DISTCI_BEGIN;
}

static void start_command(void) {
  struct failure failure;
  int error = command_load(DISTCI_CONFIGURATION_FD, &run.command);
  if (error != 0) return report_failure(DISTCI_STEP_CONFIGURATION, error);
  run.started = distci_monotonic_nanoseconds();
  run.leader = launch(&run.command, &failure);
  if (failure.step != 0) return report_failure(failure.step, failure.error);
  report((struct distci_record){.kind = DISTCI_STARTED, .pid = run.leader, .nanoseconds = run.started});
}

int main(void) {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(DISTCI_CONTROL_FD, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_SEQPACKET) {
    fputs("distci-runner is a part of distci, which starts it for every command. Nothing to run by hand.\n", stderr);
    return 2;
  }
  int signals = prepare();
  int error = errno;
  if (!await_begin()) return 0;
  if (signals < 0) {
    report_failure(DISTCI_STEP_CONFIGURATION, error);
    return 1;
  }
  start_command();
  close(DISTCI_CONFIGURATION_FD);
  close(DISTCI_OUTPUT_FD);
  // A failed start may have left a child to reap, never a tree.
  if (!run.failed) {
    follow(signals);
    report_gone();
  }
  return 0;
}
