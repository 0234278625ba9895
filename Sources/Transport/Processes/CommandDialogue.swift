// A command that answers line by line.

import Glibc

/// A process to talk to: a line to its standard input, a line from its standard output.  Its standard error is
/// ours.  It ends with its owner.
package final class CommandDialogue {
  private let option: String
  private let child: ChildProcess
  private let input: CInt
  private let output: CInt
  private var unread: [UInt8] = []

  /// More than 65,535 bytes are in base64.
  private static let limit = 90_000

  /// - Parameters:
  ///   - option: what named the command, for messages.
  ///   - variables: `NAME=value`, beside our own environment.
  package init(
    _ command: [UInt8], for option: String, variables: [String]
  ) throws(TransportError) {
    let question = try Pipe.ends()
    let answer: (read: CInt, write: CInt)
    do throws(TransportError) { answer = try Pipe.ends() } catch {
      for end in [question.read, question.write] { close(end) }
      throw error
    }
    for end in [question.write, answer.read] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    defer { for end in [question.read, answer.write] { close(end) } }
    self.option = option
    input = question.write
    output = answer.read
    do throws(TransportError) {
      child = try ChildProcess(
        command, input: question.read, output: answer.write, variables: variables)
    } catch {
      for end in [question.write, answer.read] { close(end) }
      throw error
    }
  }

  deinit {
    close(input)
    close(output)
    child.stop()
  }

  /// It has left with status 0.
  package var hasEndedWell: Bool {
    (try? child.end(until: .zero, stop: nil)) == .exited(0)
  }

  /// - Parameter line: without its end.
  /// - Returns: the next line that it prints, without its end.
  /// - Throws: `.command`, `.interrupted`, `.system`.
  package func ask(
    _ line: [UInt8], until deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> [UInt8] {
    let began = MonotonicClock.now()
    var rest = (line + [UInt8(ascii: "\n")])[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        try wait(Watch(input, .writable), until: deadline, stop, since: began)
      } else if errno != EINTR {
        throw try ended(until: deadline, stop)
      }
    }
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        let line = unread[..<end]
        unread.removeFirst(end + 1)
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
      }
      if unread.count > Self.limit {
        throw .command(option: option, .tooLong(limit: Self.limit))
      }
      let count = read(output, &block, block.count)
      if count > 0 {
        unread += block[..<count]
      } else if count == 0 {
        throw try ended(until: deadline, stop)
      } else if errno == EAGAIN {
        try wait(Watch(output, .readable), until: deadline, stop, since: began)
      } else if errno != EINTR {
        throw .system(call: option, errno: errno)
      }
    }
  }

  private func wait(
    _ watch: Watch, until deadline: Duration?, _ stop: StopSignals?, since began: Duration
  ) throws(TransportError) {
    let ready = try Watches(other: watch).wait(until: deadline, stop: stop)
    if let signal = ready.signal { throw .interrupted(signal: signal) }
    if !ready.other {
      throw .command(option: option, .late(within: MonotonicClock.now() - began))
    }
  }

  /// It closed its end: it has left, or will in a moment.
  private func ended(
    until deadline: Duration?, _ stop: StopSignals?
  ) throws(TransportError) -> TransportError {
    let limit = MonotonicClock.now() + .seconds(1)
    let ending = try child.end(until: deadline.map { min($0, limit) } ?? limit, stop: stop)
    return .command(option: option, ending.map { CommandFault($0) } ?? .silent)
  }
}
