/// Why a command that was asked for something did not give it.  What it printed is in no message: it may be
/// a secret.
package enum CommandFault: Error, Hashable, Sendable {
  case exited(CInt)
  case killed(signal: CInt)
  case silent
  case tooLong(limit: Int)
  case late(within: Duration)
  /// A line that is to be base64.
  case notBase64

  package init(_ ending: ChildExits.Ending) {
    switch ending {
    case .exited(let status): self = .exited(status)
    case .killed(let signal): self = .killed(signal: signal)
    }
  }
}

extension CommandFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .exited(0): "ended (with status 0) without an answer"
    case .exited(let status): "ended with status \(status)"
    case .killed(let signal): "was killed by signal \(signal)"
    case .silent: "printed nothing"
    case .tooLong(let limit): "printed more than \(limit) bytes"
    case .late(let limit): "gave no answer within \(limit.shownSeconds) s"
    case .notBase64: "printed a line that is not base64, or stands for more than 65535 bytes"
    }
  }
}
