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
    editor.drain()
    if buffer.isEmpty || editor.isBehind { return }
    editor.printAbove(buffer.array)
    buffer.removeAll()
  }

  var watch: Watch? { editor.screenWatch }
  var isFull: Bool { buffer.count > Self.most }

  func lend() {
    flush()
    editor.lendTerminal()
  }

  func takeBack() { editor.takeTerminalBack() }
}
