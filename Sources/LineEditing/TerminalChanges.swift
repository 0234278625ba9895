// What happens to a terminal while a line is edited.

import Glibc
import Synchronization

/// SIGWINCH and SIGCONT as something to wait for.
final class TerminalChanges: Sendable {
  /// Readable once the window has another size, or the process goes on after a stop.
  let descriptor: CInt

  init() {
    var ends: [CInt] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    descriptor = ends[0]
    wakeDescriptor.store(ends[1], ordering: .relaxed)
    for number in [SIGWINCH, SIGCONT] {
      var new = sigaction()
      new.__sigaction_handler.sa_handler = changeHandler
      new.sa_flags = SA_RESTART
      sigaction(number, &new, nil)
    }
  }

  deinit {
    for number in [SIGWINCH, SIGCONT] { signal(number, SIG_DFL) }
    close(wakeDescriptor.exchange(-1, ordering: .relaxed))
    close(descriptor)
  }

  /// They are seen to.
  func clear() {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) > 0 {}
  }
}

private let wakeDescriptor = Atomic<CInt>(-1)

private func changeHandler(_ number: CInt) {
  let saved = errno
  var byte: UInt8 = 0
  _ = write(wakeDescriptor.load(ordering: .relaxed), &byte, 1)
  errno = saved
}
