// Makes a system call fail, for a program that is linked dynamically (LD_PRELOAD).
//
//   TORTURE_NTH=N        the Nth call of those below fails, with an error that it can have
//   TORTURE_ERRNO=E      ... with this one
//   TORTURE_FROM=1       ... and so does every call like it behind it
//   TORTURE_STORM=K      all but every Kth call that a signal may interrupt fails with EINTR
//   TORTURE_REPORT=FILE  at the end: the number of calls, the name of the one that failed, and the sockets
//                        and pipes that are open
//
// Close is left out: it always succeeds.  Memory is, too: Swift's runtime ends a program without it.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static long nth, storm, number, interruptible;
static int forced, from_there, is_on;
static char report[4096], inherited[1024];
static const char *failed = "-";

// A socket or a pipe that is open.
static int is_open(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && (S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode));
}

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("TORTURE_NTH");
  if (text) nth = atol(text);
  if ((text = getenv("TORTURE_ERRNO"))) forced = atoi(text);
  if ((text = getenv("TORTURE_STORM"))) storm = atol(text);
  from_there = getenv("TORTURE_FROM") != NULL;
  if ((text = getenv("TORTURE_REPORT"))) strncpy(report, text, sizeof report - 1);
  // What this program starts is left in peace.
  unsetenv("LD_PRELOAD");
  for (int descriptor = 3; descriptor < 1024; descriptor++) inherited[descriptor] = is_open(descriptor);
  is_on = 1;
}

__attribute__((destructor)) static void end(void) {
  is_on = 0;
  if (report[0] == 0) return;
  int open_ones = 0;
  for (int descriptor = 3; descriptor < 1024; descriptor++) {
    if (!inherited[descriptor] && is_open(descriptor)) open_ones++;
  }
  FILE *file = fopen(report, "we");
  if (file == NULL) return;
  fprintf(file, "%ld %s %d\n", number, failed, open_ones);
  fclose(file);
}

// Whether this call is to fail; errno says how.
static int fails(const char *name, int usual, int may_be_interrupted) {
  if (!is_on) return 0;
  number++;
  if (storm > 0 && may_be_interrupted && ++interruptible % storm != 0) {
    errno = EINTR;
    return 1;
  }
  if (nth == 0) return 0;
  int is_first = number == nth;
  if (!is_first && !(from_there && number > nth && strcmp(name, failed) == 0)) return 0;
  failed = name;
  errno = forced ? forced : usual;
  return 1;
}

#define NEXT(name) \
  static __typeof__(&name) next; \
  if (next == NULL) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRAP(result, name, parameters, arguments, usual, interrupted) \
  result name parameters { \
    NEXT(name); \
    if (fails(#name, usual, interrupted)) return -1; \
    return next arguments; \
  }

WRAP(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size), EIO, 1)
WRAP(ssize_t, recv, (int fd, void *to, size_t size, int flags), (fd, to, size, flags), ECONNRESET, 1)
WRAP(ssize_t, send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags), ECONNRESET, 1)
WRAP(ssize_t, pread64, (int fd, void *to, size_t size, off64_t at), (fd, to, size, at), EIO, 1)
WRAP(ssize_t, pwrite64, (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at), ENOSPC, 1)
WRAP(int, poll, (struct pollfd *slots, nfds_t count, int time), (slots, count, time), ENOMEM, 1)
WRAP(int, epoll_wait, (int fd, struct epoll_event *events, int most, int time), (fd, events, most, time), EBADF, 1)
WRAP(int, socket, (int family, int type, int protocol), (family, type, protocol), EMFILE, 0)
WRAP(int, connect, (int fd, const struct sockaddr *to, socklen_t size), (fd, to, size), ENETUNREACH, 0)
WRAP(int, shutdown, (int fd, int how), (fd, how), ENOTCONN, 0)
WRAP(int, getsockopt, (int fd, int level, int option, void *to, socklen_t *size), (fd, level, option, to, size), ENOBUFS, 0)
WRAP(int, setsockopt, (int fd, int level, int option, const void *from, socklen_t size), (fd, level, option, from, size), ENOBUFS, 0)
WRAP(int, pipe, (int ends[2]), (ends), EMFILE, 0)
WRAP(int, epoll_create1, (int flags), (flags), EMFILE, 0)
WRAP(int, epoll_ctl, (int fd, int what, int other, struct epoll_event *event), (fd, what, other, event), ENOMEM, 0)
WRAP(int, fsync, (int fd), (fd), EIO, 0)
WRAP(int, fdatasync, (int fd), (fd), EIO, 0)
WRAP(int, ftruncate64, (int fd, off64_t size), (fd, size), EIO, 0)
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), ENOSPC, 0)
WRAP(int, unlink, (const char *path), (path), EIO, 0)

// Standard error is left in peace, or there would be no word about what failed.
ssize_t write(int fd, const void *from, size_t size) {
  NEXT(write);
  if (fd != 2 && fails("write", fd == 1 ? ENOSPC : EIO, 1)) return -1;
  return next(fd, from, size);
}

int open(const char *path, int flags, ...) {
  NEXT(open);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (fails("open", EMFILE, 0)) return -1;
  return next(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  NEXT(open64);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  if (fails("open64", EMFILE, 0)) return -1;
  return next(path, flags, mode);
}

int fcntl(int fd, int what, ...) {
  NEXT(fcntl);
  va_list rest;
  va_start(rest, what);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  if (fails("fcntl", EIO, 0)) return -1;
  return next(fd, what, argument);
}

int fcntl64(int fd, int what, ...) {
  NEXT(fcntl64);
  va_list rest;
  va_start(rest, what);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  if (fails("fcntl64", EIO, 0)) return -1;
  return next(fd, what, argument);
}

int ioctl(int fd, unsigned long what, ...) {
  NEXT(ioctl);
  va_list rest;
  va_start(rest, what);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  if (fails("ioctl", EIO, 0)) return -1;
  return next(fd, what, argument);
}
