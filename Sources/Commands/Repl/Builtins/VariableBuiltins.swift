// set, unset, alias, source, history: what a session remembers.

import OptionTable
import Rendering

extension Builtin {
  static var remembering: [Builtin] {
    [
      Builtin(
        "set", "Give a variable a value, or a command options that it always has.",
        synopsis: ["", "NAME VALUE", "COMMAND OPTION..."],
        details: [
          "A word with $NAME or ${NAME} in it has the value there, also between double quotes, and is one word "
            + "then whatever the value is.  A variable that is not set is looked for in the environment.",
          "'set pub -q 1' lets every pub begin with these options.",
        ]
      ) { (shell, call) throws(Failure) in try shell.set(call) },
      Builtin(
        "unset", "Forget a variable, or a command's options.", synopsis: ["NAME", "COMMAND"]
      ) { (shell, call) throws(Failure) in try shell.unset(call) },
      Builtin(
        "alias", "Let NAME stand for commands.", synopsis: ["", "NAME", "NAME COMMANDS"],
        details: ["Words behind NAME go behind the commands.  'alias NAME \"\"' forgets it."]
      ) { (shell, call) throws(Failure) in try shell.alias(call) },
      Builtin("source", "Run the commands in FILE.", synopsis: ["FILE"]) {
        (shell, call) throws(Failure) in
        try shell.checkCount(call.operands, atMost: 1, "source")
        guard let path = call.operands.first else {
          throw Failure(.usage, "source: a file is needed")
        }
        try shell.runFile(path)
      },
      Builtin("history", "List the lines typed so far.") { (shell, call) throws(Failure) in
        try shell.checkCount(call.operands, atMost: 0, "history")
        for (number, line) in shell.history().enumerated() {
          shell.emit("\(number + 1)  \(SafeText.escaped(line))\n")
        }
      },
    ]
  }
}

extension Shell {
  func set(_ call: Builtin.Call) throws(Failure) {
    guard let name = call.operands.first else { return listSettings() }
    let values = Array(call.operands.dropFirst())
    if let builtin = Builtin.named(Self.key(name.bytes)), !builtin.options.isEmpty {
      // A mistake shows now, not at every use.
      guard let first = values.first else {
        return emit(Self.line(of: builtin.name, defaults[builtin.name] ?? []))
      }
      if first.bytes.first != UInt8(ascii: "-") {
        throw Failure(.usage, "set: '\(first.shown)' is no option of \(builtin.name.text)")
      }
      _ = try builtin.call(values, from: .on(current), in: self)
      defaults[builtin.name] = values
      return
    }
    let (key, value) = try assignment(name, values)
    variables[key] = value
  }

  /// `NAME VALUE` or `NAME=VALUE`.
  private func assignment(
    _ name: Argument, _ values: [Argument]
  ) throws(Failure) -> (String, [UInt8]) {
    var key = name.bytes
    var value = values.first?.bytes
    if let equals = key.firstIndex(of: UInt8(ascii: "=")), values.isEmpty {
      value = Array(key[(equals + 1)...])
      key = Array(key[..<equals])
    }
    guard isVariableName(key) else {
      throw Failure(
        .usage, "set: '\(Argument(bytes: key).shown)' is no name: letters, digits and '_'")
    }
    guard let value else {
      throw Failure(.usage, "set: a value for '\(Self.key(key))' is needed")
    }
    try checkCount(values, atMost: 1, "set")
    return (Self.key(key), value)
  }

  private func listSettings() {
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      let isSecret = LooksSecret.isName(name) || LooksSecret.isIn(value)
      emit("\(name) \(isSecret ? Secret.mask.quoted : Argument(bytes: value).quoted)\n")
    }
    for (name, words) in defaults.sorted(by: { $0.key.text < $1.key.text }) {
      emit(Self.line(of: name, words))
    }
  }

  private static func line(of name: CommandName, _ words: [Argument]) -> String {
    let shown = Builtin.named(name.text)?.masked(words) ?? words
    return ([name.text] + shown.map(\.quoted)).joined(separator: " ") + "\n"
  }

  func unset(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "unset")
    guard let word = call.operands.first else {
      throw Failure(.usage, "unset: the name of a variable or a command is needed")
    }
    let name = Self.key(word.bytes)
    let command = defaults.keys.first { $0.text == name }
    if let command { defaults[command] = nil }
    if variables.removeValue(forKey: name) == nil, command == nil {
      throw Failure(.usage, "unset: '\(word.shown)' is not set")
    }
  }

  func alias(_ call: Builtin.Call) throws(Failure) {
    guard let name = call.operands.first else {
      for (name, text) in aliases.sorted(by: { $0.key < $1.key }) {
        emit("\(name) \(shown(alias: text).quoted)\n")
      }
      return
    }
    let key = Self.key(name.bytes)
    let words = call.operands.dropFirst()
    if words.isEmpty {
      guard let text = aliases[key] else {
        throw Failure(.usage, "alias: there is no alias '\(name.shown)'")
      }
      return emit("\(key) \(shown(alias: text).quoted)\n")
    }
    guard isVariableName(name.bytes.filter { $0 != UInt8(ascii: "-") }) else {
      throw Failure(.usage, "alias: '\(name.shown)' is no name: letters, digits, '-' and '_'")
    }
    let text = Array(words.map(\.bytes).joined(separator: [UInt8(ascii: " ")]))
    do throws(SyntaxFault) { _ = try StatementReader.statements(in: text) } catch {
      throw Failure(.usage, "alias: column \(error.column) of its text: \(error.text)")
    }
    aliases[key] = text.isEmpty ? nil : text
  }

  /// The commands fit to be shown.
  func shown(alias text: [UInt8]) -> Argument {
    holdsSecret(text) ? Secret.mask : Argument(bytes: text)
  }
}

extension Builtin {
  /// The words fit to be shown.
  func masked(_ words: [Argument]) -> [Argument] {
    let spec = spec
    var shown = words
    let parser = Parser(spec, takesOperands: true, of: Self.program)
    for occurrence in parser.gather(words[...]).occurrences {
      for (value, mask) in spec.secrets(in: occurrence) {
        for place in shown.indices where shown[place].bytes.ends(with: value.bytes) {
          let front = shown[place].bytes.dropLast(value.bytes.count)
          shown[place] = Argument(bytes: front + mask.bytes)
        }
      }
    }
    return shown
  }
}

extension [UInt8] {
  fileprivate func ends(with tail: [UInt8]) -> Bool {
    !tail.isEmpty && reversed().starts(with: tail.reversed())
  }
}
