// Who waits for the database.

import Glibc

/// SQLite keeps no order among those who wait for it, and who writes one time after the other leaves them a few
/// microseconds between.  So waiting is told by a shared `flock` on the folder, and who has written lets them in
/// before writing again.
struct Queue: ~Copyable {
  private let folder: CInt
  private var hasJoined = false
  private var hasHadATurn = false

  /// Longer than somebody who waits looks away, in microseconds.
  private static let pause: useconds_t = 10_000

  init(_ folder: String) { self.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }

  deinit { if folder >= 0 { close(folder) } }

  /// Waits a moment, as somebody whom others should let in.
  mutating func wait() {
    if !hasJoined { hasJoined = flock(folder, LOCK_SH | LOCK_NB) == 0 }
    usleep(.random(in: 500...3500))
  }

  /// Waits no longer.
  mutating func leave() {
    if hasJoined { flock(folder, LOCK_UN) }
    hasJoined = false
  }

  /// Lets others in, if any wait; who comes for the first time has let them in.
  mutating func letOthersIn() {
    if !hasHadATurn {
      hasHadATurn = true
    } else if flock(folder, LOCK_EX | LOCK_NB) == 0 {
      flock(folder, LOCK_UN)
    } else if errno == EWOULDBLOCK {
      usleep(Self.pause)
    }
  }
}
