// What becomes of requests when their connection is lost.

import MQTTClient
import MQTTProtocol
import MQTTSession

extension Requester {
  /// Connects again where there may be more to ask.
  ///
  /// Who answers must not be asked twice for certain: a request goes on only where the server has kept it
  /// with the session, or may not have had it.
  mutating func recover(from failure: ClientFailure) throws(Failure) {
    guard payload.isLines, settings.personality == .apus else {
      throw connecting.failure(failure)
    }
    let connected: Connected
    do throws(ClientFailure) {
      // What arrived is shown, whatever becomes of the connection.
      try output.drain(&client)
      // A response could be there before the subscription is.
      client.session.holdsCarriedOver = true
      connected = try reconnecting.comeBack(&client, after: failure)
    } catch {
      throw connecting.failure(error)
    }
    isSubscribed = isSubscribed && connected.connAck.sessionPresent
    unsent = window.next
    giveUp(on: connected.resumption)
    if isSubscribed { client.session.sendCarriedOver() } else { try subscribe() }
  }

  private mutating func giveUp(on resumption: Resumption) {
    if resumption.renewed > 0 {
      reporter.say(
        "\(resumption.renewed.are("request")) sent again and may arrive twice: "
          + "the server has not kept the session; -c -i ID asks for that")
    }
    for id in resumption.abandoned {
      fail(window.number(of: id), .notSupported, "the server does not take it any more")
    }
    for number in window.first..<window.next {
      guard let request = window[number], !isUnderWay(request) else { continue }
      fail(number, .connectionLost, "the connection was lost before its response")
    }
  }

  /// Its response can still come.
  private func isUnderWay(_ request: RequestWindow.Request) -> Bool {
    guard let id = request.packetID else { return false }
    return isSubscribed || client.session.isInFlight(id)
  }
}
