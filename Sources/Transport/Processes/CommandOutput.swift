// A command as a question with one answer.

import Glibc

package enum CommandOutput {
  /// Runs a command to its end.  Its standard input is empty, its standard error is ours.
  ///
  /// - Parameters:
  ///   - option: what named the command, for messages.
  ///   - limit: most bytes that it may print.
  /// - Returns: what it printed, at least one byte.
  /// - Throws: `.command`, `.interrupted`, `.system`; it runs no more then.
  package static func read(
    _ command: [UInt8], for option: String, limit: Int, until deadline: Duration?,
    stop: StopSignals?
  ) throws(TransportError) -> [UInt8] {
    let began = MonotonicClock.now()
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if nothing < 0 { throw .file(name: "/dev/null", errno: errno) }
    defer { close(nothing) }
    let pipe = try Pipe.ends()
    defer { close(pipe.read) }
    _ = fcntl(pipe.read, F_SETFL, O_NONBLOCK)
    let child: ChildProcess
    do throws(TransportError) {
      child = try ChildProcess(command, input: nothing, output: pipe.write)
    } catch {
      close(pipe.write)
      throw error
    }
    close(pipe.write)
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    let watches = Watches(socket: Watch(pipe.read, .readable), other: child.watch)
    var isOpen = true
    while isOpen {
      let ready = try watches.wait(until: deadline, stop: stop)
      if let signal = ready.signal { throw .interrupted(signal: signal) }
      if !ready.socket, !ready.other {
        throw .command(option: option, .late(within: MonotonicClock.now() - began))
      }
      while true {
        let count = Glibc.read(pipe.read, &block, block.count)
        if count < 0, errno == EINTR { continue }
        // What a command left running behind it is not waited for.
        if count == 0 || count < 0 && ready.other { isOpen = false }
        if count <= 0 { break }
        bytes += block[..<count]
        if bytes.count > limit { throw .command(option: option, .tooLong(limit: limit)) }
      }
    }
    guard let ending = try child.end(until: deadline, stop: stop) else {
      throw .command(option: option, .late(within: MonotonicClock.now() - began))
    }
    if ending != .exited(0) { throw .command(option: option, CommandFault(ending)) }
    if bytes.isEmpty { throw .command(option: option, .silent) }
    return bytes
  }
}
