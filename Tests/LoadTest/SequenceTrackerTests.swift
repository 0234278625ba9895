import TestSupport
import Testing

@testable import LoadTest

@Suite("Which messages arrived") struct SequenceTrackerTests {
  @Test("as a set has it, in whatever order they come") func againstSet() {
    var generator = Generator(seed: 7)
    for _ in 0..<50 {
      var tracker = SequenceTracker()
      var known: Set<Int64> = []
      for _ in 0..<500 {
        let number = Int64(generator.next() % 200)
        #expect(tracker.arrived(number) == known.insert(number).inserted)
      }
      #expect(tracker.distinct == Int64(known.count))
      #expect(tracker.gaps == (known.max() ?? -1) + 1 - Int64(known.count))
    }
  }

  @Test("numbers go on beyond the 32 bits that a header has") func wrapping() {
    var tracker = SequenceTracker(from: Int64(UInt32.max) - 1)
    for low in [UInt32.max - 1, .max, 1, 0, 2] { _ = tracker.arrived(tracker.whole(low)) }
    #expect(tracker.end == Int64(UInt32.max) + 4)
    #expect(tracker.gaps == 0)
    #expect(tracker.distinct == 5)
  }

  @Test("what the first one overtook is no duplicate of it") func belowTheFirst() {
    var source = Source(Stream(from: 5))
    let arrivals = [5, 3, 6, 3, 4].map { source.arrived($0).arrival }
    #expect(arrivals == [.inOrder, .reordered, .inOrder, .duplicate, .reordered])
    #expect(source.stream.gaps == 0 && source.stream.distinct == 4)
  }

  @Test("overtaken is what is below the highest; a duplicate is not (RFC 4737)") func reordering() {
    var source = Source(Stream(from: 0))
    let arrivals = [0, 2, 1, 1, 3, 2, 6, 5, 4].map { source.arrived($0).arrival }
    #expect(
      arrivals == [
        .inOrder, .inOrder, .reordered, .duplicate, .inOrder, .duplicate, .inOrder, .reordered,
        .reordered,
      ])
  }
}
