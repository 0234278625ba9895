import MQTTProtocol
import Rendering

/// A message whose bytes live as long as a test needs them.
struct Sample {
  var topic = Array("home/lamp".utf8)
  var payload = Array("message".utf8)
  var properties = Properties()
  var qos = QoS.atMostOnce
  var retain = false
  var packetID: UInt16 = 0

  init(_ change: (inout Sample) -> Void = { _ in }) { change(&self) }

  init(_ payload: String) { self.payload = Array(payload.utf8) }

  /// What a format makes of it.
  func shown(
    as format: String, isPretty: Bool = false, exposure: Exposure = .exact
  ) throws -> (bytes: [UInt8], problem: MessageFormat.Problem?) {
    var compiled = try MessageFormat(Array(format.utf8))
    compiled.isPretty = isPretty
    compiled.exposure = exposure
    var encoded = ByteBuffer()
    if !properties.isEmpty { properties.encode(into: &encoded) }
    let block = encoded.array
    var output = ByteBuffer()
    let problem = topic.withUnsafeBytes { topic in
      payload.withUnsafeBytes { payload in
        block.withUnsafeBytes { block in
          compiled.append(
            MessageParts(
              topic: topic, payload: payload, properties: block, qos: qos, retain: retain,
              packetID: packetID), to: &output)
        }
      }
    }
    return (output.array, problem)
  }

  func text(as format: String, isPretty: Bool = false) throws -> String {
    String(decoding: try shown(as: format, isPretty: isPretty).bytes, as: UTF8.self)
  }
}

func properties(_ entries: Property?...) -> Properties { Properties(entries.compactMap { $0 }) }
