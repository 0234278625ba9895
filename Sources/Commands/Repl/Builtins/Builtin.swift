// The commands of the shell: what each is called, takes and does.

import OptionTable

/// One command.
struct Builtin {
  let name: CommandName
  let summary: String
  /// What follows its name, one way to call it a line.
  let synopsis: [String]
  var details: [String] = []
  var grammar = Grammar.words
  let perform: (Shell, Call) throws(Failure) -> Void

  /// How its words are read.
  enum Grammar {
    /// A dash means nothing.
    case words
    /// Options, and perhaps other words.
    case options(() -> [Option], takesOperands: Bool = false, readsFiles: Bool = false)
  }

  /// How a command was called.
  struct Call {
    var settings = Settings()
    /// Words that are no options.
    var operands: [Argument] = []
    /// Where messages go in place of the shell's output.
    var outlet: Outlet?
  }

  enum Outlet {
    case file(Argument, appends: Bool)
    /// For `/bin/sh -c`.
    case command([UInt8])
  }

  init(
    _ name: CommandName, _ summary: String, synopsis: [String] = [""], details: [String] = [],
    grammar: Grammar = .words, perform: @escaping (Shell, Call) throws(Failure) -> Void
  ) {
    self.name = name
    self.summary = summary
    self.synopsis = synopsis
    self.details = details
    self.grammar = grammar
    self.perform = perform
  }

  var takesOutlet: Bool { name == "sub" || name == "messages" }

  /// Its options, in the order in which help shows them.
  var options: [Option] {
    if case .options(let options, _, _) = grammar { options() } else { [] }
  }

  var spec: CommandSpec<Settings> {
    let (name, summary, synopsis, details) = (name, summary, synopsis, details)
    return CommandSpec(
      CommandDescription(name, summary: summary, synopsis: synopsis, description: details),
      options: options)
  }
}

extension Builtin {
  /// In the order in which help shows them.
  static var all: [Builtin] {
    connecting + messaging + looking + remembering + scripting
  }

  static func named(_ name: String) -> Builtin? { all.first { $0.name.text == name } }

  /// All of them, for help and for errors that name the command an option belongs to.
  static var program: ProgramSpec {
    ProgramSpec(
      name: "", version: Program.version, date: "", summary: "Commands of apus repl.",
      commands: all.map { $0.spec.description })
  }

  /// - Throws: when there is none of the name; the nearest is suggested.
  static func named(_ word: Argument) throws(Failure) -> Builtin {
    let all = all
    // As other shells have them.
    if word == "quit" { return try named("exit") }
    if word == "?" { return try named("help") }
    if let builtin = all.first(where: { $0.name.text.utf8.elementsEqual(word.bytes) }) {
      return builtin
    }
    let meant = nearest(to: word.bytes, among: all.map(\.name.text))
    let hint = meant == nil ? "; 'help' lists the commands" : didYouMean(meant)
    let isLong = word.bytes.count > 100
    let shown = isLong ? Argument(bytes: Array(word.bytes.prefix(100))).shown + "…" : word.shown
    throw Failure(.usage, "unknown command '\(shown)'\(hint)")
  }
}
