import MQTTProtocol
import MQTTSession
import Transport

/// One MQTT client of a run.
final class LoadClient {
  enum State: Hashable {
    /// Not there yet, or not any more.
    case off
    /// The stream is being made.
    case dialling
    /// CONNECT is on its way.
    case connecting
    case subscribing
    case ready
    /// DISCONNECT was sent; the server closes.
    case leaving
    /// Lost; comes back at `until`.
    case waiting
  }

  let number: Int
  let role: LoadPlan.Role
  /// Among all of its group, over all threads.
  let index: Int
  /// In its worker.
  var token = 0
  var session: Session
  var stream: (any ByteStream)?
  var state = State.off
  /// When what the state waits for has to have come, by the monotonic clock; when a wait ends.
  var until: Int64 = 0
  /// When the state began.
  var since: Int64 = 0
  /// When the connection was lost; 0 while there is none to come back.
  var lostAt: Int64 = 0
  /// Attempts to come back in a row.
  var attempt = 0
  /// The first connection stood.
  var hasStood = false
  /// It is not tried again.
  var hasFailed = false
  /// Which of the target's addresses is tried, and how many were.
  var address = 0
  var addressesTried = 0
  /// At work while the connection stands.
  var login: (any LoadLogin)?
  /// Bytes of a packet whose rest has not come.
  var rest: [UInt8] = []
  var watched: Readiness = []
  /// Bytes of the output that were shown already.
  var traced = 0
  /// Something came, and nothing went out since that would have told so.
  var isUnconfirmed = false
  /// It is in the worker's list of those that have something to do at once.
  var isQueued = false
  /// It had more to send than its output takes at once.
  var wasCutShort = false

  // As a publisher.

  /// Made anew for each message where the topic changes.
  var publication: SharedPublication?
  /// How many subscribers get each of its messages.
  var receivers: Int64 = 0
  var times = SendTimes()
  /// Numbers of the next messages.
  var next: Int64 = 0
  var nextOfWarmUp: Int64 = 0
  /// What `next` was when the output was last empty.
  var written: Int64 = 0
  var cut = OutputCut()
  /// Messages of a connection that was lost, which never left and may leave on the next one.
  var withheld: Int64 = 0
  /// Messages that may still be sent.
  var quota = Int64.max
  /// When messages were due that could not be sent yet.
  var backlog = Backlog()
  /// Requests without an answer.
  var unanswered = 0
  /// When the last answer came, or the first request left.
  var answeredAt: Int64 = 0

  // As a subscriber.

  var filter: TopicFilter?
  var unwrapper: (any MessageUnwrapping)?
  var sources: [UInt32: Source] = [:]
  /// Checksums of messages that could not be opened.
  var spoiled: Set<UInt32> = []
  /// Answers that wait for the window.
  var answers: [Answer] = []

  init(
    _ number: Int, _ role: LoadPlan.Role, index: Int, _ configuration: SessionConfiguration
  ) {
    self.number = number
    self.role = role
    self.index = index
    session = Session(configuration)
  }

  var publishes: Bool { role == .publisher || role == .requester }
}

/// What goes back for a request.
struct Answer {
  let topic: [UInt8]
  let correlation: [UInt8]?
  let payload: [UInt8]
}

/// A publication that is lent, not copied: it has a dozen parts.
final class SharedPublication {
  let value: Publication

  init(_ value: Publication) { self.value = value }

  /// The same with a header as its correlation data, which is the last of its properties.
  func correlated(by header: MessageHeader) -> SharedPublication {
    var value = value
    withUnsafeTemporaryAllocation(byteCount: MessageHeader.size, alignment: 8) { place in
      if let base = place.baseAddress { header.write(to: base, behind: Checksum()) }
      value.overwritePropertiesEnd(UnsafeRawBufferPointer(place))
    }
    return SharedPublication(value)
  }
}

/// Times, first in, first out.
struct Backlog {
  private var times: [Int64] = []
  private var head = 0

  var isEmpty: Bool { head == times.count }
  var count: Int { times.count - head }
  var first: Int64? { isEmpty ? nil : times[head] }

  /// How many of them are not before `start`.
  func count(from start: Int64) -> Int64 {
    times[head...].reduce(0) { $0 + ($1 >= start ? 1 : 0) }
  }

  mutating func append(_ time: Int64) { times.append(time) }

  mutating func removeFirst() {
    head += 1
    if head == times.count {
      times.removeAll(keepingCapacity: times.capacity <= 1024)
      head = 0
    } else if head > 4096, head > times.count / 2 {
      times.removeFirst(head)
      head = 0
    }
  }
}
