import LoadTest
import MQTTProtocol
import MQTTSession
import Sealing
import Transport

/// `--seal` and `--sign` of a load.
final class BenchSealer: MessageWrapping {
  private let sealer: MessageSealer
  private let properties: Properties

  /// - Returns: nil when payloads are sent as they are.
  init?(_ settings: Settings, stop: StopSignals) throws(Failure) {
    guard let sealer = try MessageSealer(settings, until: nil, stop: stop) else { return nil }
    self.sealer = sealer
    properties = settings.properties[.publish] ?? .none
  }

  func wrap(
    _ publication: Publication, _ payload: UnsafeRawBufferPointer
  ) throws(LoadFault) -> (publication: Publication, payload: UnsafeRawBufferPointer) {
    do throws(Failure) {
      let sealed = try sealer.seal(publication, properties, payload)
      return (sealed.publication, sealed.payload)
    } catch {
      throw .impossible(error.text)
    }
  }
}

/// `--open` and `--verify` of one subscriber.
final class BenchOpener: MessageUnwrapping {
  private let opener: MessageOpener

  /// - Returns: nil when payloads are taken as they are.
  init?(_ settings: Settings, stop: StopSignals) throws(Failure) {
    guard let opener = try MessageOpener(settings, until: nil, stop: stop) else { return nil }
    self.opener = opener
  }

  func unwrap(_ message: ReceivedMessage) throws(WrappingFault) -> ReceivedMessage {
    do throws(SealingFault) { return try opener.open(message) } catch {
      throw error == .replayed || error == .repeated ? .repeated : .spoiled
    }
  }
}

extension Settings {
  /// - Throws: when a key cannot be read; nobody has heard of the run then.
  func addSealing(to plan: inout LoadPlan, stop: StopSignals) throws(Failure) {
    if try BenchSealer(self, stop: stop) != nil {
      plan.wrapping = { () throws(LoadFault) in
        try Self.made { () throws(Failure) in try BenchSealer(self, stop: stop) }
      }
    }
    if try BenchOpener(self, stop: stop) != nil {
      plan.unwrapping = { () throws(LoadFault) in
        try Self.made { () throws(Failure) in try BenchOpener(self, stop: stop) }
      }
    }
  }

  /// - Throws: when a key that was read before cannot be read again.
  private static func made<Wrapper>(
    _ wrapper: () throws(Failure) -> Wrapper?
  ) throws(LoadFault) -> Wrapper {
    do throws(Failure) { if let wrapper = try wrapper() { return wrapper } } catch {
      throw .impossible(error.text)
    }
    throw .impossible("there is no key any more")
  }
}
