import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// A program that knows a method (`--auth-cmd`): lines of base64 both ways, as apus-auth(7) tells.
final class CommandAuthenticator: Authenticator {
  private let dialogue: CommandDialogue
  private let stop: StopSignals
  /// Of the whole run.
  private let deadline: Instant?
  private let patience: Duration
  /// Of the connection that is being made; later on each question has its own.
  private var limit: Instant?

  private static let option = "--auth-cmd"
  /// Data of no bytes, as SASL's protocols write it: an empty line means something else.
  private static let nothing = [UInt8(ascii: "=")]
  /// Behind an answer: the server has not shown yet who it is.
  private static let mark = Array(" unproven".utf8)
  private var isUnproven = false

  init(
    _ command: [UInt8], method: UTF8String, host: String, patience: Duration, until limit: Instant,
    deadline: Instant?, stop: StopSignals
  ) throws(TransportError) {
    dialogue = try CommandDialogue(
      command, for: Self.option,
      variables: ["MQTT_AUTH_METHOD=\(method)", "MQTT_AUTH_HOST=\(host)"])
    self.limit = limit
    self.deadline = deadline
    self.patience = patience
    self.stop = stop
  }

  func begin() throws(ClientFailure) -> [UInt8] { try ask([]) }

  func answer(_ challenge: [UInt8]) throws(ClientFailure) -> [UInt8] {
    try ask(challenge.isEmpty ? Self.nothing : Self.text(challenge))
  }

  func conclude(_ data: [UInt8]?) throws(ClientFailure) {
    if let data, !data.isEmpty, !dialogue.hasEndedWell { _ = try answer(data) }
    if isUnproven {
      throw .authentication(
        .untrusted(
          "the server says that authentication is over before the command of --auth-cmd has seen its proof"
        ))
    }
    limit = nil
  }

  private func ask(_ line: [UInt8]) throws(ClientFailure) -> [UInt8] {
    let own = MonotonicClock.now() + patience
    let limit = self.limit ?? deadline.map { min($0, own) } ?? own
    var answer: [UInt8]
    do throws(TransportError) {
      answer = try dialogue.ask(line, until: limit, stop: stop)
    } catch .interrupted(let signal) {
      throw .interrupted(signal: signal)
    } catch {
      throw .transport(error)
    }
    isUnproven = answer.suffix(Self.mark.count).elementsEqual(Self.mark)
    if isUnproven { answer.removeLast(Self.mark.count) }
    if answer.isEmpty || answer == Self.nothing { return [] }
    var decoded = ByteBuffer()
    guard answer.withUnsafeBytes({ decoded.append(decoding: $0) }),
      decoded.count <= UTF8String.maximumLength
    else { throw .transport(.command(option: Self.option, .notBase64)) }
    return decoded.array
  }

  private static func text(_ bytes: [UInt8]) -> [UInt8] {
    var text = ByteBuffer()
    bytes.withUnsafeBytes { text.append(base64: $0) }
    return text.array
  }
}
