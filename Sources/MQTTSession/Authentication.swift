// Enhanced authentication: who may send AUTH, and when.  MQTT 5 §4.12.

import MQTTProtocol

extension Session {
  /// Answers a challenge, or starts re-authentication.
  ///
  /// - Parameters:
  ///   - reason: `.continueAuthentication` for an answer, `.reAuthenticate` for a start.
  ///   - data: the method's bytes; at most 65,535.
  package mutating func authenticate(
    _ reason: ReasonCode, data: [UInt8]
  ) throws(Refusal) {
    guard let method = own.authenticationMethod else { throw .noAuthenticationMethod }
    guard !isLeaving, phase == .connecting || phase == .connected else { throw .notConnected }
    let isStart = reason == .reAuthenticate
    guard isStart ? phase == .connected && !isAuthenticating : isAuthenticating,
      isStart || reason == .continueAuthentication
    else { throw .notAuthenticating }
    guard let data = Property(.authenticationData, data) else {
      throw .packetTooLarge(size: data.count, limit: UTF8String.maximumLength)
    }
    var properties = Properties()
    properties.set(Property(.authenticationMethod, method))
    properties.set(data)
    try appendChecked(.auth(Auth(reason, properties)))
    isAuthenticating = true
  }

  /// AUTH from the server.  Only what we began goes on, and only re-authentication ends with AUTH:
  /// the first one ends with CONNACK.
  mutating func challenged(_ packet: Auth) throws(SessionFault) -> Event? {
    guard isAuthenticating,
      packet.reason == .continueAuthentication || packet.reason == .success && phase != .connecting
    else { throw .unexpected(.auth) }
    guard packet.properties.string(.authenticationMethod) == own.authenticationMethod else {
      throw .authenticationMethodMismatch
    }
    try checkProblemInformation(.auth, packet.properties)
    if packet.reason == .success { isAuthenticating = false }
    return .challenged(packet)
  }
}
