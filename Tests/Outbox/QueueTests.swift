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
    let ended = Atomic(0)
    let group = DispatchGroup()
    for index in 0..<2 {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        defer { ended.add(1, ordering: .sequentiallyConsistent) }
        do {
          let database = try Database(path, in: directory.path)
          let queue = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
          defer { close(queue) }
          opened.add(1, ordering: .sequentiallyConsistent)
          try eventually("the other to open") {
            opened.load(ordering: .sequentiallyConsistent) == 2
          }
          for _ in 0..<(index == 0 ? 100 : 30) {
            var isLate = false
            // On a slow disk the other has come meanwhile, and waits.
            try database.transaction { () throws(StoreFailure) in
              try database.execute("INSERT INTO turn VALUES ('\(index)')")
              do {
                try eventually("the other to wait") {
                  if ended.load(ordering: .sequentiallyConsistent) > 0 { return true }
                  let isAlone = flock(queue, LOCK_EX | LOCK_NB) == 0
                  if isAlone { flock(queue, LOCK_UN) }
                  return !isAlone
                }
              } catch { isLate = true }
            }
            #expect(!isLate, "the other does not wait")
          }
          last.withLock { $0 = index }
        } catch {
          Issue.record("\(index): \(error)")
        }
      }
    }
    group.wait()
    #expect(last.withLock { $0 } == 0, "who wrote less was the last")
    #expect(try first.number("SELECT count(*) FROM turn") == 130)
  }
}
