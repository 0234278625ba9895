// Where the shell's output goes.

import Glibc
import MQTTProtocol
import Rendering
import Transport

/// What a person or a script sees of the shell.
protocol ShellConsole: AnyObject {
  /// What it shows is shown by a terminal.
  var isTerminal: Bool { get }
  /// Shows what messages and commands bring.
  func emit(_ bytes: UnsafeRawBufferPointer)
  /// Says one line about connections and errors.
  func tell(_ text: String)
  /// Writes what can be written without waiting.
  ///
  /// - Throws: when nobody takes it any more.
  func flush() throws(Failure)
  /// What to wait for to go on writing.
  var watch: Watch? { get }
  /// So much waits that no more should come.
  var isFull: Bool { get }
  /// A program has the terminal for itself, until `takeBack`.
  func lend()
  func takeBack()
}

/// Standard output and standard error.
final class StandardConsole: ShellConsole {
  let isTerminal = isatty(1) == 1
  private let reporter: Reporter
  private let file = OutputFile.standardOutput
  private var buffer = ByteBuffer()
  /// Nobody takes the output any more.
  private var failure: Failure?

  private static let most = 256 << 10

  init(_ reporter: Reporter) { self.reporter = reporter }

  func emit(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

  /// Behind what was shown before, since both may go to one file.
  func tell(_ text: String) {
    do throws(Failure) { try flush() } catch { failure = error }
    reporter.say(text)
  }

  func flush() throws(Failure) {
    if let failure { throw failure }
    while !buffer.isEmpty {
      do throws(TransportError) {
        guard case .bytes(let count) = try file.write(buffer.bytes) else { return }
        buffer.removeFirst(count)
      } catch {
        buffer.removeAll()
        throw Failure(.outputFailed, "\(error)")
      }
    }
  }

  var watch: Watch? { buffer.isEmpty ? nil : Watch(file.descriptor, .writable) }
  var isFull: Bool { buffer.count > Self.most }
  func lend() {}
  func takeBack() {}
}
