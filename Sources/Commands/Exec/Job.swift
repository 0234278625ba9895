import Glibc
import MQTTProtocol
import Transport

/// One process that works on one message.
final class Job {
  let process: pid_t
  /// What is to be done when it has ended.
  let ticket: Ticket
  /// The read end of what it prints; -1 once nothing more is read.
  private(set) var pipe: CInt
  /// What it has printed.
  private(set) var output = ByteBuffer(capacity: 256)
  /// It printed more than anybody could be sent; the rest is not read.
  private(set) var isTooLong = false
  var ending: ChildExits.Ending?

  /// What is known of a message while its command runs.
  struct Ticket {
    /// For reports.
    var topic: [UInt8]
    /// The number of its acknowledgement; nil at QoS 0.
    var acknowledgement: Int?
    /// Where the output goes, if anywhere.
    var address: ReplyAddress?
  }

  init(_ started: ShellCommand.Started, _ ticket: Ticket) {
    process = started.process
    pipe = started.output ?? -1
    self.ticket = ticket
  }

  deinit { if pipe >= 0 { close(pipe) } }

  /// Reads once.
  ///
  /// - Parameter limit: most bytes that are kept.
  /// - Returns: whether there may be more now, and whether it was the end: then the pipe is to be closed.
  func read(into block: UnsafeMutableRawBufferPointer, limit: Int) -> (more: Bool, end: Bool) {
    while true {
      let count = Glibc.read(pipe, block.baseAddress, block.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return (false, false) }
      if count <= 0 { return (false, true) }
      if output.count + count > limit {
        isTooLong = true
        output.removeAll()
        return (false, true)
      }
      output.append(UnsafeRawBufferPointer(rebasing: block[..<count]))
      return (true, false)
    }
  }

  func closePipe() {
    if pipe >= 0 { close(pipe) }
    pipe = -1
  }

  /// How it failed, in words; nil when it did not.
  var failure: String? {
    if isTooLong { return "the command printed more than a message to this server can hold" }
    return switch ending {
    case .exited(0)?, nil: nil
    case .exited(let status)?: "the command exited with status \(status)"
    case .killed(let signal)?:
      "the command was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
  }
}
