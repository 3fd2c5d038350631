#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

static bool seeded;
static uint64_t state;

void distci_simulation_seed(uint64_t seed);

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

static void fill(char *place, size_t size) {
  while (size > 0) {
    uint64_t number = next();
    size_t some = size < sizeof number ? size : sizeof number;
    memcpy(place, &number, some);
    place += some;
    size -= some;
  }
}

// Stands before the C library's function of this name, through which the Swift standard library draws all of its random
// numbers, those of SystemRandomNumberGenerator and UUID included. (Its own swift_stdlib_random cannot be replaced: the
// library calls it directly.) Whatever else is asked, and everything as long as there is no seed, goes on to the C library.
long syscall(long number, ...) {
  static long (*original)(long, ...);
  long arguments[6];
  va_list list;
  va_start(list, number);
  for (int index = 0; index < 6; index++) arguments[index] = va_arg(list, long);
  va_end(list);
  if (seeded && number == SYS_getrandom && arguments[0]) {
    fill((char *)arguments[0], (size_t)arguments[1]);
    return arguments[1];
  }
  if (!original) original = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  return original(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
