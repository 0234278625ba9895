// What Tab offers: read from the same tables as help.

import Glibc
import LineEditing
import OptionTable
import Rendering

extension Shell {
  /// What the word before the cursor may become.
  func completion(of before: String) -> Completion {
    let typed = PromptWords(before)
    var candidates: [Completion.Candidate] = []
    if typed.isFile {
      candidates = files(typed.word)
    } else if typed.isForeign {
      candidates = []
    } else if let name = typed.words.first {
      candidates = words(of: name, typed)
    } else {
      candidates = Builtin.all.map { .init($0.name.text + " ", help: $0.summary) }
      candidates += aliases.sorted { $0.key < $1.key }.map {
        .init($0.key + " ", help: "alias: " + shown(alias: $0.value).shown)
      }
    }
    return Completion(from: typed.start, candidates.filter { $0.matches(typed.word) })
  }

  private func words(of name: String, _ typed: PromptWords) -> [Completion.Candidate] {
    guard let builtin = Builtin.named(name) else { return [] }
    let options =
      (name == "set" ? typed.words.dropFirst().first.flatMap(Builtin.named) : builtin)?
      .options.map(\.description) ?? []
    if let (value, words) = Self.openOption(typed.words.dropFirst(), options) {
      return values(value, words, typed.word)
    }
    if typed.word.hasPrefix("--"), let equals = typed.word.firstIndex(of: "=") {
      let option = options.first { $0.long.map { "--" + $0 } == typed.word[..<equals] }
      guard let option else { return [] }
      let rest = String(typed.word[typed.word.index(after: equals)...])
      return values(option.value, [], rest).map {
        .init(typed.word[...equals] + $0.text, help: $0.help)
      }
    }
    if typed.word.hasPrefix("-") { return Self.names(of: options, typed.word) }
    return operands(of: name, typed)
  }

  /// The option whose value is to come, and the words of it that are there.
  private static func openOption(
    _ words: ArraySlice<String>, _ options: [OptionDescription]
  ) -> (OptionValue, [String])? {
    guard let place = words.lastIndex(where: { $0.hasPrefix("-") && $0 != "-" }) else { return nil }
    let option = options.first { $0.names.contains { $0.shown == words[place] } }
    guard let option, option.value != .none else { return nil }
    let behind = Array(words[(place + 1)...])
    if case .words = option.value { return (option.value, behind) }
    return behind.isEmpty ? (option.value, []) : nil
  }

  private static func names(
    of options: [OptionDescription], _ word: String
  ) -> [Completion.Candidate] {
    options.filter { !$0.hidden }.flatMap { option in
      option.names.filter { name in
        // Letters are for those who know them; alone they would be half of the list.
        if case .short = name { return !word.hasPrefix("--") && option.long == nil }
        return true
      }.map { .init($0.shown + " ", help: option.summary.shownInHelp) }
    }
  }

  private func values(
    _ value: OptionValue, _ words: [String], _ typed: String
  ) -> [Completion.Candidate] {
    switch value {
    case .oneOf(_, let values): return values.map { .init($0 + " ") }
    case .file, .directory: return files(typed)
    case .profile: return names(in: .profile)
    case .text("TOPIC"), .text("FILTER"): return topics(typed)
    case .words(var tree):
      for word in words { tree = tree.after(Argument(stringLiteral: word)) }
      guard case .choice(let place, let branches) = tree else { return [] }
      return branches.map { .init($0.word + " ", help: place.lowercased()) }
    default: return []
    }
  }

  private func operands(of name: String, _ typed: PromptWords) -> [Completion.Candidate] {
    switch name {
    case "help": Builtin.all.map { .init($0.name.text + " ", help: $0.summary) }
    case "use", "disconnect": connections.map { .init($0.name + " ", help: "\($0.endpoint)") }
    case "source": files(typed.word)
    case "set", "unset":
      variables.keys.sorted().map { .init($0 + " ", help: "variable") }
        + Builtin.all.filter { !$0.options.isEmpty }.map {
          .init($0.name.text + " ", help: "its options")
        }
    case "template":
      typed.words.count == 1
        ? ["run ", "save "].map { .init($0) } : typed.words.count == 2 ? names(in: .template) : []
    case "unsub":
      (current?.subscriptions.all ?? []).map {
        .word(String(decoding: $0.filter.bytes, as: UTF8.self))
      }
    case "sub", "wait", "mute", "unmute", "topics", "messages", "pub", "rr": topics(typed.word)
    default: []
    }
  }

  // MARK: Names of things

  /// Topics seen so far, level by level.
  private func topics(_ typed: String) -> [Completion.Candidate] {
    var found: [String: (count: Int, help: String)] = [:]
    for topic in current?.topics.topics ?? [] {
      // By scalars: what looks the same may be written in another way, and is another topic.
      let name = String(decoding: topic.name, as: UTF8.self).unicodeScalars
      guard name.starts(with: typed.unicodeScalars) else { continue }
      let slash = name.dropFirst(typed.unicodeScalars.count).firstIndex(of: "/")
      let level = slash.map { String(name[...$0]) } ?? String(name) + " "
      let known = found[level]?.count ?? 0
      found[level] = (known + 1, slash == nil ? SafeText.escaped(topic.value) : "")
    }
    return found.sorted { $0.key < $1.key }.map { level, topic in
      let isWhole = level.hasSuffix(" ")
      let name = isWhole ? String(level.dropLast()) : level
      let help =
        isWhole ? "last: \(topic.help)" : topic.count == 1 ? "1 topic" : "\(topic.count) topics"
      return isWhole ? .word(name, help: help) : .level(name, help: help)
    }
  }

  private func names(in collection: ConfigFiles.Collection) -> [Completion.Candidate] {
    ConfigFiles(for: nil).names(in: collection).map { .word($0) }
  }

  private func files(_ typed: String) -> [Completion.Candidate] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let hidden = typed.dropFirst(folder.count).hasPrefix(".")
    return ConfigFiles.entries(of: Array((folder.isEmpty ? "." : folder).utf8)).sorted()
      .filter { $0 != "." && $0 != ".." && (hidden || !$0.hasPrefix(".")) }
      .map { name in
        var status = stat()
        let isFolder = stat(folder + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        return isFolder ? .level(folder + name + "/") : .word(folder + name)
      }
  }
}

extension Completion.Candidate {
  /// A word that is whole, quoted where the shell would take it apart.
  static func word(_ text: String, help: String = "") -> Self {
    Self(Argument(bytes: Array(text.utf8)).quoted + " ", help: help)
  }

  /// A word that goes on: an open quotation where it needs one.
  static func level(_ text: String, help: String = "") -> Self {
    let quoted = Argument(bytes: Array(text.utf8)).quoted
    return Self(quoted.hasSuffix("'") ? String(quoted.dropLast()) : quoted, help: help)
  }

  /// It begins with the word, whatever quotes are around it.
  fileprivate func matches(_ word: String) -> Bool {
    let plain = PromptWords(text)
    return ((plain.words.first ?? "") + plain.word).hasPrefix(word)
  }
}

extension String {
  /// Without the braces around names of options.
  fileprivate var shownInHelp: String { filter { $0 != "{" && $0 != "}" } }
}
