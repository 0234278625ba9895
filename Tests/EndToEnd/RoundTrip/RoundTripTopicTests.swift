import Foundation
import TestSupport
import Testing

/// Which messages a subscriber gets: filters, retained messages, shared subscriptions.
@Suite struct RoundTripTopicTests {
  let broker: Mosquitto
  let root = Shared.name("tree")

  init() throws { broker = try Shared.broker.get() }

  /// Publishes each topic's name, without the root, to it.
  private func publish(_ topics: [String], _ words: [String] = []) throws {
    for topic in topics {
      try broker.publish(.apus, ["-t", "\(root)/\(topic)", "-m", topic] + words)
    }
  }

  private func remove(_ topics: [String]) throws {
    for topic in topics { try broker.publish(.apus, ["-t", "\(root)/\(topic)", "-r", "-n"]) }
  }

  struct Choice: CustomTestStringConvertible {
    let filters: [String]
    var without: [String] = []
    let expected: [String]
    var testDescription: String { "\(filters) without \(without)" }

    static let topics = ["a", "a/b", "a/b/c", "d/b", "d/b/c"]
    static let all = [
      Choice(filters: ["a"], expected: ["a"]),
      Choice(filters: ["+"], expected: ["a"]),
      Choice(filters: ["+/b"], expected: ["a/b", "d/b"]),
      Choice(filters: ["a/+/c"], expected: ["a/b/c"]),
      Choice(filters: ["a/#"], expected: ["a", "a/b", "a/b/c"]),
      Choice(filters: ["#"], expected: topics),
      Choice(filters: ["a", "d/b/c", "+/b"], expected: ["a", "a/b", "d/b", "d/b/c"]),
      Choice(filters: ["#"], without: ["a/#"], expected: ["d/b", "d/b/c"]),
      Choice(filters: ["#"], without: ["+/b", "a"], expected: ["a/b/c", "d/b/c"]),
    ]
  }

  @Test(arguments: Choice.all)
  func `filters choose messages`(_ choice: Choice) throws {
    var words = choice.filters.flatMap { ["-t", "\(root)/\($0)"] }
    words += choice.without.flatMap { ["-T", "\(root)/\($0)"] }
    words += ["-t", "\(root)/end", "-q", "1", "-C", String(choice.expected.count + 1)]
    if choice.filters.contains("#") || choice.filters == ["+"] {
      words.removeAll { $0 == "\(root)/end" }
      words.remove(at: words.lastIndex(of: "-t")!)
    }
    let subscriber = try broker.subscriber(.apus, words)
    try publish(Choice.topics + ["end"], ["-q", "1"])
    #expect(
      try subscriber.text() == (choice.expected + ["end"]).map { $0 + "\n" }.joined())
  }

  @Test func `a retained message arrives until it is cleared`() throws {
    try publish(["a"], ["-r"])
    for client in Client.allCases {
      let subscriber = try broker.subscriber(client, ["-t", "\(root)/#", "-v", "-C", "1"])
      #expect(try subscriber.text() == "\(root)/a a\n")
    }
    try remove(["a"])
    let subscriber = try broker.subscriber(.apus, ["-t", "\(root)/#", "-C", "1"])
    try publish(["live"])
    #expect(try subscriber.text() == "live\n")
  }

  @Test func `-R leaves retained messages out`() throws {
    try publish(["a", "b"], ["-r"])
    let subscriber = try broker.subscriber(.apus, ["-t", "\(root)/#", "-R", "-C", "1"])
    try publish(["live"])
    #expect(try subscriber.text() == "live\n")
    try remove(["a", "b"])
  }

  @Test func `--retained-only ends at the first other message`() throws {
    try publish(["a", "b"], ["-r"])
    let subscriber = try broker.subscriber(.apus, ["-t", "\(root)/#", "--retained-only"])
    try subscriber.waitForOutput("b\n")
    try publish(["live"])
    #expect(Set(try subscriber.text().split(separator: "\n")) == ["a", "b"])
    try remove(["a", "b"])
  }

  @Test func `--remove-retained removes what it showed`() throws {
    try publish(["a", "b", "c"], ["-r"])
    let remover = try broker.subscriber(
      .apus, ["-t", "\(root)/+", "--retained-only", "--remove-retained", "-C", "3"])
    #expect(Set(try remover.text().split(separator: "\n")) == ["a", "b", "c"])
    let subscriber = try broker.subscriber(.mosquitto, ["-t", "\(root)/#", "-C", "1"])
    try publish(["live"])
    #expect(try subscriber.text() == "live\n")
  }

  @Test(arguments: ["311", "5"])
  func `a shared subscription divides messages`(version: String) throws {
    let group = ["-V", version, "-t", "$share/g/\(root)/shared", "-q", "1"]
    let members = try (0..<2).map { _ in try broker.subscriber(.apus, group) }
    try broker.publish(
      .apus, ["-t", "\(root)/shared", "-q", "1", "-l"], input: .bytes(numberedLines(100)))
    try eventually("100 messages at both together") {
      members.reduce(0) { $0 + $1.outputSoFar.count { $0 == 10 } } >= 100
    }
    for member in members { member.send(SIGTERM) }
    for member in members { try member.wait() }
    let lines = members.flatMap { $0.outputText.split(separator: "\n").map(String.init) }
    #expect(lines.count == 100)
    #expect(Set(lines).count == 100)
    #expect(members.allSatisfy { !$0.outputText.isEmpty })
  }
}
