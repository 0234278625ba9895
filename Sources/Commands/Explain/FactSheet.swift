// The lines of `apus tls`.

import Rendering
import Transport

/// Names and values in two columns.  Whatever comes from outside is shown escaped.
final class FactSheet {
  private(set) var text = ""

  func heading(_ name: String, _ value: String) {
    if !text.isEmpty { text += "\n" }
    line(name, value)
  }

  func row(_ name: String, _ value: String) { line(name, value) }

  private func line(_ name: String, _ value: String) {
    let padding = String(repeating: " ", count: max(1, Self.width - name.count))
    text += name + padding + SafeText.escaped(value.utf8) + "\n"
  }

  private static let width = 24

  /// All that was seen of a server.
  func add(_ finding: Finding, _ connection: Settings.Connection) {
    if let report = finding.report {
      add(report, asksProtocol: finding.asksProtocol)
      if let isResumable = finding.isResumable {
        row(
          "Resumption",
          isResumable
            ? "the server lets later connections resume this one" : "not offered by the server")
      }
    } else if finding.connAck != nil {
      heading("Server", "\(finding.endpoint)")
      row("TLS", Self.reasonForNone(finding.endpoint))
    }
    if let connAck = finding.connAck {
      add(connAck, connection, clientID: finding.clientID)
    }
  }

  private static func reasonForNone(_ endpoint: Endpoint) -> String {
    if case .unix = endpoint { return "none: a socket of this machine" }
    return "none: not encrypted; whoever is on the way can read and change everything (--tls)"
  }

  // MARK: TLS

  private func add(_ report: TLSReport, asksProtocol: Bool) {
    heading("Server", "\(report.endpoint)")
    if let session = report.session {
      let parts = [session.version, session.cipher, session.group].filter { !$0.isEmpty }
      row("TLS", parts.joined(separator: ", ") + (session.wasResumed ? ", resumed" : ""))
      let agreed = String(decoding: session.applicationProtocol, as: UTF8.self)
      row(
        "ALPN",
        !asksProtocol
          ? "not asked for (--tls-alpn)" : agreed.isEmpty ? "the server chose none" : agreed)
    } else {
      row("TLS", "the handshake was not finished")
    }
    for (index, certificate) in report.certificates.enumerated() {
      add(certificate, "Certificate \(index + 1)")
    }
    for check in report.checks {
      let outcome =
        switch check.outcome {
        case .passed(let why): "passed: \(why)"
        case .failed(let why): "FAILED: \(why)"
        case .left(let why): "not checked: \(why)"
        }
      row("Check of \(check.name)", outcome)
    }
  }

  private func add(_ certificate: CertificateDetails, _ name: String) {
    row(name, certificate.subject)
    row("  issued by", certificate.issuer)
    if !certificate.names.isEmpty { row("  for", certificate.shownNames) }
    let left = certificate.daysLeft
    let validity =
      left < 0 ? "it is over" : left == 1 ? "1 day left" : "\(left) days left"
    row("  valid", "\(certificate.notBefore) to \(certificate.notAfter) (\(validity))")
    row("  pin", certificate.pin)
  }
}
