#define _GNU_SOURCE
#include "tree.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "distci_processes.h"

/// A fork bomb could keep the freezing busy for ever; after this many rounds killing begins in any case.
#define FREEZE_ROUNDS 10

static bool seen_before(const struct distci_process *list, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (list[i].group == list[index].group) return true;
  }
  return false;
}

/// Sends signals to every descendant, each once, and returns how many are alive. `second` may be 0. A process group
/// is signalled as a whole because the kernel does that atomically against fork. No group of the tree holds a
/// stranger: the leader began a session of its own, and nobody can join a group in another session. Only a child that
/// is not there yet shares the runner's group.
static size_t tree_signal(int first, int second) {
  struct distci_process *list = NULL;
  size_t count = 0, alive = 0;
  if (distci_processes_read(&list, &count) != 0) return 0;
  count = distci_processes_keep_descendants(list, count, getpid());
  for (size_t i = 0; i < count; i++) {
    if (list[i].state != 'Z') alive++;
    if (list[i].group != getpgrp() && seen_before(list, i)) continue;
    pid_t target = list[i].group == getpgrp() ? list[i].pid : -list[i].group;
    kill(target, first);
    if (second != 0) kill(target, second);
  }
  free(list);
  return alive;
}

void tree_terminate(void) {
  tree_signal(SIGTERM, SIGCONT);
}

void tree_kill(void) {
  size_t before = 0;
  for (int round = 0; round < FREEZE_ROUNDS; round++) {
    size_t alive = tree_signal(SIGSTOP, 0);
    if (alive <= before) break;
    before = alive;
  }
  tree_signal(SIGKILL, 0);
}
