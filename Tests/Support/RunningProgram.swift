// Programs under test, as child processes.

import Foundation
import Synchronization

/// How a process ended.
package enum Ending: Hashable, Sendable {
  case exited(Int32)
  case signaled(Int32)
}

/// A child process.  What it writes is read all the time by threads, so it never blocks on a full
/// pipe; it is killed when the test lets go of it.
package final class RunningProgram: @unchecked Sendable {
  package let pid: pid_t
  private let input: CInt
  private let output = Captured()
  private let errors = Captured()
  private var ending: Ending?
  private var isInputOpen: Bool

  /// Where standard input comes from.
  package enum Input: Sendable {
    case none
    case bytes([UInt8])
    case file(String)
    /// A pipe that `write` and `closeInput` use.
    case open
    /// The program's own terminal, for its output and errors too.
    case terminal(PseudoTerminal)
  }

  /// - Parameters:
  ///   - command: the program's path and its words; bytes, since a word need not be UTF-8.
  ///   - output: a descriptor for standard output in place of the pipe that is read.
  package init(
    _ command: [[UInt8]], input source: Input = .none, output given: CInt? = nil,
    closingOutput: Bool = false, environment: [String: String] = [:]
  ) throws {
    let stdin = try Self.makePipe()
    let stdout = try Self.makePipe()
    let stderr = try Self.makePipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    switch source {
    case .none: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    case .bytes, .open: posix_spawn_file_actions_adddup2(&actions, stdin.read, 0)
    // The first terminal that the leader of a session opens becomes its controlling terminal.
    case .terminal(let terminal):
      posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
    }
    var isOnTerminal = false
    if case .terminal = source { isOnTerminal = true }
    posix_spawn_file_actions_adddup2(&actions, isOnTerminal ? 0 : given ?? stdout.write, 1)
    posix_spawn_file_actions_adddup2(&actions, isOnTerminal ? 0 : stderr.write, 2)
    if closingOutput { posix_spawn_file_actions_addclose(&actions, 1) }
    // Whatever else this process has open is none of the program's affair.
    _ = addCloseFrom(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    posix_spawnattr_setsigmask(&attributes, &unblocked)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
        | (isOnTerminal ? Self.newSession : 0))
    var words: [UnsafeMutablePointer<CChar>?] = command.map { word in
      strdup(word.map { CChar(bitPattern: $0) } + [0])
    }
    words.append(nil)
    // No files of options but the test's own.
    var variables: [UnsafeMutablePointer<CChar>?] = ProcessInfo.processInfo.environment
      .merging(["XDG_CONFIG_HOME": "/dev/null/none"]) { $1 }
      .merging(environment) { $1 }.map { strdup("\($0.key)=\($0.value)") }
    variables.append(nil)
    defer { for word in words + variables { free(word) } }
    var child = pid_t()
    let failed = Self.spawning.withLock { _ in
      posix_spawnp(&child, words[0] ?? strdup(""), &actions, &attributes, words, variables)
    }
    close(stdin.read)
    close(stdout.write)
    close(stderr.write)
    guard failed == 0 else {
      for end in [stdin.write, stdout.read, stderr.read] { close(end) }
      throw TimedOut(
        description:
          "cannot start \(String(decoding: command[0], as: UTF8.self)): \(String(cString: strerror(failed)))"
      )
    }
    pid = child
    Self.running.withLock { _ = $0.insert(child) }
    input = stdin.write
    isInputOpen = true
    output.read(stdout.read)
    errors.read(stderr.read)
    switch source {
    case .bytes(let bytes):
      isInputOpen = false
      let end = stdin.write
      Thread.detachNewThread {
        Self.writeAll(bytes, to: end)
        close(end)
      }
    case .none, .file, .terminal: closeInput()
    case .open: break
    }
  }

  /// POSIX_SPAWN_SETSID, which Swift's Glibc module leaves out.
  private static let newSession: Int16 = 0x80

  package convenience init(
    _ command: [String], input: Input = .none, output: CInt? = nil, closingOutput: Bool = false,
    environment: [String: String] = [:]
  ) throws {
    try self.init(
      command.map { Array($0.utf8) }, input: input, output: output, closingOutput: closingOutput,
      environment: environment)
  }

  deinit {
    closeInput()
    if ending == nil {
      kill(pid, SIGKILL)
      while waitpid(pid, nil, 0) < 0, errno == EINTR {}
    }
    Self.running.withLock { _ = $0.remove(pid) }
  }

  // MARK: Talking to it

  package func write(_ text: String) { write(Array(text.utf8)) }
  package func write(_ bytes: [UInt8]) { Self.writeAll(bytes, to: input) }

  package func closeInput() {
    if isInputOpen { close(input) }
    isInputOpen = false
  }

  package func send(_ signal: Int32) { kill(pid, signal) }

  /// A signal was sent and its handler has not begun yet.
  package var hasPendingSignal: Bool { mask("SigPnd:") | mask("ShdPnd:") != 0 }

  /// The program has taken the signals that were sent, and waits again.
  package var isWaiting: Bool { !hasPendingSignal && state == "S" }

  /// `S` while it sleeps in a system call (proc(5)); the name before it may hold anything but `)`.
  private var state: Substring? {
    let line = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return line.split(separator: ")").last?.split(separator: " ").first
  }

  /// The program has a handler for the signal.
  package func catches(_ signal: Int32) -> Bool { mask("SigCgt:") >> UInt64(signal - 1) & 1 != 0 }

  /// A line of /proc/PID/status that is a set of signals.
  private func mask(_ name: String) -> UInt64 {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { UInt64($0.dropFirst(name.count).trimmingPrefix("\t"), radix: 16) } ?? 0
  }

  // MARK: What it wrote

  package var outputSoFar: [UInt8] { output.bytes }
  package var outputText: String { String(decoding: output.bytes, as: UTF8.self) }
  package var errorText: String { String(decoding: errors.bytes, as: UTF8.self) }

  package func waitForOutput(_ text: String, within seconds: Double = 10) throws {
    try eventually("'\(text)' on standard output; got '\(outputText.suffix(300))'", within: seconds)
    {
      outputText.contains(text)
    }
  }

  package func waitForError(_ text: String, within seconds: Double = 10) throws {
    try eventually("'\(text)' on standard error; got '\(errorText.suffix(300))'", within: seconds) {
      errorText.contains(text)
    }
  }

  /// The process is there no more, or waits to be asked how it ended.
  package var hasEnded: Bool {
    var info = siginfo_t()
    let found = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
    return found != 0 || info.si_signo == SIGCHLD
  }

  /// Waits for the end of the process and of its output.
  ///
  /// - Throws: `TimedOut` with what it had said; the process is killed then.
  @discardableResult
  package func wait(within seconds: Double = 20) throws -> Ending {
    if let ending { return ending }
    var status: Int32 = 0
    do {
      try eventually("the end of process \(pid)", within: seconds) {
        waitpid(pid, &status, WNOHANG) == pid
      }
    } catch {
      kill(pid, SIGKILL)
      throw TimedOut(
        description: "\(error); standard error: \(errorText.suffix(500))")
    }
    let code = status & 0x7f
    let ending: Ending = code == 0 ? .exited(status >> 8 & 0xff) : .signaled(code)
    self.ending = ending
    Self.running.withLock { _ = $0.remove(pid) }
    try eventually("the end of its output", within: 10) { output.isAtEnd && errors.isAtEnd }
    return ending
  }

  // MARK: The end of the tests

  /// Programs that nobody has waited for.  What all tests share is let go of by nobody; it ends with us.
  private static let running: Mutex<Set<pid_t>> = {
    atexit { RunningProgram.running.withLock { for pid in $0 { kill(pid, SIGKILL) } } }
    return Mutex([])
  }()

  // MARK: Pipes

  /// No child is started between the making of a pipe and its closing in children: it would keep ends
  /// open that the test counts on to be closed.
  private static let spawning = Mutex(())

  /// Holds back the start of programs, which would inherit descriptors that are being made.
  static func betweenStarts<Result>(_ body: () throws -> Result) rethrows -> Result {
    try spawning.withLock { _ in try body() }
  }

  package static func makePipe() throws -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw TimedOut(description: "pipe: \(errno)") }
    return (ends[0], ends[1])
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) {
    signal(SIGPIPE, SIG_IGN)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Everything that came out of one pipe so far.
  private final class Captured: Sendable {
    private struct State {
      var bytes: [UInt8] = []
      var isAtEnd = false
    }
    private let state = Mutex(State())

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

    func read(_ descriptor: CInt) {
      Thread.detachNewThread {
        var block = [UInt8](repeating: 0, count: 256 << 10)
        while true {
          let count = Glibc.read(descriptor, &block, block.count)
          if count < 0, errno == EINTR { continue }
          if count <= 0 { break }
          self.state.withLock { $0.bytes += block[..<count] }
        }
        close(descriptor)
        self.state.withLock { $0.isAtEnd = true }
      }
    }
  }
}

/// The programs that tests run.
package enum Program {
  /// The program under test.
  package static let apus: String =
    ProcessInfo.processInfo.environment["APUS"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/release/apus").path

  /// Runs apus to its end.
  package static func run(
    _ words: [String], input: RunningProgram.Input = .none, within seconds: Double = 20
  ) throws -> (ending: Ending, output: [UInt8], errors: String) {
    let program = try RunningProgram([apus] + words, input: input)
    let ending = try program.wait(within: seconds)
    return (ending, program.outputSoFar, program.errorText)
  }
}

/// Swift's Glibc module leaves it out.  Programs are started by others than us too, at any moment.
@_silgen_name("pipe2")
private func pipe2(_ ends: UnsafeMutablePointer<CInt>, _ flags: CInt) -> CInt

/// Likewise.
@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
private func addCloseFrom(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: CInt
) -> CInt
