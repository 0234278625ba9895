// `apus tls`, and `--explain`: how the connection comes about, or where it fails.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

/// One run that connects, tells what it saw, and leaves.
struct Explainer {
  private let connecting: Connecting
  private let sheet = FactSheet()

  init(_ asked: Settings) {
    var settings = asked
    if settings.connection.version == .v5 { settings.askForResponseInformation() }
    connecting = Connecting(
      settings, until: Connecting.deadline(settings), stop: StopSignals.install())
  }

  /// - Throws: what keeps the connection from standing, once what is known was printed.
  func run() throws(Failure) -> ExitStatus {
    let sheet = sheet
    var shown: TLSStream?
    connecting.observer = { stream in
      shown = stream
      sheet.add(TLSReport(stream), asksProtocol: stream.asksProtocol)
    }
    do throws(Failure) {
      var client = try connecting.open(receiveMaximum: nil)
      do throws(ClientFailure) {
        let connected = try connecting.awaitConnAck(&client)
        describeWay(shown)
        sheet.add(
          connected.connAck, connecting.connection, clientID: client.session.clientID)
        try? client.session.disconnect()
        try? client.finish(when: .sent, within: connecting.patienceAtTheEnd)
      } catch {
        client.abandon()
        if case .session(.refused(let connAck)) = error {
          describeWay(shown)
          sheet.add(connAck, connecting.connection, clientID: client.session.clientID)
        }
        throw connecting.failure(error)
      }
    } catch {
      try sheet.print()
      throw error
    }
    try sheet.print()
    return .success
  }

  /// What is known only behind the handshake, or where there was none.
  private func describeWay(_ stream: TLSStream?) {
    if let stream {
      sheet.row(
        "Resumption",
        stream.canBeResumed
          ? "the server lets later connections resume this one" : "not offered by the server")
    } else {
      sheet.heading("Server", "\(connecting.endpoint)")
      sheet.row(
        "TLS",
        connecting.connection.unixPath == nil
          ? "none: not encrypted; whoever is on the way can read and change everything (--tls)"
          : "none: a socket of this machine")
    }
  }
}
