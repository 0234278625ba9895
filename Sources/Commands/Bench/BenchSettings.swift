import LoadTest
import OptionTable

extension Settings {
  /// What `apus bench` is asked for.
  struct Benching: Sendable {
    var clients: Int?
    var publishers: Int?
    var subscribers: Int?
    /// Templates as they were typed.
    var topic: [UInt8]?
    var filter: [UInt8]?
    var message: [UInt8]?
    var payloadFile: Argument?
    var sizes: PayloadSizes?
    /// As they were typed.
    var sizesText: String?
    /// Messages a second, of all publishers and of each.
    var rate: Double?
    var clientRate: Double?
    var isPoisson = false
    var count: Int64?
    /// Seconds.
    var duration: Double?
    var warmUp = 0.0
    var ramp = 0.0
    var scenario: Argument?
    var clientTable: Argument?
    var sources: [String] = []
    var threads: Int?
    var shard = Shard()
    /// Nanoseconds since 1970.
    var startAt: Int64?
    var brokerProcess: Int32?
    var observesBroker = false
    var json: Argument?
    var csv: Argument?
    var hdr: Argument?
    var html: Argument?
    var prometheus: ListenAddress?
    /// Gates as they were typed.
    var expected: String?
  }

  /// A part of a run that several processes make together.
  struct Shard: Hashable, Sendable {
    /// From 1.
    var number = 1
    var count = 1

    /// How much of a whole is this part's, and what lies before it.
    func share(of whole: Int) -> (first: Int, count: Int) {
      let first = Self.part(whole, number - 1, of: count)
      return (first, Self.part(whole, number, of: count) - first)
    }

    private static func part(_ whole: Int, _ number: Int, of count: Int) -> Int {
      let (quotient, rest) = whole.quotientAndRemainder(dividingBy: count)
      return quotient * number + min(number, rest)
    }
  }
}
