#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The worker's side of a runner. All descriptors close on exec.
struct distci_runner {
  pid_t pid;
  int pidfd;
  int configuration;
  int control;
};

/// Starts the runner at `path`, which then waits for a command. Never forks this process: its size does not matter.
/// Returns 0, or an errno value with the name of the failed call in `*failed_call` and nothing left open.
int distci_runner_spawn(const char *path, struct distci_runner *runner, const char **failed_call);

/// Hands a command to a runner that waits, and puts the read end of its output into `*output`; it does not block. Returns
/// 0, or an errno value with the name of the failed call in `*failed_call`: then nothing was begun, and nothing is open.
int distci_runner_begin(
    const struct distci_runner *runner, const void *configuration, size_t size, int *output, const char **failed_call);

/// Sends a signal to the runner, which may be dead already. Returns 0 or an errno value.
int distci_runner_signal(int pidfd, int signal);

/// Reads one record. Returns 1, 0 when the runner has closed its side, or a negative errno value (-EAGAIN: none yet).
struct distci_record;
int distci_runner_receive(int control, struct distci_record *record);

/// Asks the runner to end the tree. Never blocks. Returns 0 or an errno value.
int distci_runner_request_stop(int control, uint32_t grace_ms);

/// Makes this process inherit the orphans among its descendants. Returns 0 or an errno value.
int distci_become_subreaper(void);

/// Waits until the process has ended, or for `timeout_ms`. Returns at once when there is no such process.
void distci_wait_for_end(pid_t pid, int timeout_ms);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t distci_monotonic_nanoseconds(void);
