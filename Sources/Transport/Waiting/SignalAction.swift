import Glibc

extension sigaction {
  /// The signal has no effect.
  var isIgnoring: Bool { number == unsafeBitCast(SIG_IGN, to: Int.self) }

  /// What happens is what the system does by itself.
  var isUsual: Bool { number == 0 }

  private var number: Int { unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) }
}
