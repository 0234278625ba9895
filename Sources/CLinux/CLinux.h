// What Linux has beyond POSIX and Swift's Glibc module leaves out.
#pragma once
#include <sys/epoll.h>

int memfd_create(const char *name, unsigned int flags);
#define APUS_MFD_CLOEXEC 1u
