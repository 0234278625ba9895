// The shell's output where a person types: above the line.

import Glibc
import LineEditing
import MQTTProtocol
import Rendering
import Transport

/// A terminal on which a line is edited.
final class PromptConsole: ShellConsole {
  let isTerminal = true
  private let editor: LineEditor
  private var buffer = ByteBuffer()

  init(_ editor: LineEditor) { self.editor = editor }

  func emit(_ bytes: UnsafeRawBufferPointer) {
    buffer.append(bytes)
    if buffer.count > Self.most { flush() }
  }

  private static let most = 256 << 10

  func tell(_ text: String) {
    for line in text.split(separator: "\n") {
      buffer.append(Array("\(SafeText.escaped(line.utf8))\n".utf8))
    }
  }

  func flush() {
    if buffer.isEmpty { return }
    editor.printAbove(buffer.array)
    buffer.removeAll()
  }

  /// The terminal takes what it is given at once.
  var watch: Watch? { nil }
  var isFull: Bool { false }

  func lend() {
    flush()
    editor.lendTerminal()
  }

  func takeBack() { editor.takeTerminalBack() }
}
