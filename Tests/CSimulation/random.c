#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool seeded;
static uint64_t state;

void distci_simulation_seed(uint64_t seed) {
  seeded = true;
  state = seed;
}

// SplitMix64.
static uint64_t next(void) {
  state += 0x9E3779B97F4A7C15u;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

void swift_stdlib_random(void *buffer, size_t size);

// Stands before the standard library's function of this name, from which SystemRandomNumberGenerator, and with it UUID,
// draws. Without a seed it does what that one does.
void swift_stdlib_random(void *buffer, size_t size) {
  if (!seeded) {
    arc4random_buf(buffer, size);
    return;
  }
  for (char *place = buffer; size > 0;) {
    uint64_t number = next();
    size_t some = size < sizeof number ? size : sizeof number;
    memcpy(place, &number, some);
    place += some;
    size -= some;
  }
}
