// A process of ours that is waited for together with deadline and stop signals.

import CLinux
import Glibc

/// Ends with its owner, and with it all that it has started.
package final class ChildProcess {
  private let process: pid_t
  /// What signals go to: it and all that it has started, where it leads a group.
  private let group: pid_t
  /// Readable once it has ended; -1 where Linux has no such thing.
  private let descriptor: CInt
  private var ending: ChildExits.Ending?

  /// How long it may take to leave once it was told to.
  private static let grace = Duration.milliseconds(200)
  /// How often to look where nothing tells.
  private static let moment = Duration.milliseconds(5)

  /// - Parameters:
  ///   - parameters: what `"$@"` stands for in it.
  ///   - input, output: its standard input and output.
  ///   - variables: `NAME=value`, beside our own environment.
  ///   - leadsGroup: false for one that has the terminal, and its signals, for itself.
  package init(
    _ command: [UInt8], parameters: [[UInt8]] = [], input: CInt, output: CInt,
    variables: [String] = [], leadsGroup: Bool = true
  ) throws(TransportError) {
    Self.heedExits()
    var environment: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let variable = next.pointee {
      environment.append(variable)
      next += 1
    }
    let added = variables.map { strdup($0) }
    defer { for variable in added { free(variable) } }
    let shell = ShellCommand(command, parameters: parameters, leadsGroup: leadsGroup)
    process = try shell.spawn(input: input, output: output, added + environment + [nil])
    group = leadsGroup ? -process : process
    descriptor = apus_pidfd_open(process)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    stop()
    if descriptor >= 0 { close(descriptor) }
  }

  /// What to wait on for its end.
  package var watch: Watch? { descriptor < 0 ? nil : Watch(descriptor, .readable) }

  /// How it ended; nil while it runs.
  package func poll() -> ChildExits.Ending? {
    if ending == nil { ending = ChildExits.Ending(of: process) }
    return ending
  }

  /// Waits for its end.
  ///
  /// - Returns: nil when the deadline came first.
  func end(
    until deadline: Duration?, stop signals: StopSignals?
  ) throws(TransportError) -> ChildExits.Ending? {
    while true {
      if let ending = poll() { return ending }
      let now = MonotonicClock.now()
      if let deadline, now >= deadline { return nil }
      let limit = [deadline, descriptor < 0 ? now + Self.moment : nil].compactMap { $0 }.min()
      let ready = try Watches(other: watch).wait(until: limit, stop: signals)
      if let signal = ready.signal { throw .interrupted(signal: signal) }
    }
  }

  /// Tells it to end, and sees to it.
  package func stop() {
    if ending != nil { return }
    kill(group, SIGTERM)
    let ended = try? end(until: MonotonicClock.now() + Self.grace, stop: nil)
    if ended == nil {
      kill(group, SIGKILL)
      while waitpid(process, nil, 0) < 0, errno == EINTR {}
      ending = .killed(signal: SIGKILL)
    }
  }

  /// A parent that ignored SIGCHLD would leave us no status.
  private static func heedExits() {
    var old = sigaction()
    sigaction(SIGCHLD, nil, &old)
    if old.isIgnoring { signal(SIGCHLD, SIG_DFL) }
  }
}
