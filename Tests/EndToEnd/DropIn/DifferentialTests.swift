import Foundation
import Synchronization
import TestSupport
import Testing

/// A command line, what it gets on standard input, and how the two programs may differ.
struct DifferentialRow: Sendable {
  let line: ToolLine
  let input: String?

  init(_ line: ToolLine, input: String? = nil) {
    self.line = line
    self.input = input
  }
}

/// A command line for which Debian's 2.0.11 is not followed.
struct KnownDifference: Sendable {
  enum Part { case output, errors, status }

  let line: String
  let parts: [Part]
  let reason: String

  init(_ line: String, _ parts: Part..., because reason: String) {
    self.line = line
    self.parts = parts
    self.reason = reason
  }
}

/// Debian's mosquitto-clients and the links, given the same command lines.
@Suite(
  "Drop-in: the same as Debian's mosquitto-clients", .ownThread,
  .enabled(if: FileManager.default.isExecutableFile(atPath: "\(Links.originals)/mosquitto_rr")))
struct DifferentialTests {
  /// Each has a broker of its own, so that client identifiers and topics may be the same.
  private static func pair(
    _ row: DifferentialRow, _ ports: (UInt16, UInt16)
  ) throws -> (theirs: ToolResult, ours: ToolResult) {
    let input = row.input.map { RunningProgram.Input.bytes(Array($0.utf8)) } ?? .none
    let theirs = try row.line.start(port: ports.0, folder: Links.originals, input: input)
    let ours = try row.line.start(port: ports.1, input: input)
    return (try result(theirs), try result(ours))
  }

  private static func result(_ program: RunningProgram) throws -> ToolResult {
    let ending = try program.wait(within: 20)
    return ToolResult(ending: ending, output: program.outputSoFar, errors: program.errorText)
  }

  @Test("output, errors and status") func lines() throws {
    let rows = DifferentialRow.all
    #expect(rows.count >= 300)
    #expect(Set(rows.map(\.line)).count == rows.count, "a line stands twice")
    let brokers = (try Mosquitto(), try Mosquitto())
    let ports = (brokers.0.port, brokers.1.port)
    let known = Dictionary(
      KnownDifference.all.map { ($0.line, $0.parts) }, uniquingKeysWith: { $0 + $1 })
    for name in known.keys where !rows.contains(where: { $0.line.text == name }) {
      Issue.record("no such line: \(name)")
    }
    let outcomes = inParallel(rows) { row in Result { try Self.pair(row, ports) } }
    for (row, outcome) in zip(rows, outcomes) {
      do {
        let (theirs, ours) = try outcome.get()
        compare(row, theirs, ours, known[row.line.text] ?? [])
      } catch {
        Issue.record("\(row.line.text): \(error)")
      }
    }
  }

  /// What is known to differ has to: the table stays true.
  private func compare(
    _ row: DifferentialRow, _ theirs: ToolResult, _ ours: ToolResult,
    _ known: [KnownDifference.Part]
  ) {
    let name = row.line.text
    #expect(
      (theirs.ending == ours.ending) == !known.contains(.status),
      "\(name): \(theirs.ending), \(ours.ending)")
    #expect(
      (theirs.output == ours.output) == !known.contains(.output),
      "\(name): \(theirs.text) -- \(ours.text)")
    #expect(
      (theirs.errors == ours.errors) == !known.contains(.errors),
      "\(name): \(theirs.errors) -- \(ours.errors)")
  }
}

/// Runs `work` for each, eight at a time.
func inParallel<Item: Sendable, Outcome: Sendable>(
  _ items: [Item], _ work: @escaping @Sendable (Item) -> Outcome
) -> [Outcome] {
  let state = Mutex<(next: Int, outcomes: [Int: Outcome])>((0, [:]))
  let done = DispatchGroup()
  for _ in 0..<8 {
    done.enter()
    Thread.detachNewThread {
      while true {
        let index = state.withLock { state in
          state.next += 1
          return state.next - 1
        }
        if index >= items.count { break }
        let outcome = work(items[index])
        state.withLock { $0.outcomes[index] = outcome }
      }
      done.leave()
    }
  }
  done.wait()
  let outcomes = state.withLock { $0.outcomes }
  return items.indices.compactMap { outcomes[$0] }
}
