import MQTTProtocol
import MQTTSession
import Transport

/// Requests by their numbers, from the oldest whose answer was not printed yet: answers are printed in the
/// order of the requests, so one that comes early waits here.
struct RequestWindow {
  /// A request under way.
  struct Request {
    /// When it was put into the output.
    var made: Instant
    /// When the socket had taken it.
    var sent: Instant?
    /// Nil at QoS 0.
    var packetID: PacketID?
    var state = State.asked
  }

  enum State {
    case asked
    case answered(KeptMessage, at: Instant)
    /// Printed, or reported as failed.
    case done
  }

  private var requests: [Request?]
  /// The oldest that is under way, from 1.
  private(set) var first = 1
  /// The number of the next request.
  private(set) var next = 1
  /// Those that still wait for their answers.
  private(set) var unanswered = 0

  init(capacity: Int) {
    requests = Array(repeating: nil, count: capacity)
  }

  var isFull: Bool { next - first == requests.count }
  var isEmpty: Bool { next == first }

  mutating func append(_ request: Request) {
    requests[next % requests.count] = request
    next += 1
    if case .asked = request.state { unanswered += 1 }
  }

  /// - Precondition for setting: the request is under way.
  subscript(number: Int) -> Request? {
    get { (first..<next).contains(number) ? requests[number % requests.count] : nil }
    set { requests[number % requests.count] = newValue }
  }

  /// The request waits for its answer.
  func isOpen(_ number: Int) -> Bool {
    if case .asked? = self[number]?.state { true } else { false }
  }

  mutating func close(_ number: Int, _ state: State) {
    guard isOpen(number) else { return }
    unanswered -= 1
    requests[number % requests.count]?.state = state
  }

  mutating func removeFirst() -> Request? {
    guard !isEmpty else { return nil }
    let request = requests[first % requests.count].take()
    first += 1
    return request
  }

  /// The request that a packet identifier stands for.
  func number(of id: PacketID) -> Int? {
    (first..<next).first { self[$0]?.packetID == id }
  }

  /// The socket has taken every request before `number`.
  mutating func setSent(from start: Int, at now: Instant) {
    for number in max(start, first)..<next { requests[number % requests.count]?.sent = now }
  }
}
