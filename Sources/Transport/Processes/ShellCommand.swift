// Processes for a shell command.

import Glibc

/// A command for `/bin/sh -c`, to be started as often as needed.
///
/// The process leads a group of its own, so that a terminal's Ctrl-C leaves it alone and all that it
/// starts can be signalled.  It inherits nothing but the standard descriptors, and SIGPIPE and SIGXFSZ kill it as
/// they would under a shell.
package final class ShellCommand {
  private var words: [UnsafeMutablePointer<CChar>?]
  private var attributes = posix_spawnattr_t()

  /// - Parameters:
  ///   - command: any bytes but NUL.
  ///   - parameters: what `"$@"` stands for in it; any bytes but NUL.
  ///   - leadsGroup: false for one that belongs to our group, as what a terminal signals does.
  package init(_ command: [UInt8], parameters: [[UInt8]] = [], leadsGroup: Bool = true) {
    words = [strdup("/bin/sh"), strdup("-c")]
    for word in [command, Array("/bin/sh".utf8)] + parameters {
      words.append(strdup(word.map { CChar(bitPattern: $0) } + [0]))
    }
    words.append(nil)
    posix_spawnattr_init(&attributes)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var flags = Int16(POSIX_SPAWN_SETSIGDEF)
    if leadsGroup {
      posix_spawnattr_setpgroup(&attributes, 0)
      flags |= Int16(POSIX_SPAWN_SETPGROUP)
    }
    posix_spawnattr_setflags(&attributes, flags)
  }

  deinit {
    posix_spawnattr_destroy(&attributes)
    for word in words { free(word) }
  }

  /// A process that was started.
  package struct Started {
    package let process: pid_t
    /// What it prints, not blocking; owned by the caller.  Nil where it prints to our standard output.
    package let output: CInt?
  }

  /// Starts a process.
  ///
  /// - Parameters:
  ///   - input: its standard input, which is a file: it may be read at leisure or not at all.
  ///   - environment: `NAME=value` strings and a nil behind them.
  package func start(
    input: UnsafeRawBufferPointer, environment: [UnsafeMutablePointer<CChar>?],
    capturingOutput: Bool
  ) throws(TransportError) -> Started {
    let file = try MemoryFile.make(holding: input)
    defer { close(file) }
    let pipe = capturingOutput ? try Pipe.ends() : nil
    defer { if let pipe { close(pipe.write) } }
    if let pipe { _ = fcntl(pipe.read, F_SETFL, O_NONBLOCK) }
    do throws(TransportError) {
      let process = try spawn(input: file, output: pipe?.write, environment)
      return Started(process: process, output: pipe?.read)
    } catch {
      if let pipe { close(pipe.read) }
      throw error
    }
  }

  /// - Parameter output: nil for our own standard output.
  func spawn(
    input: CInt, output: CInt?, _ environment: [UnsafeMutablePointer<CChar>?]
  ) throws(TransportError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    if let output { posix_spawn_file_actions_adddup2(&actions, output, 1) }
    var process = pid_t()
    let failed = posix_spawn(&process, words[0]!, &actions, &attributes, words, environment)
    if failed != 0 { throw .system(call: "/bin/sh", errno: failed) }
    return process
  }
}
