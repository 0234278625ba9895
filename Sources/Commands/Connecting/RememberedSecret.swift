import Transport

/// A secret that is asked for when it is needed, and once: a person should not be asked at every
/// reconnect.
final class RememberedSecret {
  private var kept: [UInt8]?

  init() {}

  func value(
    _ ask: () throws(TransportError) -> [UInt8]
  ) throws(TransportError) -> [UInt8] {
    if let kept { return kept }
    let answer = try ask()
    kept = answer
    return answer
  }
}
