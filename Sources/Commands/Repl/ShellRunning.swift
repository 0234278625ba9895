// From a text to commands that are done one after the other.

import MQTTProtocol
import OptionTable
import Rendering
import Transport

extension Shell {
  /// Runs every command of a text, up to the first that fails.
  ///
  /// - Parameters:
  ///   - name: of the file, for errors; nil for a line that somebody typed.
  ///   - line: the number of the text's first line.
  func run(_ text: [UInt8], from name: String?, line: Int = 1) throws(Failure) {
    let statements: [Statement]
    do throws(SyntaxFault) {
      statements = try StatementReader.statements(in: text, line: line)
    } catch {
      throw Failure(error, in: name)
    }
    for statement in statements where exit == nil {
      if let signal = stop.requested { throw Failure(signal: signal) }
      do throws(Failure) { try run(statement, from: name) } catch {
        // Who is told to stop does not go on.
        guard keepsGoing, error.signal == nil, outputFailure == nil else { throw error }
        report(error)
      }
    }
  }

  /// Tells of a failure that does not end the shell.
  func report(_ failure: Failure) {
    console.tell(failure.placedText)
    failed = failed ?? failure.status
  }

  private func run(_ statement: Statement, from name: String?) throws(Failure) {
    do throws(Failure) {
      if let command = statement.command {
        return try runProgram(command, statement.parameters)
      }
      if let first = statement.words.first?.plainText, let text = aliases[Self.key(first)] {
        return try runAlias(text, statement, from: name)
      }
      var words: [Argument] = []
      for word in statement.words { words.append(Argument(bytes: try expanded(word))) }
      guard let first = words.first else { return }
      try perform(try Builtin.named(first), Array(words.dropFirst()), statement)
    } catch {
      var failure = error
      failure.place = failure.place ?? name.map { "\($0):\(statement.line)" }
      throw failure
    }
  }

  private func perform(
    _ builtin: Builtin, _ words: [Argument], _ statement: Statement
  ) throws(Failure) {
    let all = (defaults[builtin.name] ?? []) + words
    let base = Settings.on(builtin.name == "connect" ? nil : current)
    do throws(Failure) {
      guard var call = try builtin.call(all, from: base, in: self) else { return }
      call.outlet = try outlet(of: statement)
      if call.outlet != nil, !builtin.takesOutlet {
        throw Failure(.usage, "\(builtin.name.text): '>' and '|' go behind sub and messages only")
      }
      if builtin.name == .pub { lastPublish = all }
      try builtin.perform(self, call)
    } catch {
      guard statement.endsInComment, error.status == .usage else { throw error }
      throw Failure(.usage, error.text + " ('#' begins a comment unless it is quoted)")
    }
  }

  private func outlet(of statement: Statement) throws(Failure) -> Builtin.Outlet? {
    switch statement.outlet {
    case nil: nil
    case .file(let word, let appends):
      .file(Argument(bytes: try expanded(word)), appends: appends)
    case .command(let command): .command(command)
    }
  }

  // MARK: Variables

  /// The word with the values of its variables in their places.
  private func expanded(_ word: Word) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    for (place, part) in word.parts.enumerated() {
      switch part {
      case .text(let text):
        let isAtHome = place == 0 && word.isPlain && text.starts(with: Array("~/".utf8))
        if isAtHome, let home = value(of: "HOME") {
          bytes += home + text.dropFirst()
        } else {
          bytes += text
        }
      case .variable(let name):
        if let value = value(of: Self.key(name)) {
          bytes += value
        } else if place == 0, Self.isTopic(name, word) {
          bytes += [UInt8(ascii: "$")] + name
        } else {
          let shown = Argument(bytes: name).shown
          throw Failure(
            .usage,
            "there is no variable '\(shown)': 'set \(shown) VALUE' makes one; quote a '$' that is none"
          )
        }
      }
    }
    return bytes
  }

  /// A variable of the shell, or else of the environment.
  private func value(of name: String) -> [UInt8]? {
    variables[name] ?? EnvironmentVariable.bytes(name)
  }

  /// `$SYS/…` and `$share/…` are what they look like.
  private static func isTopic(_ name: [UInt8], _ word: Word) -> Bool {
    guard word.parts.count > 1, case .text(let rest) = word.parts[1],
      rest.first == UInt8(ascii: "/")
    else { return false }
    return ["SYS", "share"].contains(key(name))
  }

  static func key(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self) }

  // MARK: Aliases and files

  /// The words behind the alias go behind its text.
  private func runAlias(
    _ text: [UInt8], _ statement: Statement, from name: String?
  ) throws(Failure) {
    var statements: [Statement]
    do throws(SyntaxFault) {
      statements = try StatementReader.statements(in: text, line: statement.line)
    } catch {
      throw Failure(error, in: name)
    }
    guard let last = statements.indices.last else { return }
    if let program = statements[last].command {
      // Handed over, and not put into the command's text: what a message brought is never read as commands.
      for word in statement.words.dropFirst() {
        statements[last].parameters.append(try expanded(word))
      }
      if statement.words.count > 1 { statements[last].command = program + Array(" \"$@\"".utf8) }
    } else {
      statements[last].words += statement.words.dropFirst()
    }
    statements[last].outlet = statement.outlet ?? statements[last].outlet
    try deeper { () throws(Failure) in
      for var one in statements where exit == nil {
        if let signal = stop.requested { throw Failure(signal: signal) }
        // An alias may have the name of what it stands for.
        if one.words.first?.plainText == statement.words.first?.plainText {
          one.words[0].isPlain = false
        }
        try run(one, from: name)
      }
    }
  }

  /// Runs the commands in a file.
  func runFile(_ path: Argument) throws(Failure) {
    let text: [UInt8]
    do throws(TransportError) {
      text = try InputFile(path: path.bytes, name: path.shown)
        .readAll(limit: Self.longestScript, until: nil, stop: stop)
    } catch {
      // Of a script, not of a message.
      if case .tooLarge = error { throw Failure(.usage, "\(error)") }
      throw Failure(input: error)
    }
    try deeper { () throws(Failure) in try run(text, from: path.shown) }
  }

  private func deeper(_ body: () throws(Failure) -> Void) throws(Failure) {
    if depth == Self.deepest {
      throw Failure(.usage, "files and aliases call one another, \(depth) deep")
    }
    depth += 1
    defer { depth -= 1 }
    try body()
  }

  private static let deepest = 32
  static let longestScript = 16 << 20
}

extension Failure {
  /// - Parameter name: of the file; nil for a line that somebody typed.
  init(_ fault: SyntaxFault, in name: String?) {
    self.init(.usage, "column \(fault.column): \(fault.text)")
    place = name.map { "\($0):\(fault.line)" }
  }

  /// With the place in front.
  var placedText: String { place.map { "\($0): \(text)" } ?? text }
}
