#pragma once

// Glibc's module leaves epoll out.
#include <sys/epoll.h>

#include "distci_processes.h"
#include "distci_secrets.h"
#include "distci_spawn.h"
#include "distci_supervision.h"
#include "distci_wire.h"
