import LoadTest
import MQTTProtocol
import MQTTSession
import Sealing
import Transport

/// `--seal` and `--sign` of a load.
final class BenchSealer: MessageWrapping {
  private let sealer: MessageSealer
  private let properties: Properties

  init(_ keys: SealingKeys, _ settings: Settings) throws(Failure) {
    sealer = try MessageSealer(keys, settings.connection.version)
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

  init(_ keys: OpeningKeys, _ settings: Settings) throws(Failure) {
    opener = try MessageOpener(keys, settings.sealing)
  }

  func unwrap(_ message: ReceivedMessage) throws(WrappingFault) -> ReceivedMessage {
    do throws(SealingFault) { return try opener.open(message) } catch {
      throw error == .replayed || error == .repeated ? .repeated : .spoiled
    }
  }
}

extension Settings {
  /// - Throws: when a key cannot be read or used; nobody has heard of the run then.
  func addSealing(to plan: inout LoadPlan, stop: StopSignals) throws(Failure) {
    if let keys = try SealingKeys(sealing, until: nil, stop: stop) {
      _ = try BenchSealer(keys, self)
      plan.wrapping = { () throws(LoadFault) in
        do throws(Failure) { return try BenchSealer(keys, self) } catch {
          throw .impossible(error.text)
        }
      }
    }
    if let keys = try OpeningKeys(sealing, until: nil, stop: stop) {
      _ = try BenchOpener(keys, self)
      plan.unwrapping = { () throws(LoadFault) in
        do throws(Failure) { return try BenchOpener(keys, self) } catch {
          throw .impossible(error.text)
        }
      }
    }
  }
}
