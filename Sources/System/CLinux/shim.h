// What the C library hides behind feature macros that Swift's own module of it does not set.
#ifndef VITRINE_SYSTEM_LINUX_H
#define VITRINE_SYSTEM_LINUX_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

/// Swaps two names in one step. 0, or -1 with errno where the system or the file system cannot.
static inline int vitrine_exchange_names(const char *first, const char *second) {
#if defined(__linux__) && defined(SYS_renameat2)
  return (int)syscall(SYS_renameat2, AT_FDCWD, first, AT_FDCWD, second, 2u /* RENAME_EXCHANGE */);
#else
  (void)first;
  (void)second;
  errno = ENOTSUP;
  return -1;
#endif
}

#endif
