#ifndef DISTCI_CZOOKEEPER_SHIM_H
#define DISTCI_CZOOKEEPER_SHIM_H

// The multi-threaded client: its own threads do the input and output, and call the completions.
#define THREADED 1
#include <zookeeper/zookeeper.h>

// What Swift cannot import, or not safely, and nothing else.

/// The access list that allows everything to everybody. A mutable global in the library, which nobody writes.
static inline const struct ACL_vector *distci_zoo_open_acl(void) { return &ZOO_OPEN_ACL_UNSAFE; }

/// `zoo_op_t` holds an anonymous union, so that its parts are set here, where the compiler checks them.
static inline void distci_zoo_create_op(zoo_op_t *op, const char *path, const char *data, int length, int ephemeral) {
  zoo_create_op_init(op, path, data, length, &ZOO_OPEN_ACL_UNSAFE, ephemeral ? ZOO_EPHEMERAL : ZOO_PERSISTENT, NULL, 0);
}

/// Removes the watches of a path at the server, then here. The library's header types the completion as a pointer to a
/// function pointer, but takes and calls the function itself.
static inline int distci_zoo_remove_watches(
    zhandle_t *handle, const char *path, void_completion_t completion, const void *data) {
  return zoo_aremove_all_watches(handle, path, ZWATCHTYPE_ANY, 0, (void_completion_t *)completion, data);
}

/// Out of quota (3.7 and later), which this version of the header does not name.
enum { DISTCI_ZQUOTAEXCEEDED = -125 };

#endif
