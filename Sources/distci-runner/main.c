// The parent of untrusted commands, one after the other. It is small so that forking is cheap, a subreaper so that no
// descendant escapes by double fork or setsid, and bound to its worker by a socket: when that closes, however the worker
// died, the tree dies. It takes the next command when nothing of the last one is left.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
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
  pid_t leader;
  uint32_t leftover_grace_ms;
  bool stopping;      // the tree was asked to end
  bool killing;       // the grace is over
  bool gone;          // no descendant is left
  uint32_t rescan_ms;
  uint64_t deadline;  // nanoseconds; end of the grace, or the next look for survivors; 0: none
  uint64_t killed;
  uint64_t user_us, system_us, max_rss_kib;  // of all that were reaped
} run;

/// The worker may be dead: then nobody listens, and the end of the socket has its own consequence.
static void report(struct distci_record record) {
  while (send(DISTCI_CONTROL_FD, &record, sizeof record, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

static void report_failure(int step, int error) {
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

/// The kernel adds up the children of all of a process's life, hence of all commands: this is one command's.
static void add_usage(const struct rusage *usage) {
  run.user_us += (uint64_t)usage->ru_utime.tv_sec * 1000000u + (uint64_t)usage->ru_utime.tv_usec;
  run.system_us += (uint64_t)usage->ru_stime.tv_sec * 1000000u + (uint64_t)usage->ru_stime.tv_usec;
  if ((uint64_t)usage->ru_maxrss > run.max_rss_kib) run.max_rss_kib = (uint64_t)usage->ru_maxrss;
}

/// Reaps whoever has ended. As every orphan of the tree becomes a child of this subreaper, "no child" means "no tree":
/// exact, and no look at the process table.
static void reap(void) {
  int status;
  pid_t pid;
  struct rusage usage;
  while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
    add_usage(&usage);
    if (run.killing && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) run.killed++;
    if (pid == run.leader) leader_ended(status);
  }
  run.gone = pid < 0 && errno == ECHILD;
  if (!run.gone && run.leader == 0) {
    if (!run.stopping) stop_tree(run.leftover_grace_ms);
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
  report((struct distci_record){
      .kind = DISTCI_GONE,
      .nanoseconds = distci_monotonic_nanoseconds(),
      .user_us = run.user_us,
      .system_us = run.system_us,
      .max_rss_kib = run.max_rss_kib,
      .killed = run.killed,
  });
}

/// Gives every signal its default, which the commands inherit: once, not between each command and its start. Not through libc,
/// which refuses to touch the two that it reserves for threads, after its own `posix_spawn` has left them ignored.
static void default_signals(void) {
  const struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
  } defaults = {.handler = SIG_DFL};
  for (int number = 1; number <= 64; number++) syscall(SYS_rt_sigaction, number, &defaults, NULL, sizeof defaults.mask);
}

/// Blocks every signal, so that only the worker's word ends the runner, and returns a descriptor that tells of
/// children.
static int watch_children(void) {
  sigset_t all, children;
  sigfillset(&all);
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_SETMASK, &all, NULL);
  default_signals();
  return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Everything that can be done before the command is known. Returns a descriptor that tells of children, or -1.
static int prepare(void) {
  // The secrets of the configuration come into this memory; other processes of the same user shall not read it.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  close_range(DISTCI_CONTROL_FD + 1, UINT_MAX, 0);
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -1 : watch_children();
}

/// The descriptor that came with a message, or -1.
static int passed_descriptor(struct msghdr *message) {
  const struct cmsghdr *head = CMSG_FIRSTHDR(message);
  int descriptor = -1;
  if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS
      && head->cmsg_len == CMSG_LEN(sizeof descriptor)) {
    memcpy(&descriptor, CMSG_DATA(head), sizeof descriptor);
  }
  return descriptor;
}

/// Waits for the word to begin, and returns the command's output; or -1 when there will be none: the worker may die, or have
/// no command for a runner that it keeps.
static int await_begin(void) {
  while (true) {
    struct distci_request request;
    struct iovec bytes = {.iov_base = &request, .iov_len = sizeof request};
    union {
      struct cmsghdr head;
      char room[CMSG_SPACE(sizeof(int))];
    } passed;
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = passed.room, .msg_controllen = sizeof passed.room};
    ssize_t length = recvmsg(DISTCI_CONTROL_FD, &message, MSG_CMSG_CLOEXEC);
    if (length < 0 && errno == EINTR) continue;
    if (length != sizeof request || request.magic != DISTCI_MAGIC) return -1;
    if (request.kind == DISTCI_BEGIN) return passed_descriptor(&message);
    // To stop what had ended by itself just then.
    if (request.kind != DISTCI_STOP) return -1;
  }
}

/// Returns whether there is a tree to follow.
static bool start_command(int output) {
  struct command command = {0};
  struct failure failure = {DISTCI_STEP_CONFIGURATION, command_load(DISTCI_CONFIGURATION_FD, &command)};
  uint64_t started = distci_monotonic_nanoseconds();
  if (failure.error == 0) {
    run.leftover_grace_ms = command.leftover_grace_ms;
    run.leader = launch(&command, output, &failure);
  }
  close(output);
  command_forget(&command);
  if (failure.error != 0) {
    report_failure(failure.step, failure.error);
    return false;
  }
  report((struct distci_record){.kind = DISTCI_STARTED, .pid = run.leader, .nanoseconds = started});
  return true;
}

int main(void) {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(DISTCI_CONTROL_FD, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_SEQPACKET) {
    fputs("distci-runner is a part of distci, which starts it for its commands. Nothing to run by hand.\n", stderr);
    return 2;
  }
  int signals = prepare();
  int error = errno;
  int output;
  while ((output = await_begin()) >= 0) {
    if (signals < 0) {
      report_failure(DISTCI_STEP_CONFIGURATION, error);
      return 1;
    }
    memset(&run, 0, sizeof run);
    // Who could not start a command leaves a child to reap, never a tree.
    if (!start_command(output)) return 0;
    follow(signals);
    report_gone();
  }
  return 0;
}
