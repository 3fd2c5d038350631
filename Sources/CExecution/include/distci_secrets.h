#pragma once

/// Overwrites the value of a variable of the environment where the kernel shows it, /proc/PID/environ included.
void distci_hide_variable(const char *name);

/// Closes /proc/PID and ptrace of this process to other processes of the same user.
void distci_hide_process(void);
