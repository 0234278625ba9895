/// Which of a publisher's messages have arrived: exact, whatever is lost, doubled or overtaken.
///
/// It keeps the highest number and the ranges below it that are missing, so a stream in order takes no
/// memory, and a loss takes as much as it has gaps.
package struct SequenceTracker: Sendable {
  /// Above the highest number that arrived.
  package private(set) var end: Int64
  /// Below `end`, in order, none empty.
  private var missing: [Range<Int64>] = []
  /// Different numbers that arrived.
  package private(set) var distinct: Int64 = 0
  private var first: Int64

  /// - Parameter first: numbers below it do not count as missing until one of them arrives: what is overtaken
  ///   by the first one that is heard was sent all the same.
  package init(from first: Int64 = 0) {
    self.first = first
    end = first
  }

  /// Numbers up to the highest that did not arrive.
  package var gaps: Int64 { end - first - distinct }

  /// The whole number of which the low 32 bits arrived: of all such, the one nearest to the highest.
  package func whole(_ low: UInt32) -> Int64 {
    max(0, end + Int64(Int32(truncatingIfNeeded: Int64(low) - end)))
  }

  package func hasArrived(_ number: Int64) -> Bool {
    number >= first && number < end && place(of: number) == nil
  }

  /// - Returns: false for a duplicate.
  package mutating func arrived(_ number: Int64) -> Bool {
    if number >= end {
      if number > end { missing.append(end..<number) }
      end = number + 1
      distinct += 1
      return true
    }
    if number < first {
      if number + 1 < first { missing.insert(number + 1..<first, at: 0) }
      first = number
      distinct += 1
      return true
    }
    guard let place = place(of: number) else { return false }
    let range = missing[place]
    var parts: [Range<Int64>] = []
    if range.lowerBound < number { parts.append(range.lowerBound..<number) }
    if number + 1 < range.upperBound { parts.append(number + 1..<range.upperBound) }
    missing.replaceSubrange(place...place, with: parts)
    distinct += 1
    return true
  }

  /// Where the missing range with that number is.
  private func place(of number: Int64) -> Int? {
    var low = 0
    var high = missing.count
    while low < high {
      let middle = (low + high) / 2
      if missing[middle].upperBound <= number { low = middle + 1 } else { high = middle }
    }
    return low < missing.count && missing[low].contains(number) ? low : nil
  }
}
