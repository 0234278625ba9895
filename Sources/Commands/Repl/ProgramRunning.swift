// `!COMMAND`: a program that has the terminal for itself.

import Glibc
import Transport

extension Shell {
  /// Runs a command of the system's shell to its end.  Connections go on meanwhile; messages that come are
  /// shown.
  ///
  /// - Parameter parameters: what `"$@"` stands for in it.
  /// - Throws: when it did not end with 0, with its status.
  func runProgram(_ command: [UInt8], _ parameters: [[UInt8]]) throws(Failure) {
    for word in [command] + parameters { try checkForProgram(word, "!") }
    try pump { () throws(Failure) in console.watch == nil }
    console.lend()
    defer { console.takeBack() }
    let child: ChildProcess
    do throws(TransportError) {
      let nothing = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
      defer { close(nothing) }
      child = try ChildProcess(
        command, parameters: parameters, input: readsStandardInput ? nothing : 0, output: 1,
        leadsGroup: false)
    } catch {
      throw Failure(.commandFailed, "!: \(error)")
    }
    var ending: ChildExits.Ending?
    while ending == nil {
      ending = child.poll()
      if ending != nil { break }
      step()
      let watches = watches + [child.watch].compactMap { $0 }
      let limit = [due, child.watch == nil ? MonotonicClock.now() + Self.moment : nil]
      let signal = try? Watches.wait(for: watches, until: limit.compactMap { $0 }.min(), stop: stop)
      // Of a terminal's Ctrl-C the program has heard too.
      if signal == SIGINT { stop.rearm() } else if let signal { throw Failure(signal: signal) }
    }
    switch ending {
    case .exited(0), nil: return
    case .exited(let status):
      throw Failure(ExitStatus(rawValue: status), "!: the command ended with status \(status)")
    case .killed(let signal):
      throw Failure(
        ExitStatus(rawValue: 128 + signal), "!: the command was killed by signal \(signal)")
    }
  }

  private static let moment = Duration.milliseconds(10)

  /// The system would end a word at a NUL byte.
  func checkForProgram(_ word: [UInt8], _ name: String) throws(Failure) {
    if word.contains(0) {
      throw Failure(.usage, "\(name): a NUL byte is in the command, and no program takes one")
    }
  }
}
