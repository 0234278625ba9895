import MQTTProtocol
import OptionTable
import SASL

/// How to authenticate beyond user name and password.  MQTT 5 §4.12.
enum AuthenticationMethod: Hashable, Sendable {
  case scram(SCRAMHash, isBound: Bool)
  /// One that a program knows.
  case other

  /// - Parameter name: as IANA lists SASL's methods.
  init(_ name: UTF8String) {
    let found = SCRAMHash.allCases.first { name.description.hasPrefix("SCRAM-\($0.rawValue)") }
    switch found.map({ name.description.dropFirst("SCRAM-\($0.rawValue)".count) }) {
    case "": self = found.map { .scram($0, isBound: false) } ?? .other
    case "-PLUS": self = found.map { .scram($0, isBound: true) } ?? .other
    default: self = .other
    }
  }

  static var builtIn: [String] {
    [
      "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512",
      "SCRAM-SHA-512-PLUS",
    ]
  }
}

extension Settings {
  /// What was said about enhanced authentication.
  struct Authentication: Sendable {
    var method: UTF8String?
    /// For `/bin/sh -c`: answers challenges.
    var command: [UInt8]?
    /// Seconds between one authentication and the next.
    var interval: Double?

    /// SCRAM built in: the password is not sent.
    var usesSCRAM: Bool { command == nil && method != nil }
  }
}

extension Settings {
  /// - Throws: when options about authentication do not fit together.
  func checkAuthentication() throws(OptionError) {
    let asked = connection.authentication
    guard let method = asked.method else {
      if asked.command != nil { throw OptionError("--auth-cmd needs --auth-method") }
      if asked.interval != nil { throw OptionError("--reauth needs --auth-method") }
      return
    }
    if connection.version != .v5 { throw OptionError("--auth-method needs MQTT 5: -V 5") }
    if connection.isEager {
      throw OptionError("--eager does not go with --auth-method, which comes first")
    }
    let own = properties[.connect] ?? .none
    if own.contains(.authenticationMethod) || own.contains(.authenticationData) {
      throw OptionError(
        "--auth-method takes the place of -D connect authentication-method and authentication-data")
    }
    if asked.command != nil { return }
    let name = Argument(bytes: method.bytes).shown
    guard case .scram(_, let isBound) = AuthenticationMethod(method) else {
      throw OptionError(
        "--auth-method \(name) is none of \(AuthenticationMethod.builtIn.joined(separator: ", ")): "
          + "--auth-cmd names a program that knows it")
    }
    if connection.userName == nil || !connection.hasPassword {
      throw OptionError("--auth-method \(name) needs -u and -P (or --pw-file and its like)")
    }
    if isBound, !connection.usesTLS {
      throw OptionError("--auth-method \(name) binds to TLS 1.3, and there is no TLS: see --tls")
    }
  }
}
