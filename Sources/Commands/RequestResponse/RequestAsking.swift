// The way of a request into the output.

import MQTTProtocol
import MQTTSession
import Transport

extension Requester {
  mutating func subscribe() throws(Failure) {
    do {
      _ = try client.session.subscribe([subscription], settings.properties[.subscribe] ?? .none)
    } catch {
      throw connecting.failure(error)
    }
  }

  var canAsk: Bool {
    isSubscribed && !window.isFull && client.session.output.count < Self.block
      && (settings.qos == .atMostOnce || client.session.canPublish)
  }

  /// Puts as many requests into the output as window and socket take.
  mutating func ask(_ source: inout RequestSource) throws(Failure) {
    guard canAsk else { return }
    let now = MonotonicClock.now()
    while canAsk,
      try source.take({ (payload) throws(Failure) in try ask(payload, at: now) })
    {}
  }

  /// - Returns: false when the server's window is full.
  private mutating func ask(
    _ payload: UnsafeRawBufferPointer, at now: Instant
  ) throws(Failure) -> Bool {
    let number = window.next
    var request = RequestWindow.Request(made: now)
    if promisesText, self.payload.isLines, !Payload.isText(payload) {
      fail(&request, .usage, "is not UTF-8 text, as payload-format-indicator 1 says")
    } else {
      correlation?.write(number, into: &publication)
      var sealed: MessageSealer.Sealed?
      if let sealer {
        sealed = try sealer.seal(publication, properties(of: number), payload)
      }
      do {
        request.packetID = try client.session.publish(
          sealed?.publication ?? publication, sealed?.payload ?? payload)
      } catch {
        switch error {
        case .windowFull: return false
        // One line that is too long doesn't keep the others from being sent.
        case .packetTooLarge where self.payload.isLines: fail(&request, .packetTooLarge, "\(error)")
        default: throw connecting.failure(error)
        }
      }
    }
    window.append(request)
    return true
  }

  private func properties(of number: Int) -> Properties {
    var properties = properties
    properties.set(correlation?.property(of: number))
    return properties
  }

  private mutating func fail(
    _ request: inout RequestWindow.Request, _ status: ExitStatus, _ text: String
  ) {
    request.state = .done
    note(status, "request \(window.next): \(text)")
  }
}
