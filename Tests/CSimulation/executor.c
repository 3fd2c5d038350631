#include "CSimulation.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFTCALL __attribute__((swiftcall))

// The runtime's own declarations are C++; these are the same functions and variables. See swift/Runtime/Concurrency.h.
typedef SWIFTCALL void (*enqueue_original)(void *job);
typedef SWIFTCALL void (*delay_original)(uint64_t delay, void *job);
typedef SWIFTCALL void (*deadline_original)(int64_t, int64_t, int64_t, int64_t, int, void *job);

extern SWIFTCALL void (*swift_task_enqueueGlobal_hook)(void *job, enqueue_original original);
extern SWIFTCALL void (*swift_task_enqueueGlobalWithDelay_hook)(uint64_t delay, void *job, delay_original original);
extern SWIFTCALL void (*swift_task_enqueueGlobalWithDeadline_hook)(
    int64_t, int64_t, int64_t, int64_t, int, void *job, deadline_original original);
extern SWIFTCALL void swift_job_run(void *job, void *executor_identity, uintptr_t executor_implementation);

struct entry {
  void *job;
  int32_t process;
};

static struct entry *entries;
static int32_t count, capacity, current;
static uint64_t jobs_run;
static pthread_t thread;

static void fail(const char *message) {
  fprintf(stderr, "distci-sim: %s\n", message);
  abort();
}

static SWIFTCALL void enqueue(void *job, enqueue_original original) {
  (void)original;
  if (!pthread_equal(pthread_self(), thread)) fail("a job came from another thread, so the run cannot be repeated");
  if (count == capacity) {
    capacity = capacity ? 2 * capacity : 256;
    entries = realloc(entries, (size_t)capacity * sizeof *entries);
    if (!entries) fail("out of memory");
  }
  entries[count++] = (struct entry){.job = job, .process = current};
}

static SWIFTCALL void enqueue_after(uint64_t delay, void *job, delay_original original) {
  (void)delay, (void)job, (void)original;
  fail("code under test sleeps in real time; give it the simulation's clock");
}

static SWIFTCALL void enqueue_at(
    int64_t seconds, int64_t nanoseconds, int64_t tolerance_seconds, int64_t tolerance_nanoseconds, int clock, void *job,
    deadline_original original) {
  (void)seconds, (void)nanoseconds, (void)tolerance_seconds, (void)tolerance_nanoseconds, (void)clock;
  (void)job, (void)original;
  fail("code under test sleeps in real time; give it the simulation's clock");
}

extern void distci_simulation_seed(uint64_t seed);

void distci_simulation_take_over(void) {
  thread = pthread_self();
  // What was said before the process ends by a mistake is not lost.
  setvbuf(stdout, NULL, _IOLBF, 0);
  swift_task_enqueueGlobal_hook = enqueue;
  swift_task_enqueueGlobalWithDelay_hook = enqueue_after;
  swift_task_enqueueGlobalWithDeadline_hook = enqueue_at;
}

void distci_simulation_begin(uint64_t seed) {
  count = 0;
  current = 0;
  jobs_run = 0;
  distci_simulation_seed(seed);
}

void distci_simulation_enter(int32_t process) { current = process; }

int32_t distci_simulation_current(void) { return current; }

int32_t distci_simulation_count(void) { return count; }

int32_t distci_simulation_owner(int32_t position) { return entries[position].process; }

void distci_simulation_run(int32_t position) {
  struct entry entry = entries[position];
  entries[position] = entries[--count];
  jobs_run++;
  current = entry.process;
  swift_job_run(entry.job, NULL, 0);
  current = 0;
}

void distci_simulation_drop(int32_t process) {
  int32_t kept = 0;
  for (int32_t position = 0; position < count; position++) {
    if (entries[position].process != process) entries[kept++] = entries[position];
  }
  count = kept;
}

uint64_t distci_simulation_jobs_run(void) { return jobs_run; }
