// The table of the run, for docs/interop.md and README.md.

import Foundation

enum InteropTable {
  /// What was seen on one broker.
  struct Column: Sendable {
    let title: String
    private(set) var cells: [Cell] = []

    struct Cell: Sendable {
      let scenario: String
      let version: Version
      let seen: String?
      let deviation: Deviation?
    }

    init(title: String) { self.title = title }

    mutating func add(
      _ scenario: String, _ version: Version, _ seen: String?, _ deviation: Deviation?
    ) {
      cells.append(
        Cell(scenario: scenario, version: version, seen: seen, deviation: deviation))
    }
  }

  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let begin = "<!-- interop -->\n"
  private static let end = "<!-- /interop -->\n"

  /// Puts the table in its places.
  static func write(_ columns: [Column]) throws {
    let columns = columns.sorted { $0.title.lowercased() < $1.title.lowercased() }
    try put(body(columns, note: detailed), into: "docs/interop.md")
    try put(body(columns, note: brief), into: "README.md")
  }

  private static func put(_ body: String, into name: String) throws {
    let page = package.appendingPathComponent(name)
    let text = try String(contentsOf: page, encoding: .utf8)
    guard let first = text.firstRange(of: begin), let last = text.firstRange(of: end) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let whole = text[..<first.upperBound] + body + text[last.lowerBound...]
    try whole.write(to: page, atomically: true, encoding: .utf8)
  }

  /// The note of a cell.
  private typealias Note = (_ deviation: Deviation?, _ seen: String) -> String

  /// One of each broker, with the words that were seen.
  private static func detailed(_ deviation: Deviation?, _ seen: String) -> String {
    "\(deviation.map { "\($0.broker) \($0.note)" } ?? "unexplained"). Seen: `\(seen)`"
  }

  /// Brokers that do the same share it.
  private static func brief(_ deviation: Deviation?, _ seen: String) -> String {
    "The broker \(deviation?.note ?? "does what is unexplained"). Seen: `\(seen)`"
  }

  private static func body(_ columns: [Column], note: Note) -> String {
    var notes: [String] = []
    var lines = [
      "| |" + columns.map { " \($0.title) |" }.joined(),
      "|---|" + columns.map { _ in "---|" }.joined(),
    ]
    for scenario in Scenario.all {
      let cells = columns.map { column in
        text(column.cells.filter { $0.scenario == scenario.name }, note, &notes)
      }
      lines.append("| \(scenario.name) |" + cells.map { " \($0) |" }.joined())
    }
    lines += [""] + notes.enumerated().map { "\($0 + 1). \($1)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `yes`, or the versions in which it goes, and a note for each of the others.
  private static func text(
    _ cells: [Column.Cell], _ note: Note, _ notes: inout [String]
  ) -> String {
    let good = cells.filter { $0.seen == nil }.map(\.version.name)
    if good.count == cells.count, !cells.isEmpty { return "yes" }
    var parts = good.isEmpty ? [] : [good.joined(separator: ", ")]
    var others: [(note: Int, versions: [String])] = []
    for cell in cells {
      guard let seen = cell.seen else { continue }
      let note = note(cell.deviation, seen.replacing("|", with: "\\|"))
      let number = notes.firstIndex(of: note) ?? notes.count
      if number == notes.count { notes.append(note) }
      if let place = others.firstIndex(where: { $0.note == number }) {
        others[place].versions.append(cell.version.name)
      } else {
        others.append((number, [cell.version.name]))
      }
    }
    parts += others.map { "\($0.versions.joined(separator: ", ")) [\($0.note + 1)]" }
    return parts.joined(separator: "; ")
  }
}
