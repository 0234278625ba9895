// From a service's name to its servers.

import CResolver
import Glibc

/// Asks the system's resolver for SRV records, on a thread of its own.
struct ServiceLookup {
  /// - Returns: at least one server, in the order to try them.
  /// - Throws: `.noService`, `.interrupted`, `.timedOut`.
  func servers(
    of name: String, deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> [Endpoint] {
    let began = MonotonicClock.now()
    let answer = try Aside.run(until: deadline, stop: stop) { Self.ask(name) }
    guard let answer else {
      throw .timedOut(.service(name: name), within: MonotonicClock.now() - began)
    }
    var random = SystemRandomNumberGenerator()
    let records = ServiceRecord.ordered(
      NameServerAnswer.services(in: answer.bytes), using: &random)
    let servers = records.compactMap { record -> Endpoint? in
      record.target.isEmpty ? nil : .tcp(host: record.target, port: record.port)
    }
    if servers.isEmpty { throw .noService(name: name, reason: Self.reason(answer.error, records)) }
    return servers
  }

  private struct Answer {
    var bytes: [UInt8] = []
    /// The resolver's h_errno, or 0.
    var error: CInt = 0
  }

  private static func ask(_ name: String) -> Answer {
    var answer = Answer()
    var length: CInt = 0
    // The largest answer there can be.
    answer.bytes = [UInt8](unsafeUninitializedCapacity: 65_535) { buffer, count in
      length = apus_resolve(
        name, CInt(ServiceRecord.type), buffer.baseAddress, CInt(buffer.count))
      count = max(0, min(Int(length), buffer.count))
    }
    answer.error = max(0, -length)
    return answer
  }

  private static func reason(_ error: CInt, _ records: [ServiceRecord]) -> String {
    if !records.isEmpty { return "the domain does not offer this service (its SRV target is '.')" }
    switch error {
    case TRY_AGAIN: return "the name server does not answer"
    case 0, HOST_NOT_FOUND, NO_DATA: return "no SRV record; without -S the host itself is tried"
    default: return "the name server refuses, or this is no name to ask for"
    }
  }
}
