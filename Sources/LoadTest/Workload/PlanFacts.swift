// What follows from a plan.

import MQTTProtocol

extension LoadPlan {
  /// What the seconds of the report show.
  var mainLatency: LatencyKind {
    switch mode {
    case .conn: .connack
    case .pub: .ack
    case .sub, .pubsub, .rr: .delivery
    }
  }

  var sendsFromCrowd: Bool { crowd.role == .publisher || crowd.role == .requester }

  /// A count ends the run, or a signal, or the coordinator.
  var isEndless: Bool { length >= Self.endless }

  /// Longer than any run, and short enough for sums.
  package static let endless: Int64 = 1 << 60

  /// Of all phases, in nanoseconds.
  package var length: Int64 { phases.reduce(0) { min(Self.endless, $0 + $1.duration) } }

  /// Of those that count for nothing.
  var uncounted: Int64 { phases.prefix { $0.isWarmUp }.reduce(0) { $0 + $1.duration } }

  /// How many of the crowd there are to be at a time from the start, in nanoseconds.
  func clients(at time: Int64) -> Int {
    var rest = max(0, time)
    for phase in phases {
      if rest < phase.duration { return phase.clients(at: rest) }
      rest -= phase.duration
    }
    return phases.last?.clients.last ?? crowd.count
  }

  func phaseName(at time: Int64) -> String? {
    var rest = max(0, time)
    for phase in phases {
      if rest < phase.duration { return phase.name }
      rest -= phase.duration
    }
    return nil
  }

  func knows(publisher: Int) -> Bool {
    publisher >= crowd.first && publisher < crowd.first + crowd.count
  }

  /// What a client subscribes to; nil for those who don't.
  func filter(of client: Int, _ role: Role, _ random: inout SplitMix64) -> TopicFilter? {
    switch role {
    case .idle, .publisher: nil
    case .observer: try? TopicFilter(Array("$SYS/#".utf8))
    case .subscriber, .responder: try? TopicFilter(filter.text(client: client, &random))
    case .requester: try? TopicFilter(answerTopic(of: client, &random))
    }
  }

  /// Requests name the topic of their answer, and answers what they belong to: MQTT 5 §4.10.
  var correlates: Bool { mode == .rr && version == .v5 }

  /// Bytes by which it is longer than the topic, at most.
  package static let answerGrowth = "/answer/1048576".utf8.count

  /// Where a requester's answers come to; its own, where it can say so.
  private func answerTopic(of client: Int, _ random: inout SplitMix64) -> [UInt8] {
    let answers = topic.text(client: client, &random) + Array("/answer".utf8)
    return correlates && !topic.namesClient ? answers + Array("/\(client)".utf8) : answers
  }

  /// How many subscribers are to get what a publisher sends; a shared subscription counts as one.
  ///
  /// Topics that change from message to message are matched by every filter: the check sees to that.
  func fanOut() -> FanOut {
    if mode == .rr { return FanOut(everybody: 1) }
    if mode != .pubsub { return FanOut(everybody: 0) }
    var random = SplitMix64(seed: 0)
    var filters: [TopicFilter: Int] = [:]
    for index in 0..<audience.count {
      guard let filter = filter(of: audience.first + index, .subscriber, &random) else { continue }
      filters[filter] = filter.isShared ? 1 : filters[filter, default: 0] + 1
    }
    if topic.changesByMessage { return FanOut(everybody: filters.values.reduce(0, +)) }
    return FanOut(filters)
  }
}
