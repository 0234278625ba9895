// `apus bench compare` and `apus bench merge`: reports of runs that are over.

import LoadTest
import OptionTable

/// The words of both.
struct ReportCommand {
  private let task: Task
  private let asked: Settings.Benching

  private enum Task {
    case compare([Argument], [Argument])
    case merge([Argument])
  }

  /// - Returns: nil when the first word is neither.
  static func work(_ words: ArraySlice<Argument>) throws(OptionError) -> Work? {
    guard let action = words.first?.text, let allowed = options[action] else { return nil }
    var names: [[Argument]] = [[]]
    var options: [Argument] = []
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      if word == "--" {
        names.append([])
      } else if word.bytes.count < 2 || word.bytes[0] != UInt8(ascii: "-") {
        names[names.count - 1].append(word)
      } else {
        let name = word.bytes.prefix { $0 != UInt8(ascii: "=") }
        let option = String(decoding: name, as: UTF8.self)
        let takesValue = allowed.contains(option)
        guard takesValue || general.contains(option) else {
          throw OptionError("'\(word.shown)' does not go with \(action)")
        }
        options.append(word)
        if takesValue, name.count == word.bytes.count, let value = rest.popFirst() {
          options.append(value)
        }
      }
    }
    let parser = Parser(Program.spec(for: .bench), of: Program.spec)
    switch try parser.parse(options[...], into: Settings()) {
    case .help: return .help(.bench)
    case .version: return .version
    case .run(let settings):
      let task = action == "merge" ? try merging(names) : try comparing(names)
      return .reports(ReportCommand(task: task, asked: settings.benching))
    }
  }

  private static let options: [String: [String]] = [
    "compare": ["--html"], "merge": ["--json", "--csv", "--hdr", "--html"],
  ]
  private static let general = ["--help", "--version"]

  private static func comparing(_ names: [[Argument]]) throws(OptionError) -> Task {
    if names.count == 1, names[0].count == 2 { return .compare([names[0][0]], [names[0][1]]) }
    guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
      throw OptionError(
        "compare needs two reports, or those of one side, '--' and those of the other")
    }
    return .compare(names[0], names[1])
  }

  private static func merging(_ names: [[Argument]]) throws(OptionError) -> Task {
    let all = Array(names.joined())
    guard all.count > 1 else { throw OptionError("merge needs the reports of two parts or more") }
    return .merge(all)
  }

  func perform() throws(Failure) {
    switch task {
    case .compare(let before, let after): try Compare.perform(before, after, html: asked.html)
    case .merge(let parts): try Merge.perform(parts, asked)
    }
  }
}
