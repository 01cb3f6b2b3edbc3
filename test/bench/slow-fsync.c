/*
 * Makes every fsync and fdatasync of a process take at least two milliseconds, as on an ordinary disk. Preloaded into
 * the servers of one row of the benchmark.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static const long slow_nanoseconds = 2000000;

static int slowly(const char *name, int fd) {
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = flush(fd);
  clock_gettime(CLOCK_MONOTONIC, &now);
  long spent = (now.tv_sec - start.tv_sec) * 1000000000L + (now.tv_nsec - start.tv_nsec);
  if (result == 0 && spent < slow_nanoseconds) {
    struct timespec rest = {0, slow_nanoseconds - spent};
    nanosleep(&rest, 0);
  }
  return result;
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
