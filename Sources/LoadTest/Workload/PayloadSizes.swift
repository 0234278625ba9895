/// How large payloads are.
///
/// `64`; `64-1024`, each size as often; `exp:200` with that mean; `64:9,1024:1`, sizes and how often
/// each comes in relation to the others.
package enum PayloadSizes: Sendable {
  case fixed(Int)
  case uniform(ClosedRange<Int>)
  case exponential(mean: Int)
  /// Sizes, and the sum of the weights up to each.
  case weighted([(size: Int, upTo: Double)])

  /// Of an MQTT packet, less what a topic may take.
  package static let most = 256 << 20 - 70_000

  package init(_ text: String) throws(WorkloadFault) {
    if text.hasPrefix("exp:") {
      self = .exponential(mean: try Self.size(text.dropFirst(4), in: text))
      return
    }
    if text.contains(":") {
      var choices: [(size: Int, upTo: Double)] = []
      var sum = 0.0
      for word in text.split(separator: ",", omittingEmptySubsequences: false) {
        let halves = word.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2, let weight = Double(halves[1]), weight > 0, weight.isFinite else {
          throw WorkloadFault("'\(word)' in '\(text)' is not SIZE:WEIGHT with a weight above 0")
        }
        sum += weight
        choices.append((try Self.size(halves[0], in: text), sum))
      }
      self = .weighted(choices)
      return
    }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2 {
      let low = try Self.size(ends[0], in: text)
      let high = try Self.size(ends[1], in: text)
      if low > high { throw WorkloadFault("'\(text)': \(low) is above \(high)") }
      self = .uniform(low...high)
      return
    }
    self = .fixed(try Self.size(text[...], in: text))
  }

  private static func size(_ word: Substring, in text: String) throws(WorkloadFault) -> Int {
    guard let size = Int(word), (0...most).contains(size) else {
      throw WorkloadFault(
        "'\(word)'\(word == text ? "" : " in '\(text)'") is no size: bytes from 0 to \(most), as in "
          + "64, 64-1024, exp:200 or 64:9,1024:1")
    }
    return size
  }

  /// A size that was named is below another; an exponential distribution names none.
  package func names(sizeBelow limit: Int) -> Bool {
    switch self {
    case .fixed(let size): size < limit
    case .uniform(let range): range.lowerBound < limit
    case .exponential: false
    case .weighted(let choices): choices.contains { $0.size < limit }
    }
  }

  func next(_ random: inout SplitMix64) -> Int {
    switch self {
    case .fixed(let size): return size
    case .uniform(let range): return Int.random(in: range, using: &random)
    case .exponential(let mean):
      return Int(min(Double(Self.most), Double(mean) * random.exponential()))
    case .weighted(let choices):
      let place = random.fraction() * (choices.last?.upTo ?? 1)
      return choices.first { place < $0.upTo }?.size ?? choices.last?.size ?? 0
    }
  }
}
