// What Linux has beyond POSIX and Swift's Glibc module leaves out.
#pragma once
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

int memfd_create(const char *name, unsigned int flags);
#define APUS_MFD_CLOEXEC 1u

/// No core file, and memory and environment are closed to other programs of the same user.
static inline int apus_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// A descriptor that is readable once the process has ended; -1 before Linux 5.3.
static inline int apus_pidfd_open(pid_t process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}

int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents, const struct timespec *timeout,
                 const sigset_t *sigmask);

/// Timers of this thread end when they are due, not up to 50 microseconds later.
static inline void apus_sharpen_timers(void) { prctl(PR_SET_TIMERSLACK, 1UL); }

// The processor's own CRC-32C (Castagnoli), eight bytes at a time.
#if defined(__x86_64__)
static inline int apus_has_crc32c(void) {
  // __builtin_cpu_supports would have the processor asked before main, by every program.
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) != 0;
}
__attribute__((target("sse4.2"))) static inline uint32_t apus_crc32c(
    uint32_t crc, const uint64_t *words, size_t count) {
  uint64_t sum = crc;
  for (size_t i = 0; i < count; i++) {
    uint64_t word;
    __builtin_memcpy(&word, words + i, 8);
    sum = __builtin_ia32_crc32di(sum, word);
  }
  return (uint32_t)sum;
}
#else
static inline int apus_has_crc32c(void) { return 0; }
static inline uint32_t apus_crc32c(uint32_t crc, const uint64_t *words, size_t count) {
  (void)words, (void)count;
  return crc;
}
#endif
