// One thread of a run: a loop over many clients.

import MQTTProtocol
import MQTTSession
import Transport

/// Drives its clients until the run is over.  Only `inbox` and `gauge` are for other threads.
final class Worker {
  let course: Course
  let plan: LoadPlan
  let gauge: Gauge
  let inbox: Inbox
  let poller: Poller
  var tally: Tally
  var maker: PayloadMaker
  var random: SplitMix64

  /// Those that come and go as the phases say, by their index, and those that stay.
  var crowd: [LoadClient] = []
  var audience: [LoadClient] = []
  /// Of one thread.
  private(set) var observer: LoadClient?
  /// All of them, by their token.
  var clients: [LoadClient] = []
  /// Of the crowd, how many are meant to be there; of all threads' crowds together.
  var wanted = 0
  var allWanted = 0
  /// A client's state is another since it was last looked whom to open.
  var hasChanged = true
  /// Connections that are being made.
  var opening = 0
  /// Of the audience and of the crowd, those that are ready, and of the crowd those that have failed.
  var listening = 0
  var standing = 0
  var failed = 0
  /// Makes the connections that take a while; nil where the loop makes them.
  let dials: DialPool?

  var schedule: Schedule?
  /// The same in all threads.
  var common: SplitMix64
  let isPoisson: Bool
  /// Messages that may still fall due for all threads' clients together: in an open loop the whole run has one
  /// count, since by chance, or by the phases, some clients have more of them than others.
  var dueLeft: Int64
  let part: Int
  let parts: Int
  /// Of the crowd: whose turn it is to publish.
  var turn = 0
  /// Clients that have something to do before anything is waited for.
  var queue: [LoadClient] = []
  /// What one burst may put into a client's output.
  let burst: Int
  let window: Int
  // Of the plan, which costs something to take apart: what each message asks for.
  let mode: LoadPlan.Mode
  let qos: QoS
  let runNumber: UInt16
  let topicChanges: Bool
  let wrapper: (any MessageWrapping)?
  let trace: (@Sendable (_ line: String) -> Void)?
  /// Requests name the topic of their answer, and answers what they belong to.  MQTT 5 §4.10.
  let correlates: Bool

  var now: Int64 = 0
  /// From the monotonic clock's origin; .max while not known.
  var start = Int64.max
  var countFrom = Int64.max
  var end = Int64.max
  var lastSend = Int64.max
  var hasBegun = false
  var nextSweep: Int64 = 0
  /// To look at each of thousands of clients costs a cache line each.
  let sweepPause: Int64
  var second = 0
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

  /// At most so many connections are being made at once.  All threads together stay below the 100 that
  /// mosquitto's listener has room for: who finds no room waits a second for the kernel's next attempt.
  let mostOpening: Int
  static let bell = -1

  init(
    _ course: Course, _ gauge: Gauge, _ inbox: Inbox, part: Int, of parts: Int, dials: DialPool?
  ) throws(LoadFault) {
    self.course = course
    self.gauge = gauge
    self.inbox = inbox
    self.dials = dials
    plan = course.plan
    do throws(TransportError) {
      poller = try Poller()
      try poller.add(Watch(inbox.bell.descriptor, .readable), token: Self.bell)
    } catch {
      throw .transport(error)
    }
    wrapper = try plan.wrapping?()
    trace = plan.trace
    correlates = plan.correlates
    tally = Tally(main: plan.mainLatency, keepsAll: plan.keepsSeconds)
    var seeds = SystemRandomNumberGenerator()
    random = SplitMix64(seed: seeds.next())
    maker = PayloadMaker(plan.payload, hasHeader: plan.hasHeader, seed: seeds.next())
    let senders = max(1, (plan.crowd.count + parts - 1) / parts)
    burst = min(128 << 10, max(4096, (32 << 20) / senders))
    window = plan.window
    mode = plan.mode
    qos = plan.qos
    runNumber = plan.run
    topicChanges = plan.topic.changesByMessage
    // The audience is dealt out from the other end: one publisher and one subscriber have a thread each.
    audience = Self.members(of: plan.audience, part: parts - 1 - part, of: parts)
    crowd = Self.members(of: plan.crowd, part: part, of: parts)
    clients = audience + crowd
    if part == 0, let group = plan.observer {
      let client = LoadClient(group.first, group.role, index: 0, group.session(group.first))
      observer = client
      clients.append(client)
    }
    self.part = part
    self.parts = parts
    mostOpening = max(1, 64 / parts)
    sweepPause = clients.count < 1000 ? 50_000_000 : 250_000_000
    common = SplitMix64(seed: course.seed)
    isPoisson = plan.pace == .open(isPoisson: true)
    dueLeft = plan.count ?? .max
    if plan.pace != .closed, plan.sendsFromCrowd, !crowd.isEmpty {
      schedule = Schedule(plan.phases, isPoisson: isPoisson, &common)
    }
    for (token, client) in clients.enumerated() {
      client.token = token
      if client.role == .subscriber { client.unwrapper = try plan.unwrapping?() }
      prepare(client)
    }
  }

  deinit { room.deallocate() }

  private static func members(
    of group: LoadPlan.Group, part: Int, of parts: Int
  ) -> [LoadClient] {
    stride(from: part, to: group.count, by: parts).map { index in
      let number = group.first + index
      return LoadClient(number, group.role, index: index, group.session(number))
    }
  }

  private func prepare(_ client: LoadClient) {
    client.filter = plan.filter(of: client.number, client.role, &random)
    if client.publishes {
      if let count = plan.count, plan.pace == .closed {
        let all = Int64(plan.crowd.count)
        client.quota = count / all + (Int64(client.index) < count % all ? 1 : 0)
      }
      client.publication = publication(of: client)
      client.receivers = Int64(
        client.publication.map { course.fanOut.count(for: $0.value.topic) } ?? 0)
    }
    client.session.limitWindow(to: window)
  }

  /// Made anew for each message where the topic changes.
  func publication(of client: LoadClient) -> SharedPublication? {
    let text = plan.topic.text(client: client.number, message: client.next, &random)
    guard let topic = try? TopicName(text) else { return nil }
    var properties = plan.properties
    if correlates, let filter = client.filter, let answers = try? UTF8String(filter.bytes) {
      properties.set(Property(.responseTopic, answers))
      // The last one, for its end changes with each message.
      properties.set(
        Property(.correlationData, [UInt8](repeating: 0, count: MessageHeader.size)))
    }
    return SharedPublication(
      Publication(
        topic: topic, qos: qos, retain: plan.isRetained, properties: properties, plan.version))
  }
}
