import Glibc
import MQTTProtocol
import Rendering
import Transport

/// A program that reads messages on its standard input.  What it prints is shown as the shell's own output.
final class CommandSink: MessageSink {
  let name: String
  private let console: any ShellConsole
  private let child: ChildProcess
  /// -1 once it is closed.
  private var input: CInt
  private var output: CInt
  private var waiting = ByteBuffer()
  private var printed = ByteBuffer()
  private var isClosing = false

  init(_ command: [UInt8], _ console: any ShellConsole) throws(Failure) {
    name = "| " + SafeText.escaped(command)
    self.console = console
    do throws(TransportError) {
      let input = try Pipe.ends()
      let output = try Pipe.ends()
      defer {
        Glibc.close(input.read)
        Glibc.close(output.write)
      }
      for end in [input.write, output.read] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
      child = try ChildProcess(command, input: input.read, output: output.write)
      self.input = input.write
      self.output = output.read
    } catch {
      throw Failure(.commandFailed, "\(name): \(error)")
    }
  }

  deinit {
    closeInput()
    closeOutput()
  }

  func append(_ bytes: UnsafeRawBufferPointer) { if input >= 0 { waiting.append(bytes) } }

  func flush() throws(Failure) {
    readOutput()
    while input >= 0, !waiting.isEmpty {
      let bytes = waiting.bytes
      let count = write(input, bytes.baseAddress, bytes.count)
      if count > 0 {
        waiting.removeFirst(count)
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        // It reads no more: it may have seen enough.
        closeInput()
      }
    }
    if isClosing, waiting.isEmpty { closeInput() }
    guard output < 0, !isDone, let ending = child.poll() else { return }
    isDone = true
    if ending != .exited(0) { throw Failure(.commandFailed, "\(name): \(CommandFault(ending))") }
  }

  /// Its end was seen, and told where it was a failure.
  private(set) var isDone = false

  func close() { isClosing = true }

  private func readOutput() {
    var block = [UInt8](repeating: 0, count: 4096)
    while output >= 0, !console.isFull {
      let count = read(output, &block, block.count)
      if count > 0 {
        printed.append(Array(block[..<count]))
        show()
      } else if count < 0, errno == EINTR {
        continue
      } else {
        if count == 0 { closeOutput() }
        break
      }
    }
  }

  /// Whole lines, so that no other output comes between, and no character is cut.
  private func show() {
    let bytes = printed.bytes
    let newline = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let end = output < 0 || bytes.count > mostForSink ? bytes.count : newline
    if end == 0 { return }
    var shown = ByteBuffer()
    shown.append(
      UnsafeRawBufferPointer(rebasing: bytes[..<end]), console.isTerminal ? .text : .none)
    console.emit(shown.bytes)
    printed.removeFirst(end)
  }

  private func closeInput() {
    if input >= 0 { Glibc.close(input) }
    input = -1
    waiting.removeAll()
  }

  private func closeOutput() {
    if output >= 0 { Glibc.close(output) }
    output = -1
    show()
  }

  var watches: [Watch] {
    var watches: [Watch] = []
    if output >= 0, !console.isFull { watches.append(Watch(output, .readable)) }
    if input >= 0, !waiting.isEmpty { watches.append(Watch(input, .writable)) }
    if output < 0, !isDone { watches += [child.watch].compactMap { $0 } }
    return watches
  }

  var isFull: Bool { waiting.count > mostForSink }
}
