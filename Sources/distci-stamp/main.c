// The command of the builds that `distci bench` runs: tells when its first instruction ran, and for which build.
//
//     distci-stamp PIPE [NUMBER]
//
// The build's number comes from DISTCI_BUILD where none is given. One record is written at once, so that those of many
// processes do not mix.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct stamp {
  uint64_t nanoseconds;  // CLOCK_MONOTONIC
  uint64_t number;
};

int main(int count, char **arguments) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const char *number = count > 2 ? arguments[2] : getenv("DISTCI_BUILD");
  if (count < 2 || number == NULL) return 2;
  struct stamp stamp = {
      .nanoseconds = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec,
      .number = strtoull(number, NULL, 10),
  };
  int pipe = open(arguments[1], O_WRONLY | O_CLOEXEC);
  return pipe >= 0 && write(pipe, &stamp, sizeof stamp) == sizeof stamp ? 0 : 1;
}
