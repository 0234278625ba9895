/// Why a key does not do what it is asked for.
package struct KeyMisuse: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// What a key is asked for.
package enum KeyUse: Sendable {
  case seal, sign, open, verify

  /// - Throws: when the key is of another type, or lacks its secret half.
  package func check(_ key: Key) throws(KeyMisuse) {
    let name = key.type.name
    switch self {
    case .seal, .open:
      if !key.type.seals { throw KeyMisuse("is a key to sign with (\(name)), not to seal with") }
    case .sign, .verify:
      if key.type.seals { throw KeyMisuse("is a key to seal with (\(name)), not to sign with") }
    }
    switch self {
    case .sign, .open:
      if !key.isSecret { throw KeyMisuse("is only the public half of a key") }
    case .seal, .verify: break
    }
  }
}
