import Foundation
import Synchronization

/// Calls `body` with each index, as many at once as there are threads.
func inParallel(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let next = Mutex(0)
  let group = DispatchGroup()
  for _ in 0..<min(count, threads) {
    group.enter()
    Thread.detachNewThread {
      while true {
        let index = next.withLock { next in
          next += 1
          return next - 1
        }
        if index >= count { break }
        body(index)
      }
      group.leave()
    }
  }
  group.wait()
}
