// What Linux has beyond POSIX and Swift's Glibc module leaves out.
#pragma once
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int memfd_create(const char *name, unsigned int flags);
#define APUS_MFD_CLOEXEC 1u

/// No core file, and memory and environment are closed to other programs of the same user.
static inline int apus_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

extern char *program_invocation_name;

/// The first word of the command line, which the others follow in memory.
static inline char *apus_first_word(void) { return program_invocation_name; }

/// A descriptor that is readable once the process has ended; -1 before Linux 5.3.
static inline int apus_pidfd_open(pid_t process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}
