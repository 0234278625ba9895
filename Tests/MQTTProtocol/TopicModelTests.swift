// All short filters against all short topics, judged by a matcher too simple to be wrong.

import MQTTProtocol
import Testing

@Suite("Topic matching against a model") struct TopicModelTests {
  /// Every string of `alphabet` of up to `length` bytes.
  private static func words(_ alphabet: String, upTo length: Int) -> [[UInt8]] {
    var words: [[UInt8]] = [[]]
    var longest = words
    for _ in 0..<length {
      longest = longest.flatMap { word in alphabet.utf8.map { word + [$0] } }
      words += longest
    }
    return words
  }

  private static func levels(_ word: [UInt8]) -> [[UInt8]] {
    word.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
  }

  private static let plus = Array("+".utf8)
  private static let hash = Array("#".utf8)

  /// §4.7.1 in the words of levels.
  private static func isFilter(_ word: [UInt8]) -> Bool {
    let levels = levels(word)
    return !word.isEmpty
      && levels.enumerated().allSatisfy { place, level in
        level == plus || level == hash && place == levels.count - 1
          || !level.contains(plus[0]) && !level.contains(hash[0])
      }
  }

  @Test func knowsAFilter() {
    for word in Self.words("ab/+#$", upTo: 5) {
      #expect(((try? TopicFilter(word)) != nil) == Self.isFilter(word), "\(word)")
    }
  }

  @Test func knowsAName() {
    for word in Self.words("ab/+#$", upTo: 4) {
      let isName = !word.isEmpty && !word.contains(Self.plus[0]) && !word.contains(Self.hash[0])
      #expect(((try? TopicName(word)) != nil) == isName, "\(word)")
    }
  }

  /// Level by level.  Levels are numbers here, so that a few million comparisons stay quick.
  private struct Model {
    let levels: [Int]
    let opensWithDollar: Bool
    static let plus = 1
    static let hash = 2

    init(_ word: [UInt8]) {
      opensWithDollar = word.first == UInt8(ascii: "$")
      levels = TopicModelTests.levels(word).map { level in
        switch level {
        case TopicModelTests.plus: Self.plus
        case TopicModelTests.hash: Self.hash
        default: level.reduce(3) { $0 * 256 + Int($1) }
        }
      }
    }

    func matches(_ topic: Model) -> Bool {
      if topic.opensWithDollar, levels[0] == Self.plus || levels[0] == Self.hash { return false }
      for place in levels.indices {
        if levels[place] == Self.hash { return true }
        if place == topic.levels.count { return false }
        if levels[place] != Self.plus, levels[place] != topic.levels[place] { return false }
      }
      return levels.count == topic.levels.count
    }
  }

  @Test("filters of up to 5, topics of up to 4, and the other way about", arguments: [5, 4])
  func matches(_ length: Int) throws {
    let topics = Self.words("ab/$", upTo: 9 - length).filter { !$0.isEmpty }
    let topicModels = topics.map(Model.init)
    for word in Self.words("ab/+#$", upTo: length) where Self.isFilter(word) {
      let filter = try TopicFilter(word)
      let model = Model(word)
      for (topic, topicModel) in zip(topics, topicModels)
      where topic.withUnsafeBytes({ filter.matches($0) }) != model.matches(topicModel) {
        Issue.record("\(filter) and \(String(decoding: topic, as: UTF8.self))")
      }
    }
  }
}
