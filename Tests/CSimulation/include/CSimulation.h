#pragma once

#include <stdint.h>

/// Takes over the Swift runtime's global executor and its random numbers, for ever: from now on every job of this process
/// waits in a list until it is run by hand, on the one thread that calls this. A real sleep, or a job that comes from
/// another thread, ends the process with a message: neither can be repeated.
void distci_simulation_take_over(void);

/// Begins a run: the list is emptied, and the random numbers of the standard library begin anew from the seed.
void distci_simulation_begin(uint64_t seed);

/// Jobs that are made from now on belong to this process of the simulation; to 0 when the caller is none of them.
void distci_simulation_enter(int32_t process);

/// The process of the simulation whose code runs now.
int32_t distci_simulation_current(void);

/// How many jobs wait.
int32_t distci_simulation_count(void);

/// To whom the job at a position belongs.
int32_t distci_simulation_owner(int32_t position);

/// Takes the job out of the list and runs it until it suspends or ends.
void distci_simulation_run(int32_t position);

/// Forgets the jobs of a process that is gone.
void distci_simulation_drop(int32_t process);

/// How many jobs have been run since the beginning.
uint64_t distci_simulation_jobs_run(void);
