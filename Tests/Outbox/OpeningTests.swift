import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Outbox

@Suite("Opening an outbox") struct OpeningTests {
  @Test("one that is being made is missing or whole, and never damaged") func whileItIsMade() throws
  {
    let directory = TemporaryDirectory()
    for round in 0..<200 {
      let folder = OutboxFolder(directory.file("\(round)"))
      let isOpen = Atomic(false)
      let faults = Mutex<[String]>([])
      let group = DispatchGroup()
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        while !isOpen.load(ordering: .sequentiallyConsistent) {
          do throws(StoreFailure) {
            _ = try MessageStore(folder, creating: false)
          } catch {
            if case .missing = error { continue }
            faults.withLock { $0.append("\(error)") }
          }
        }
      }
      defer { group.wait() }
      defer { isOpen.store(true, ordering: .sequentiallyConsistent) }
      _ = try MessageStore(folder, creating: true)
      #expect(faults.withLock { $0 } == [])
    }
  }
}
