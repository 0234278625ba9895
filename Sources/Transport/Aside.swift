// What blocks, on a thread of its own.

import Glibc
import Synchronization

/// A piece of work that may take as long as it likes: nobody waits for it beyond deadline or signal.
enum Aside {
  private final class Errand<Result: Sendable>: Sendable {
    let work: @Sendable () -> Result
    let end: CInt
    /// There before the thread closes its end of the pipe.
    let result = Mutex<Result?>(nil)

    init(_ work: @escaping @Sendable () -> Result, _ end: CInt) {
      self.work = work
      self.end = end
    }

    func run() {
      let value = work()
      result.withLock { $0 = value }
      close(end)
    }
  }

  /// - Returns: nil when the deadline came first; the work goes on then, and its result is dropped.
  /// - Throws: `.interrupted`, `.system`.
  static func run<Result: Sendable>(
    until deadline: Duration?, stop: StopSignals?, _ work: @escaping @Sendable () -> Result
  ) throws(TransportError) -> Result? {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(call: "pipe", errno: errno) }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let errand = Errand(work, ends[1])
    // A C callback carries no generic type: the closure knows it.
    let box = Unmanaged.passRetained(Start { errand.run() })
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, nil,
      { box in
        guard let box else { return nil }
        Unmanaged<Start>.fromOpaque(box).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    guard failed == 0 else {
      box.release()
      close(ends[1])
      throw .system(call: "pthread_create", errno: failed)
    }
    pthread_detach(thread)
    let ready = try Watches(socket: Watch(ends[0], .readable)).wait(until: deadline, stop: stop)
    if let signal = ready.signal { throw .interrupted(signal: signal) }
    return ready.socket ? errand.result.withLock { $0 } : nil
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
