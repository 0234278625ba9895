/// A stretch of a run in which clients and rate change evenly from one figure to another.
package struct Phase: Hashable, Sendable {
  package var name: String
  /// Nanoseconds.
  package var duration: Int64
  /// How many publishers (or clients, or subscribers) are there.
  package var clients: Ends<Int>
  /// Messages a second of all of them; unused in a closed loop.
  package var rate: Ends<Double>
  /// Counts for nothing.
  package var isWarmUp = false

  package struct Ends<Number: Hashable & Sendable>: Hashable, Sendable {
    package var first: Number
    package var last: Number

    package init(_ first: Number, _ last: Number) {
      self.first = first
      self.last = last
    }
  }

  package init(name: String, duration: Int64, clients: Ends<Int>, rate: Ends<Double>) {
    self.name = name
    self.duration = duration
    self.clients = clients
    self.rate = rate
  }

  /// Messages that are due up to a time within the phase, in seconds.
  func messages(by seconds: Double) -> Double {
    let length = Double(duration) / 1e9
    let growth = length > 0 ? (rate.last - rate.first) / length : 0
    return rate.first * seconds + growth * seconds * seconds / 2
  }

  var messages: Double { messages(by: Double(duration) / 1e9) }

  /// The time within the phase, in seconds, at which so many messages are due.
  func time(of messages: Double) -> Double {
    if messages <= 0 { return 0 }
    let length = Double(duration) / 1e9
    let growth = length > 0 ? (rate.last - rate.first) / length : 0
    // Of the two solutions of a quadratic equation, in the form that does not cancel digits out.
    let root = (rate.first * rate.first + 2 * growth * messages).squareRoot()
    let sum = rate.first + (root.isNaN ? 0 : root)
    return sum > 0 ? min(length, 2 * messages / sum) : length
  }

  /// How many clients there are at a time within the phase, in nanoseconds.
  func clients(at time: Int64) -> Int {
    if duration <= 0 { return clients.last }
    let share = Double(min(max(0, time), duration)) / Double(duration)
    return clients.first + Int((Double(clients.last - clients.first) * share).rounded(.down))
  }
}
