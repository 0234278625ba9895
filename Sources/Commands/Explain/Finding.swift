// What `apus tls` saw.

import MQTTProtocol
import Transport

/// What is known of one server that was tried.
struct Finding {
  var endpoint: Endpoint
  /// Nil without TLS, or where none was begun.
  var report: TLSReport?
  /// The server could have chosen one by ALPN.
  var asksProtocol = false
  /// Nil where the connection did not come so far as to know.
  var isResumable: Bool?
  var connAck: ConnAck?
  var clientID = UTF8String.empty
  /// Why there is no connection to it.
  var failure: String?

  init(_ endpoint: Endpoint) { self.endpoint = endpoint }

  init(_ stream: TLSStream) {
    let report = TLSReport(stream)
    endpoint = report.endpoint
    self.report = report
    asksProtocol = stream.asksProtocol
  }
}
