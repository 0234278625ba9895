// `topics`: what was seen, level by level.

import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// Topics as an indented tree, with what is known of each.  Levels below the deepest that is indented stand
/// in one row: a topic may have 65,535 of them.
struct TopicTree {
  private var rows: [Row] = []

  private struct Row {
    var name: String
    var topic: TopicTable.Topic?
  }

  private static let widest = 40
  private static let deepest = 16

  /// - Parameter filter: nil for all topics.
  init(_ topics: [TopicTable.Topic], _ filter: TopicFilter?) {
    let shown = topics.filter { topic in
      filter.map { filter in topic.name.withUnsafeBytes { filter.matches($0) } } ?? true
    }
    let split = shown.map { topic in
      let levels = topic.name.split(
        separator: slash, maxSplits: Self.deepest, omittingEmptySubsequences: false)
      return (levels, topic)
    }
    let sorted = split.sorted { one, other in
      one.0.lexicographicallyPrecedes(other.0) { $0.lexicographicallyPrecedes($1) }
    }
    var path: [ArraySlice<UInt8>] = []
    for (levels, topic) in sorted {
      var depth = zip(path, levels).prefix { $0 == $1 }.count
      // A topic of its own stands above those below it.
      depth = min(depth, levels.count - 1)
      for place in depth..<levels.count {
        let indent = String(repeating: "  ", count: place)
        let isLast = place == levels.count - 1
        let name = levels[place].isEmpty ? "''" : SafeText.escaped(levels[place])
        rows.append(Row(name: indent + name, topic: isLast ? topic : nil))
      }
      path = levels
    }
  }

  /// Hands over one row after the other.
  func forEachRow(
    at now: Instant, _ body: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let width = rows.reduce(0) { max($0, min($1.name.count, Self.widest)) }
    for row in rows {
      guard let topic = row.topic else {
        try body(row.name + "/\n")
        continue
      }
      let cells = [
        padded("\(topic.count)", 8), padded(topic.rate.shown(at: now), 8),
        padded("\((now - topic.last).shownAge) ago", 10),
      ]
      let mark = topic.retain ? "  retained  " : "  "
      let padding = String(repeating: " ", count: max(0, width - row.name.count))
      try body(row.name + padding + cells.joined() + mark + Self.value(topic) + "\n")
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// The beginning of the last payload.
  private static func value(_ topic: TopicTable.Topic) -> String {
    let isText = String(validating: topic.value, as: UTF8.self) != nil
    let isCut = topic.length > topic.value.count
    guard isText || isCut else { return "(\(topic.length) bytes)" }
    return SafeText.escaped(topic.value) + (isCut ? "… (\(topic.length) bytes)" : "")
  }
}

extension Duration {
  /// `3 s`, `12 min`, `5 h`, `2 d`.
  var shownAge: String {
    switch components.seconds {
    case ..<120: "\(components.seconds) s"
    case ..<7200: "\(components.seconds / 60) min"
    case ..<172_800: "\(components.seconds / 3600) h"
    default: "\(components.seconds / 86_400) d"
    }
  }
}

private let slash = UInt8(ascii: "/")
