#pragma once

#include <stdint.h>

// What a worker and its runner say to each other. Both run on one machine and come out of one build, so the structures
// travel as they lie in memory; the magic number notices a runner of another build.

#define DISTCI_MAGIC 0x64630004u

/// A configuration may not be larger than this: more than any `execve` accepts (`ARG_MAX` is a quarter of the stack
/// limit).
#define DISTCI_CONFIGURATION_MAX (8u << 20)

/// Where the runner finds its two descriptors.
enum distci_descriptor {
  DISTCI_CONFIGURATION_FD = 3,  // a memory file, complete at DISTCI_BEGIN: no secret in an argument or on a disk
  DISTCI_CONTROL_FD = 4,        // SOCK_SEQPACKET: requests in, records out; its end means that the worker died
};

/// Head of the configuration. `limit_count` limits follow, then `text_bytes` of NUL-ended strings: the working
/// directory, the arguments, the environment (`NAME=value`).
struct distci_configuration {
  uint32_t magic;
  uint32_t leftover_grace_ms;
  uint32_t argument_count;
  uint32_t environment_count;
  uint32_t limit_count;
  uint32_t text_bytes;
};

/// One `setrlimit`. UINT64_MAX means unlimited.
struct distci_limit {
  uint64_t resource;
  uint64_t soft;
  uint64_t hard;
};

enum distci_request_kind {
  DISTCI_BEGIN = 1,  // the configuration is complete: run the command. Brings the write end of the pipe that becomes its
                     // stdout and stderr. Sent to who waits: first of all, and after DISTCI_GONE
  DISTCI_STOP = 2,   // end the whole tree, with SIGTERM first and SIGKILL after the grace. Too late, it means nothing
};

/// Worker to runner.
struct distci_request {
  uint32_t magic;
  uint32_t kind;
  uint32_t grace_ms;
};

enum distci_record_kind {
  DISTCI_STARTED = 1,  // pid, nanoseconds
  DISTCI_FAILED = 2,   // step, error: no command was started; the runner ends
  DISTCI_EXITED = 3,   // exit_code or signal of the leader, nanoseconds
  DISTCI_GONE = 4,     // no descendant is left; killed, usage of the whole tree. The runner waits for the next command
};

/// What the runner was about to do when it failed.
enum distci_step {
  DISTCI_STEP_CONFIGURATION = 1,
  DISTCI_STEP_FORK = 2,
  DISTCI_STEP_SESSION = 3,
  DISTCI_STEP_DESCRIPTORS = 4,
  DISTCI_STEP_WORKING_DIRECTORY = 5,
  DISTCI_STEP_LIMITS = 6,
  DISTCI_STEP_EXECUTE = 7,
};

/// Runner to worker.
struct distci_record {
  uint32_t kind;
  uint32_t step;
  int32_t pid;
  int32_t error;
  int32_t exit_code;
  int32_t signal;  // 0 unless a signal ended the leader
  uint64_t nanoseconds;  // CLOCK_MONOTONIC
  uint64_t user_us;
  uint64_t system_us;
  uint64_t max_rss_kib;  // of the largest process in the tree
  uint64_t killed;       // processes that only SIGKILL ended
};
