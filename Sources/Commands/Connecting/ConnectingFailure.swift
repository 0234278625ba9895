// What went wrong on the way to a broker, or with it, as the user hears of it.

import MQTTClient
import MQTTSession
import Transport

extension Connecting {
  func failure(_ failure: ClientFailure) -> Failure {
    var whole = plainFailure(failure)
    if reasons.isEmpty || whole.signal != nil || failure == .timedOut { return whole }
    whole.text = summary(failure)
    if case .transport(let error) = failure, !hasStood {
      whole.status = error.isLateness ? .timedOut : .unreachable
    }
    return whole
  }

  /// Of the current server alone.
  func plainFailure(_ failure: ClientFailure) -> Failure {
    let version = connection.version
    guard let tool = settings.personality.tool else {
      var plain = Failure(failure, endpoint, version, usesTLS: connection.usesTLS)
      plain.text += note(on: failure)
      if failure == .closedByServer(beforeConnAck: true),
        let method = settings.connection.authentication.method
      {
        plain.text =
          "\(endpoint): the server closed the connection during authentication by \(method); "
          + "check user name and password, and that it knows the method"
      }
      return plain
    }
    if case .noAnswer = failure, isLate { return Failure(.timedOut, as: tool, version) }
    return Failure(failure, as: tool, version)
  }

  /// What the server does not take.
  func failure(_ refusal: Refusal) -> Failure {
    settings.personality == .apus
      ? Failure(refusal)
      : Failure(dropIn: refusal, ofLines: settings.publishing.source?.isLines == true)
  }

  private var isLate: Bool { deadline.map { MonotonicClock.now() >= $0 } ?? false }

  /// Of a network connection that could not be made.
  func dialFailure(_ error: TransportError) -> Failure {
    if let tool = settings.personality.tool {
      return isLate ? failure(.timedOut) : Failure(dropIn: error, as: tool)
    }
    if case .interrupted(let signal) = error {
      return failure(.interrupted(signal: signal))
    }
    var text = reasons.isEmpty ? "\(error)" : summary(.transport(error))
    if case .lost = error, reasons.isEmpty { text = "\(endpoint): \(error)" }
    return Failure(error.isLateness ? .timedOut : .unreachable, text)
  }

  /// When a client has to be further than it is, and what it is then: without an answer to CONNECT, or
  /// at the end of its time.
  func limit(_ client: borrowing Client) -> Instant? {
    client.session.phase == .connecting ? limit : deadline
  }

  func lateness(_ client: borrowing Client) -> ClientFailure {
    client.session.phase == .connecting ? .noAnswer(to: "CONNECT", within: patience) : .timedOut
  }
}
