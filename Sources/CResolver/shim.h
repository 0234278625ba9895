// The system's resolver: its functions are macros, which Swift does not see.

#include <netdb.h>
#include <resolv.h>
#include <string.h>

/// Asks the name servers of resolv.conf for records of class IN.
///
/// Returns the length of the answer, which may be above `size`, or minus the resolver's h_errno.
static inline int apus_resolve(const char *name, int type, unsigned char *answer, int size) {
  struct __res_state state;
  memset(&state, 0, sizeof state);
  if (res_ninit(&state) != 0) return -NO_RECOVERY;
  int length = res_nquery(&state, name, 1, type, answer, size);
  int error = state.res_h_errno;
  res_nclose(&state);
  if (length >= 0) return length;
  return error > 0 ? -error : -NO_RECOVERY;
}
