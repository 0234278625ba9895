import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Outbox

@Suite("Who waits for the database") struct QueueTests {
  @Test("gets it from who writes one time after the other") func turns() throws {
    let directory = TemporaryDirectory()
    let path = try directory.write([], to: "outbox.db")
    let first = try Database(path, in: directory.path)
    try first.execute("PRAGMA journal_mode = WAL; CREATE TABLE turn (name TEXT)")
    let last = Mutex(0)
    let opened = Atomic(0)
    let group = DispatchGroup()
    for index in 0..<2 {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        do {
          let database = try Database(path, in: directory.path)
          opened.add(1, ordering: .sequentiallyConsistent)
          while opened.load(ordering: .sequentiallyConsistent) < 2 { usleep(100) }
          for _ in 0..<(index == 0 ? 60 : 40) {
            // As long as a slow disk needs.
            try database.transaction { () throws(StoreFailure) in
              try database.execute("INSERT INTO turn VALUES ('\(index)')")
              usleep(10_000)
            }
          }
          last.withLock { $0 = index }
        } catch {
          opened.add(2, ordering: .sequentiallyConsistent)
          Issue.record("\(index): \(error)")
        }
      }
    }
    group.wait()
    #expect(last.withLock { $0 } == 0, "who wrote less was the last")
    #expect(try first.number("SELECT count(*) FROM turn") == 100)
  }
}
