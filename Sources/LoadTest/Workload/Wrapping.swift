import MQTTProtocol
import MQTTSession

/// Puts messages into envelopes; one for each thread.
package protocol MessageWrapping: AnyObject {
  /// - Returns: the message as it is sent, its payload valid until the next one.
  func wrap(
    _ publication: Publication, _ payload: UnsafeRawBufferPointer
  ) throws(LoadFault) -> (publication: Publication, payload: UnsafeRawBufferPointer)
}

/// Takes messages out of their envelopes; one for each client, since each gets every message once.
package protocol MessageUnwrapping: AnyObject {
  /// - Returns: the message as it was meant, valid as long as the argument.
  func unwrap(_ message: ReceivedMessage) throws(WrappingFault) -> ReceivedMessage
}

/// What is wrong with a message in an envelope.
package enum WrappingFault: Error, Hashable, Sendable {
  /// It came before.
  case repeated
  case spoiled
}
