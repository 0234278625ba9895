import CLinux
import Glibc

/// A thread that does one thing and is waited for.
package struct WorkThread: ~Copyable {
  private let thread: pthread_t

  /// - Throws: `.system` when there is no room for another one.
  package init(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
    thread = try Self.start {
      apus_sharpen_timers()
      body()
    }
  }

  /// - Returns: a thread to be joined or detached.
  static func start(_ body: @escaping @Sendable () -> Void) throws(TransportError) -> pthread_t {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Start(body))
    let failed = pthread_create(
      &thread, nil,
      { box in
        guard let box else { return nil }
        Unmanaged<Start>.fromOpaque(box).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    guard failed == 0 else {
      box.release()
      throw .system(call: "pthread_create", errno: failed)
    }
    return thread
  }

  /// Waits until it has ended.
  package consuming func join() { pthread_join(thread, nil) }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
