import Foundation
import MQTTProtocol
import TestSupport

/// What one run of `apus bench` reported, as its JSON has it.
struct BenchReport {
  let ending: Ending
  let errors: String
  private let members: [String: Any]

  static func run(_ words: [String], within seconds: Double = 20) throws -> BenchReport {
    let result = try Program.run(["bench"] + words + ["--json", "-"], within: seconds)
    return BenchReport(result.ending, result.output, result.errors)
  }

  init(_ ending: Ending, _ output: [UInt8], _ errors: String) {
    self.ending = ending
    self.errors = errors
    members = (try? JSONSerialization.jsonObject(with: Data(output))) as? [String: Any] ?? [:]
  }

  subscript(path: String...) -> Any? {
    path.reduce(members as Any?) { value, name in (value as? [String: Any])?[name] }
  }

  var notes: [String] { self["notes"] as? [String] ?? [] }

  func messages(_ name: String) -> Int? { self["messages", name] as? Int }

  /// Summed over the seconds.
  func seconds(_ name: String) -> Int {
    (self["seconds"] as? [[String: Any]] ?? []).reduce(0) { $0 + ($1[name] as? Int ?? 0) }
  }

  /// Milliseconds.
  func latency(_ kind: String, _ figure: String) -> Double {
    ((self["latency_us", kind, figure] as? NSNumber)?.doubleValue ?? -1e9) / 1000
  }

  func count(_ kind: String) -> Int? { self["latency_us", kind, "count"] as? Int }
}

/// A broker for one subscriber and one publisher, which come in this order.  What becomes of the messages,
/// `route` says.
final class MessyBroker: @unchecked Sendable {
  let broker: ScriptedBroker

  struct Delivery {
    let message: Publish
    /// Monotonic seconds.
    let due: Double
  }

  /// - Parameter route: gets each message with its number; returns what is sent to the subscriber, when.
  init(
    _ route: @escaping @Sendable (Publish, Int) -> [Delivery],
    sent: @escaping @Sendable (Publish) -> Void = { _ in }
  ) throws {
    broker = try ScriptedBroker { broker in
      let subscriber = try broker.accept()
      try subscriber.handshake()
      try subscriber.grant()
      let publisher = try broker.accept()
      try publisher.handshake()
      var waiting: [Delivery] = []
      var number = 0
      var isOver = false
      while !isOver || !waiting.isEmpty {
        let pause = waiting.map(\.due).min().map { max(0, $0 - monotonicSeconds()) } ?? 10
        if isOver {
          // What the subscriber says meanwhile changes nothing, but that it leaves.
          do { if try subscriber.next(within: pause) == nil { break } } catch is TimedOut {}
        } else {
          do {
            switch try publisher.next(within: pause) {
            case .publish(let message):
              waiting += route(message, number)
              number += 1
            case .disconnect, nil: isOver = true
            default: break
            }
          } catch is TimedOut {}
        }
        let now = monotonicSeconds()
        for delivery in waiting.sorted(by: { $0.due < $1.due }) where delivery.due <= now {
          sent(delivery.message)
          subscriber.send(.publish(delivery.message))
        }
        waiting.removeAll { $0.due <= now }
      }
      publisher.close()
      subscriber.discard()
      subscriber.close()
    }
  }
}
