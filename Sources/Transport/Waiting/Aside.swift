// What blocks, on a thread of its own.

import Glibc
import Synchronization

/// A piece of work on a thread of its own.  Whoever lets go of it gets no result; the work goes on.
package final class Errand<Result: Sendable> {
  /// Readable once the work is done.
  package let descriptor: CInt
  private let task: Task

  private final class Task: Sendable {
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

  /// Begins the work.
  package init(_ work: @escaping @Sendable () -> Result) throws(TransportError) {
    let ends = try Pipe.ends()
    descriptor = ends.read
    task = Task(work, ends.write)
    do throws(TransportError) {
      pthread_detach(try WorkThread.start { [task] in task.run() })
    } catch {
      close(ends.write)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Nil while the work goes on.
  package var result: Result? { task.result.withLock { $0 } }
}

/// A piece of work that may take as long as it likes: nobody waits for it beyond deadline or signal.
enum Aside {
  /// - Returns: nil when the deadline came first; the work goes on then, and its result is dropped.
  /// - Throws: `.interrupted`, `.system`.
  static func run<Result: Sendable>(
    until deadline: Duration?, stop: StopSignals?, _ work: @escaping @Sendable () -> Result
  ) throws(TransportError) -> Result? {
    let errand = try Errand(work)
    let watches = Watches(socket: Watch(errand.descriptor, .readable))
    let ready = try watches.wait(until: deadline, stop: stop)
    if let signal = ready.signal { throw .interrupted(signal: signal) }
    return ready.socket ? errand.result : nil
  }
}
