// What happens to a terminal while a line is edited.

import Glibc
import Synchronization
import Transport

/// SIGWINCH and SIGCONT as something to wait for.
final class TerminalChanges: Sendable {
  /// Readable once the window has another size, or the process goes on after a stop.
  let descriptor: CInt

  init() {
    descriptor = (try? Bell.make()) ?? -1
    changeBell.store(descriptor, ordering: .relaxed)
    for number in [SIGWINCH, SIGCONT] {
      var new = sigaction()
      new.__sigaction_handler.sa_handler = changeHandler
      new.sa_flags = SA_RESTART
      sigaction(number, &new, nil)
    }
  }

  deinit {
    for number in [SIGWINCH, SIGCONT] { signal(number, SIG_DFL) }
    changeBell.store(-1, ordering: .relaxed)
    close(descriptor)
  }

  /// They are seen to.
  func clear() { Bell.silence(descriptor) }
}

private let changeBell = Atomic<CInt>(-1)

private func changeHandler(_ number: CInt) { Bell.ring(changeBell.load(ordering: .relaxed)) }
