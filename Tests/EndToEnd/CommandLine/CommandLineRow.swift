// One wrong command line, and what must happen: one line, status 1, and nothing to the broker.

import Foundation
import TestSupport
import Testing

/// A command line that the program refuses.
struct WrongLine: Sendable, CustomTestStringConvertible {
  let name: String
  let command: String
  let words: [[UInt8]]
  /// What the line on standard error has in it, in this order.
  let mentions: [String]

  var testDescription: String { name }

  init(_ name: String, _ command: String, _ words: [[UInt8]], says mentions: String...) {
    self.name = name
    self.command = command
    self.words = words
    self.mentions = mentions
  }

  /// - Parameter line: the command and its words, split at spaces; `''` is an empty word.
  init(_ name: String, _ line: String, says mentions: String...) {
    let words = line.split(separator: " ").map { $0 == "''" ? [] : Array($0.utf8) }
    self.name = name
    command = String(decoding: words[0], as: UTF8.self)
    self.words = Array(words.dropFirst())
    self.mentions = mentions
  }

  /// Runs it against a broker that must never hear of it.
  func check() throws {
    let broker = try ScriptedBroker { _ in }
    let head = ([Program.apus, command] + broker.address).map { Array($0.utf8) }
    let program = try RunningProgram(head + words)
    let ending = try program.wait(within: 5)
    let errors = program.errorText
    #expect(ending == .exited(1), "\(errors)")
    #expect(program.outputSoFar.isEmpty)
    expectOneLine(errors, from: command)
    var rest = errors[...]
    for mention in mentions {
      guard let place = rest.range(of: mention) else {
        Issue.record("'\(mention)' is missing in: \(errors)")
        continue
      }
      rest = rest[place.upperBound...]
    }
    #expect((try? broker.accept(within: 0)) == nil, "the broker was connected to")
  }
}

/// Exactly one line on standard error, under the command's name, short and free of control characters.
func expectOneLine(_ errors: String, from command: String) {
  #expect(errors.hasPrefix("apus \(command): "), "\(errors)")
  #expect(errors.hasSuffix("\n"), "\(errors)")
  #expect(errors.filter { $0.isNewline }.count == 1, "\(errors)")
  #expect(!errors.unicodeScalars.dropLast().contains { $0.value < 0x20 || 0x7f..<0xa0 ~= $0.value })
}

/// Words of text and bytes in one command line.
func words(_ parts: Any...) -> [[UInt8]] {
  parts.map { $0 as? [UInt8] ?? Array("\($0)".utf8) }
}

/// A word of one letter, so many times.
func long(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "x"), count: count) }
