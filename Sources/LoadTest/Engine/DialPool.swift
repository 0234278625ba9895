import Glibc
import Synchronization
import Transport

/// Threads that make connections one after the other, where making one means waiting.
final class DialPool: Sendable {
  private struct Errand: Sendable {
    let number: Int
    let token: Int
    let since: Int64
    let inbox: Inbox
  }

  private struct State {
    var errands: [Errand] = []
    var head = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let bell: Bell
  private let dialer: any LoadDialer
  private let patience: Duration
  private let threads: Int

  init(_ dialer: any LoadDialer, threads: Int, patience: Duration) throws(TransportError) {
    self.dialer = dialer
    self.threads = threads
    self.patience = patience
    bell = try Bell()
  }

  /// - Returns: the threads, which end after `close`.
  func start() throws(TransportError) -> [WorkThreadBox] {
    var boxes: [WorkThreadBox] = []
    for _ in 0..<threads { boxes.append(WorkThreadBox(try WorkThread { self.work() })) }
    return boxes
  }

  /// Has a client connected; what comes of it goes to the inbox.
  func ask(for client: LoadClient, token: Int, at now: Int64, tell inbox: Inbox) {
    client.since = now
    let errand = Errand(number: client.number, token: token, since: now, inbox: inbox)
    state.withLock { $0.errands.append(errand) }
    bell.ring()
  }

  func close() {
    state.withLock { $0.isClosed = true }
    bell.ring()
  }

  private func work() {
    while true {
      let (errand, isClosed) = next()
      if isClosed { return }
      guard let errand else {
        _ = try? Watches(socket: Watch(bell.descriptor, .readable)).wait(
          until: MonotonicClock.now() + .milliseconds(200), stop: nil)
        continue
      }
      let deadline = Duration.nanoseconds(errand.since) + patience
      let result = Result { () throws(LoadFault) in try dialer.dial(errand.number, until: deadline)
      }
      errand.inbox.put(Inbox.Arrival(token: errand.token, since: errand.since, result: result))
    }
  }

  private func next() -> (Errand?, isClosed: Bool) {
    state.withLock { state in
      if state.isClosed { return (nil, true) }
      if state.head == state.errands.count {
        state.errands.removeAll()
        state.head = 0
        bell.silence()
        return (nil, false)
      }
      state.head += 1
      return (state.errands[state.head - 1], false)
    }
  }
}

/// A thread in a list: what cannot be copied goes in none.
final class WorkThreadBox {
  private var thread: WorkThread?

  init(_ thread: consuming WorkThread) { self.thread = consume thread }

  func join() { if let thread = thread.take() { thread.join() } }
}
