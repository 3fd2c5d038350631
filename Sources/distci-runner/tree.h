#pragma once

/// Asks every descendant to end: SIGTERM, and SIGCONT so that a stopped one can hear it.
void tree_terminate(void);

/// Freezes every descendant, so that none forks or restarts another, then kills them all. New ones may have slipped
/// through: call again until no child is left.
void tree_kill(void);
