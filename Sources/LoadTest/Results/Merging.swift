// Reports of one run that was spread over several processes or hosts, made one.

/// Why reports are not parts of one run.
package struct MergeFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ text: String) { description = text }
}

extension Results {
  /// Adds another part of the same run: histograms and counts exactly, seconds by their time.
  package mutating func merge(_ other: Self) throws(MergeFault) {
    if mode != other.mode {
      throw MergeFault("bench \(mode) and bench \(other.mode) are no parts of one run")
    }
    let start = min(began, other.began)
    let end = max(end, other.end)
    guard began * 1_000_000 < other.end, other.began * 1_000_000 < self.end else {
      throw MergeFault("they were not measured at the same time")
    }
    if self == other || !shards.isDisjoint(with: other.shards) {
      throw MergeFault("the same part would count twice")
    }
    addIntervals(other, from: start)
    began = start
    duration = end - start * 1_000_000
    messages.add(other.messages)
    late.add(other.late)
    bytesSent.addClamping(other.bytesSent)
    bytesReceived.addClamping(other.bytesReceived)
    connections.addClamping(other.connections)
    for (words, count) in other.errors { errors[words, default: 0].addClamping(count) }
    secondsLost += other.secondsLost
    brokerValues.merge(other.brokerValues) { $1 }
    latencies.add(other.latencies)
    client = Self.sum(client, other.client)
    // Every part watched the same broker.
    if let theirs = other.broker {
      broker = broker.map { $0.processorTime >= theirs.processorTime ? $0 : theirs } ?? theirs
    }
    notes += other.notes.filter { !notes.contains($0) }
    settings = Self.union(settings, other.settings)
    environment = Self.union(environment, other.environment)
  }

  /// Nanoseconds since 1970, which fit until 2262.
  private var end: Int64 { began * 1_000_000 + max(1, duration) }

  /// The parts that are in it, as `--shard` names them.
  private var shards: Set<String> {
    guard let fact = settings.first(where: { $0.name == "shard" }) else { return [] }
    return Set(fact.value.text.split(separator: ",").map { String($0.drop { $0 == " " }) })
  }

  private mutating func addIntervals(_ other: Self, from start: Int64) {
    let ours = Int((began - start + 500) / 1000)
    let theirs = Int((other.began - start + 500) / 1000)
    intervals.insert(contentsOf: [Interval](repeating: Interval(), count: ours), at: 0)
    for (place, interval) in other.intervals.enumerated() {
      while intervals.count <= place + theirs { intervals.append(Interval()) }
      intervals[place + theirs].add(interval)
    }
  }

  private static func sum(_ one: ResourceUse?, _ other: ResourceUse?) -> ResourceUse? {
    guard let one, let other else { return one ?? other }
    return one.adding(other)
  }

  /// Where the parts differ, all values stand there, with commas between.
  private static func union(_ facts: [Fact], _ others: [Fact]) -> [Fact] {
    var all = facts
    for fact in others {
      guard let place = all.firstIndex(where: { $0.name == fact.name }) else {
        all.append(fact)
        continue
      }
      let shown = all[place].value.text.split(separator: ",").map { $0.drop(while: { $0 == " " }) }
      if !shown.contains(fact.value.text[...]) {
        all[place].value = .text(all[place].value.text + ", " + fact.value.text)
      }
    }
    return all
  }
}
