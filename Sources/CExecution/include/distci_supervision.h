#pragma once

#include <stddef.h>
#include <sys/types.h>

/// Where a supervised process finds the socket to its supervisor. The socket ends when either of them dies.
#define DISTCI_SUPERVISOR_FD 3

/// A supervised process as its supervisor sees it. The descriptors close on exec.
struct distci_supervised {
  pid_t pid;
  int pidfd;
  int link;  // SOCK_SEQPACKET: one message is one packet
};

/// Starts a program in a session of its own, with our standard output and error, nothing to read, and no other
/// descriptor than the link. Returns 0, or an errno value with the name of the failed call in `*failed_call` and nothing
/// left open.
int distci_supervised_spawn(
    const char *path, char *const arguments[], char *const environment[], struct distci_supervised *process,
    const char **failed_call);

/// Sends a signal to a process, which may be dead already. Returns 0 or an errno value.
int distci_supervised_signal(int pidfd, int signal);

/// Lets the kernel forget a process that has ended. Returns its exit code, or 256 plus the signal that killed it, or -1
/// when it has not ended.
int distci_supervised_reap(pid_t pid);

/// Takes the socket that the supervisor passed on, so that no process started from here on inherits it. Returns its
/// descriptor, or -1 when there is none.
int distci_supervisor_link(void);

/// Sends one message. Never blocks. Returns 0 or an errno value.
int distci_link_send(int link, const void *bytes, size_t size);

/// Takes one message. Returns its size, 0 when the other side is gone, or a negative errno value (-EAGAIN: none yet).
ssize_t distci_link_receive(int link, void *bytes, size_t size);
