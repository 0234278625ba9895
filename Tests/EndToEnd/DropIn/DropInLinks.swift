// apus under the names of mosquitto's clients.

import Foundation
import TestSupport
import Testing

/// The links `mosquitto_pub`, `mosquitto_sub` and `mosquitto_rr` to the program under test.
///
/// With `DROP_IN_LINKS=/usr/bin` in the environment the tables run against the originals: that shows what
/// a row would say of them.
enum Links {
  static let path: String =
    ProcessInfo.processInfo.environment["DROP_IN_LINKS"]
    ?? {
      for tool in ["pub", "sub", "rr"] {
        try? FileManager.default.createSymbolicLink(
          atPath: folder.file("mosquitto_" + tool), withDestinationPath: Program.apus)
      }
      atexit { try? FileManager.default.removeItem(atPath: folder.path) }
      return folder.path
    }()

  /// Where Debian has its own.
  static let originals = "/usr/bin"

  private static let folder = TemporaryDirectory()
}

/// A command line of one of the tools: `pub -t a -m b`.
///
/// Words stand between blanks; `'…'` holds blanks or nothing, and `<ff>` is a byte.
struct ToolLine: Sendable, Hashable, ExpressibleByStringLiteral, CustomTestStringConvertible {
  let text: String

  init(_ text: String) { self.text = text }
  init(stringLiteral text: String) { self.text = text }

  var testDescription: String { text }

  var tool: String { String(text.prefix { $0 != " " }) }

  /// The words behind the tool.
  var words: [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var isQuoted = false
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "'") {
        isQuoted.toggle()
        word = word ?? []
      } else if byte == UInt8(ascii: " "), !isQuoted {
        if let word { words.append(word) }
        word = nil
      } else if byte == UInt8(ascii: "<"), rest.dropFirst(2).first == UInt8(ascii: ">") {
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        word = (word ?? []) + [UInt8(digits, radix: 16) ?? 0]
        rest = rest.dropFirst(3)
      } else {
        word = (word ?? []) + [byte]
      }
    }
    if let word { words.append(word) }
    return Array(words.dropFirst())
  }

  /// Starts the tool.
  ///
  /// - Parameters:
  ///   - port: the broker's on 127.0.0.1, said before everything else and in the place of `PORT`.
  ///   - folder: where the tools are.
  func start(
    port: UInt16? = nil, folder: String = Links.path, input: RunningProgram.Input = .none,
    environment: [String: String] = [:]
  ) throws -> RunningProgram {
    let head = ["\(folder)/mosquitto_\(tool)"] + (port.map { ["-p", "\($0)"] } ?? [])
    let line = ToolLine(text.replacingOccurrences(of: "PORT", with: "\(port ?? 1)"))
    return try RunningProgram(
      head.map { Array($0.utf8) } + line.words, input: input, environment: environment)
  }

  func run(
    port: UInt16? = nil, folder: String = Links.path, input: RunningProgram.Input = .none,
    environment: [String: String] = [:]
  ) throws -> ToolResult {
    let program = try start(port: port, folder: folder, input: input, environment: environment)
    let ending = try program.wait(within: 20)
    return ToolResult(
      ending: ending, output: program.outputSoFar, errors: program.errorText)
  }
}

/// How a run of a tool ended.
struct ToolResult: Hashable, Sendable {
  var ending: Ending
  var output: [UInt8]
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
}

/// A command line that a tool finds fault with.
struct ComplaintRow: Sendable, CustomTestStringConvertible {
  let line: ToolLine
  let text: String

  /// - Parameter text: what follows `Error: `.
  init(_ line: ToolLine, _ text: String) {
    self.line = line
    self.text = text
  }

  var testDescription: String { line.text }

  /// The text, an empty line, and the way to the help; status 1.
  func check() throws {
    let result = try line.run()
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    let lines = result.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first ?? "" == "Error: \(text)")
    #expect(
      result.errors.hasSuffix("\n\nUse 'mosquitto_\(line.tool) --help' to see usage.\n"),
      "\(result.errors)")
    #expect((4...5).contains(lines.count), "\(result.errors)")
  }
}
