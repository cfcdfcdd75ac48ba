// Makes one call to the system fail, of a program that knows nothing of it: loaded before the C library (LD_PRELOAD), it counts the calls of
// one name and lets the chosen one return an error. Compiled by AttackFaultTests; no part of the program.
//
//   ATTACK_CALL    the call's name (malloc: every call for memory), ATTACK_NUMBER  which one (from 1), ATTACK_ERRNO  with which error; 0: the
//                  process is ended there as by kill -9
//   ATTACK_TOLD    a file that is made when it has happened
//   ATTACK_CLOCK   seconds by which this machine's clock is ahead of others
//
// A file beside which `NAME.held` lies is opened only when that is gone, or a minute has passed: a disk that does not answer (HeldPhotograph).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static const char *call, *told;
static long left, ahead;
static int code;

__attribute__((constructor)) static void begin(void) {
  call = getenv("ATTACK_CALL");
  told = getenv("ATTACK_TOLD");
  const char *number = getenv("ATTACK_NUMBER"), *error = getenv("ATTACK_ERRNO");
  const char *clock = getenv("ATTACK_CLOCK");
  ahead = clock ? atol(clock) : 0;
  left = number ? atol(number) : 0;
  code = error ? atoi(error) : EIO;
}

static void waitWhileHeld(const char *path) {
  char held[4096];
  if (snprintf(held, sizeof held, "%s.held", path) >= (int)sizeof held) return;
  for (int i = 0; i < 12000 && access(held, F_OK) == 0; i++) usleep(5000);
}

static int fails(const char *name) {
  if (!call || left <= 0 || strcmp(call, name)) return 0;
  if (__sync_sub_and_fetch(&left, 1) != 0) return 0;
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  int mark = told ? real(told, O_CREAT | O_WRONLY, 0600) : -1;
  if (mark >= 0) close(mark);
  if (code == 0) kill(getpid(), SIGKILL);
  errno = code;
  return 1;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t read(int fd, void *to, size_t n) { REAL(ssize_t, read, int, void *, size_t); return fails("read") ? -1 : real(fd, to, n); }
ssize_t pread(int fd, void *to, size_t n, off_t at) { REAL(ssize_t, pread, int, void *, size_t, off_t); return fails("pread") ? -1 : real(fd, to, n, at); }
ssize_t pread64(int fd, void *to, size_t n, off64_t at) { REAL(ssize_t, pread64, int, void *, size_t, off64_t); return fails("pread") ? -1 : real(fd, to, n, at); }
ssize_t write(int fd, const void *from, size_t n) {
  REAL(ssize_t, write, int, const void *, size_t);
  // Files alone: pipes and terminals are no disks.
  struct stat status;
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || !fails("write")) return real(fd, from, n);
  // A full disk leaves part of it.
  if (n > 1) (void)!real(fd, from, n / 2);
  errno = code;
  return -1;
}
int open(const char *path, int flags, ...) {
  REAL(int, open, const char *, int, ...);
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  waitWhileHeld(path);
  return fails("open") ? -1 : real(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  REAL(int, open64, const char *, int, ...);
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  return fails("open") ? -1 : real(path, flags, mode);
}
int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); return fails("rename") ? -1 : real(from, to); }
int fsync(int fd) { REAL(int, fsync, int); return fails("fsync") ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return fails("fdatasync") ? -1 : real(fd); }
int ftruncate(int fd, off_t n) { REAL(int, ftruncate, int, off_t); return fails("ftruncate") ? -1 : real(fd, n); }
void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t from) {
  REAL(void *, mmap, void *, size_t, int, int, int, off_t);
  return fd >= 0 && fails("mmap") ? MAP_FAILED : real(at, n, prot, flags, fd, from);
}

int clock_gettime(clockid_t id, struct timespec *time) {
  REAL(int, clock_gettime, clockid_t, struct timespec *);
  int result = real(id, time);
  if (result == 0 && id == CLOCK_REALTIME) time->tv_sec += ahead;
  return result;
}

// Memory. By the C library's other names for it: dlsym asks for memory itself.
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
void *malloc(size_t n) { return fails("malloc") ? NULL : __libc_malloc(n); }
void *calloc(size_t count, size_t n) { return fails("malloc") ? NULL : __libc_calloc(count, n); }
void *realloc(void *old, size_t n) { return fails("malloc") ? NULL : __libc_realloc(old, n); }
void *aligned_alloc(size_t alignment, size_t n) { return fails("malloc") ? NULL : __libc_memalign(alignment, n); }
int posix_memalign(void **to, size_t alignment, size_t n) {
  if (fails("malloc")) return ENOMEM;
  void *memory = __libc_memalign(alignment, n);
  if (!memory) return ENOMEM;
  *to = memory;
  return 0;
}
