import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// One case of `Cases/*.case`: how apus is called, what the broker expects and sends, and how it must end.
///
///     case NAME
///     run WORDS        the broker's address is put behind the command, unless a word has PORT in it
///     in TEXT          a line of standard input; `in` alone: it stays open
///     stdout KIND      where standard output goes: full, closed, gone or stalled
///     > PACKET …       the broker expects a packet: its name, its reason code, id=N, dup, keep
///     > BYTES          … or that what comes begins with these bytes (see CaseBytes)
///     > end | > *      … or the end of the connection; or whatever comes until then
///     < BYTES          the broker sends
///     << BYTES         … a byte at a time
///     drip MS BYTES    … a byte every so many milliseconds, as long as apus is there
///     flood BYTES      … again and again until nobody takes it
///     accept [BYTES]   takes CONNECT and accepts it, with these properties
///     grant            takes SUBSCRIBE and grants it
///     upgrade          takes the request for a WebSocket; packets are in its frames from here on
///     close | reset | finish    the connection, both or in one direction
///     again            the next connection
///     says TEXT        waits until standard error has it
///     signal NAME      to apus
///     status N         the exit status, or a signal's name; 0 if it is not said
///     out TEXT         a line of standard output; `out+` without its end
///     err TEXT         what standard error has in it, in this order; `*` stands for anything
///     lines N          of standard error: 1 for a failure and 0 otherwise if it is not said, * for any
///     limit SECONDS    for all of it: 10
///     memory MIB       less than 64
struct BrokerCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// The file and the line where it begins.
  let place: String
  var words: [String] = []
  var input: [UInt8]?
  var keepsInputOpen = false
  var sink = Sink.pipe
  var steps: [Step] = []
  var ending = Ending.exited(0)
  var output: [UInt8] = []
  var errors: [String] = []
  /// Nil: as many as there are.
  var lines: Int? = -1
  var limit = 10.0
  var memory = 64

  var testDescription: String { name }

  enum Sink: String, Sendable { case pipe, full, closed, gone, stalled }

  /// A word of the script and the rest of its line.
  struct Step: Sendable {
    let verb: String
    let rest: String
    let line: Int
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases").path

  /// All cases of all files.
  static func all() throws -> [BrokerCase] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".case") }
      .sorted().flatMap { try read("\(folder)/\($0)") }
  }

  private static func read(_ path: String) throws -> [BrokerCase] {
    var cases: [BrokerCase] = []
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let file = path.split(separator: "/").last ?? ""
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.drop { $0 == " " }
      if line.isEmpty || line.hasPrefix("#") { continue }
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      let (verb, rest) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      if verb == "case" {
        cases.append(BrokerCase(name: rest, place: "\(file):\(number + 1)"))
      } else {
        guard !cases.isEmpty else { throw TestFailure("\(file): no 'case' before '\(line)'") }
        do { try cases[cases.count - 1].set(verb, rest, line: number + 1) } catch {
          throw TestFailure("\(file):\(number + 1): \(error)")
        }
      }
    }
    return cases
  }

  private mutating func set(_ verb: String, _ rest: String, line: Int) throws {
    switch verb {
    case "run": words += Self.split(rest)
    case "in":
      if rest.isEmpty { keepsInputOpen = true } else { input = (input ?? []) + "\(rest)\n".utf8 }
    case "stdout":
      guard let sink = Sink(rawValue: rest) else { throw TestFailure("no kind: \(rest)") }
      self.sink = sink
    case "status":
      guard
        let ending = Int32(rest).map({ Ending.exited($0) })
          ?? Self.signal(rest).map({ .signaled($0) })
      else { throw TestFailure("no status: \(rest)") }
      self.ending = ending
    case "out": output += "\(rest)\n".utf8
    case "out+": output += rest.utf8
    case "err": errors.append(rest)
    case "lines": lines = rest == "*" ? nil : try Self.number(rest)
    case "limit": limit = Double(try Self.number(rest))
    case "memory": memory = try Self.number(rest)
    case ">", "<", "<<", "drip", "flood", "accept", "grant", "upgrade", "close", "reset", "finish",
      "again", "signal", "says":
      steps.append(Step(verb: verb, rest: rest, line: line))
    default: throw TestFailure("'\(verb)' is no word of a case")
    }
  }

  private static func number(_ text: String) throws -> Int {
    guard let number = Int(text) else { throw TestFailure("'\(text)' is no number") }
    return number
  }

  static func signal(_ name: String) -> Int32? {
    ["TERM": SIGTERM, "INT": SIGINT, "HUP": SIGHUP, "KILL": SIGKILL][name]
  }

  /// At spaces, but not in 'quotes'.
  private static func split(_ text: String) -> [String] {
    text.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap {
      $0 % 2 == 1 ? [String($1)] : $1.split(separator: " ").map(String.init)
    }
  }

  var version: ProtocolVersion {
    let place = words.firstIndex(of: "-V").map { $0 + 1 }
    switch place.flatMap({ words.indices.contains($0) ? words[$0] : nil }) {
    case "5": return .v5
    case "31": return .v31
    case nil where words.first == "rr": return .v5
    default: return .v311
    }
  }
}
