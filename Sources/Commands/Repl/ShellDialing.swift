// A way to a broker that is made while the shell goes on.

import MQTTClient
import Transport

/// Dials the servers of a round on a thread of its own.
///
/// Until it is done nobody else touches the `Connecting`; whoever gives up waiting for it makes a new one.
final class ShellDialing {
  private let errand: Errand<Outcome>

  private struct Outcome: @unchecked Sendable {
    let stream: Result<any ByteStream, ClientFailure>
  }

  /// Handed over to the thread, and back with the result.
  private struct Handed: @unchecked Sendable {
    let connecting: Connecting
  }

  init(_ connecting: Connecting) throws(TransportError) {
    let handed = Handed(connecting: connecting)
    errand = try Errand {
      Outcome(
        stream: Result { () throws(ClientFailure) in try handed.connecting.reachAnew() })
    }
  }

  deinit { if case .success(let stream)? = result { stream.close() } }

  /// What to wait on for the result.
  var watch: Watch { Watch(errand.descriptor, .readable) }

  private var isTaken = false
  private var result: Result<any ByteStream, ClientFailure>? {
    isTaken ? nil : errand.result?.stream
  }

  /// Nil while it is under way.
  func take() -> Result<any ByteStream, ClientFailure>? {
    defer { if errand.result != nil { isTaken = true } }
    return result
  }
}
