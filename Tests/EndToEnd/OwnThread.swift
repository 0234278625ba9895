import Foundation
import Testing

/// For suites that wait most of their time: they don't hold one of the few threads that run the tests.
struct OwnThread: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
  }
}

extension Trait where Self == OwnThread {
  static var ownThread: Self { Self() }
}

/// A thread for each piece of work; so many run at once that limits of time mean something.
private final class ThreadExecutor: TaskExecutor {
  static let shared = ThreadExecutor()
  private let places = DispatchSemaphore(value: 12)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread {
      self.places.wait()
      defer { self.places.signal() }
      job.runSynchronously(on: self.asUnownedTaskExecutor())
    }
  }
}
