import MQTTProtocol
import MQTTSession

/// Answers to packets that a command of the shell waits for.
struct ShellAnswers {
  private var awaited: Set<PacketID> = []
  private var answers: [PacketID: Answer] = [:]

  /// What became of a packet that is answered.
  enum Answer {
    case acknowledged
    /// The server has the message, and nobody subscribes to it.
    case unmatched
    case rejected(Acknowledgement)
    case subscription(SubscriptionAck)
    /// The connection was lost before.
    case lost
  }

  /// Has the answer to a packet kept.
  mutating func await(_ id: PacketID) { awaited.insert(id) }

  /// An answer came.
  mutating func take(_ answer: Answer, to id: PacketID) {
    if awaited.contains(id) { answers[id] = answer }
  }

  /// The answer to a packet; nil while it has not come.
  subscript(id: PacketID) -> Answer? { answers[id] }

  /// Nobody waits for it any more.
  mutating func forget(_ id: PacketID) {
    awaited.remove(id)
    answers[id] = nil
  }

  /// The connection is lost.
  mutating func lose() {
    for id in awaited where answers[id] == nil { answers[id] = .lost }
  }
}
