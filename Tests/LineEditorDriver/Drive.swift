// A program that does nothing but edit lines, for tests of the line editor.

import Glibc
import LineEditing
import Transport

/// Says what came of each line.  What is written to the named pipe of the first word comes to stand above
/// the line; `prompt TEXT` there changes the prompt.  The second word is the file of the history.
func drive() {
  let words = CommandLine.arguments
  let stop = StopSignals.install(.interactive)
  let pipe = open(words[1], O_RDWR | O_NONBLOCK)
  let history = History(in: HistoryFile(path: words[2]))
  if let fault = history.fault { print(fault) }
  guard let editor = LineEditor(history: history, isColoured: true, stop: stop) else {
    print("no terminal")
    exit(3)
  }
  editor.setPrompt(Prompt([.init("apus", .good), .init("> ")]))
  editor.isKept = { !$0.contains("secret") }
  editor.completer = complete
  while true {
    let outcome = editor.readLine(
      surroundings: { .init([Watch(pipe, .readable)]) }, onActivity: { show(pipe, editor) })
    switch outcome {
    case .line("crash"): abort()
    case .line("exit"): exit(0)
    case .line(let line): editor.printAbove(Array("got [\(line)]".utf8))
    case .interrupted: editor.printAbove(Array("interrupted".utf8))
    case .endOfInput:
      editor.printAbove(Array("end".utf8))
      exit(0)
    case .stopped(let signal):
      editor.printAbove(Array("stopped by \(signal)".utf8))
      exit(4)
    }
  }
}

private func complete(_ before: String) -> Completion {
  let words = ["publish ", "pubrec ", "subscribe ", "wähler/größe ", "wähler/güte "]
  let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
  let start = before.unicodeScalars.count - word.unicodeScalars.count
  return Completion(
    from: start, words.filter { $0.hasPrefix(word) }.map { .init($0, help: "help for \($0)") })
}

private func show(_ pipe: CInt, _ editor: LineEditor) {
  var block = [UInt8](repeating: 0, count: 64 << 10)
  let count = read(pipe, &block, block.count)
  if count <= 0 { return }
  let text = String(decoding: block[..<count], as: UTF8.self)
  if text.hasPrefix("prompt ") {
    editor.setPrompt(Prompt([.init(String(text.dropFirst(7).prefix { $0 != "\n" }))]))
  } else {
    editor.printAbove(Array(text.utf8))
  }
}
