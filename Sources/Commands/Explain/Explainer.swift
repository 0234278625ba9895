// `apus tls`, and `--explain`: how the connection comes about, or where it fails.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

/// One run that connects, tells what it saw, and leaves.
final class Explainer {
  private let connecting: Connecting
  private let isJSON: Bool
  /// Of each server that was tried over TLS, and the one that answered.
  private var findings: [Finding] = []

  init(_ asked: Settings) {
    var settings = asked
    if settings.connection.version == .v5 { settings.askForResponseInformation() }
    isJSON = settings.explainsAsJSON
    connecting = Connecting(
      settings, until: Connecting.deadline(settings), stop: StopSignals.install())
  }

  /// - Throws: what keeps the connection from standing, once what is known was printed.
  func run() throws(Failure) -> ExitStatus {
    do throws(Failure) { try look() } catch {
      note { $0.failure = error.text }
      try show()
      throw error
    }
    try show()
    return .success
  }

  private func look() throws(Failure) {
    var shown: TLSStream?
    connecting.observer = { [unowned self] stream in
      shown = stream
      findings.append(Finding(stream))
    }
    var client = try connecting.open(receiveMaximum: nil)
    do throws(ClientFailure) {
      let connected = try connecting.awaitConnAck(&client)
      note(connected.connAck, client.session.clientID, shown)
      try? client.session.disconnect()
      try? client.finish(when: .sent, within: connecting.patienceAtTheEnd)
    } catch {
      client.abandon()
      if case .session(.refused(let connAck)) = error {
        note(connAck, client.session.clientID, shown)
      }
      throw connecting.failure(error)
    }
  }

  /// What is known only behind the handshake, or where there was none.
  private func note(_ connAck: ConnAck, _ clientID: UTF8String, _ stream: TLSStream?) {
    note { finding in
      finding.connAck = connAck
      finding.clientID = clientID
      finding.isResumable = stream?.canBeResumed
    }
  }

  /// Of the server whose turn it is.
  private func note(_ change: (inout Finding) -> Void) {
    if findings.last?.endpoint != connecting.endpoint {
      findings.append(Finding(connecting.endpoint))
    }
    change(&findings[findings.count - 1])
  }

  private func show() throws(Failure) {
    let connection = connecting.connection
    var text = ""
    if isJSON {
      for finding in findings { text += finding.json(connection).text(levels: 0) }
    } else {
      let sheet = FactSheet()
      for finding in findings { sheet.add(finding, connection) }
      text = sheet.text
    }
    if !text.isEmpty { try StandardOutput.print(text) }
  }
}
