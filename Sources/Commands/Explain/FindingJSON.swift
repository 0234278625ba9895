// `apus tls --json`: a line for each server; its members are documented in apus-tls(1).

import MQTTProtocol
import Rendering
import Transport

extension Finding {
  func json(_ connection: Settings.Connection) -> JSONValue {
    let session = report?.session
    let agreed = session.map { String(decoding: $0.applicationProtocol, as: UTF8.self) } ?? ""
    let chain = report?.certificates.map(Self.certificate) ?? []
    let status = report?.checks.first { $0.name == "OCSP" }
    return .object([
      .init("address", .string("\(endpoint)")),
      .init("tls", .bool(report != nil)),
      .init("protocol", .text(session?.version)),
      .init("cipher", .text(session?.cipher)),
      .init("group", .text(session?.group)),
      .init("alpn", .text(agreed)),
      .init("resumed", session.map { .bool($0.wasResumed) } ?? .null),
      .init("resumable", isResumable.map { .bool($0) } ?? .null),
      .init("verification", verification),
      .init("checks", .array(report?.checks.map { $0.json(named: true) } ?? [])),
      .init("ocsp", status?.json(named: false) ?? .null),
      .init("chain", .array(chain)),
      .init("connack", connAck?.json(connection, clientID: clientID) ?? .null),
      .init("error", .text(failure)),
    ])
  }

  /// The first check that failed, else the first, which is the one that others rest on.
  private var verification: JSONValue {
    let checks = report?.checks ?? []
    let telling = checks.first { $0.result.word == "failed" } ?? checks.first
    return telling?.json(named: false) ?? .null
  }

  private static func certificate(_ certificate: CertificateDetails) -> JSONValue {
    .object([
      .init("subject", .string(certificate.subject)),
      .init("issuer", .string(certificate.issuer)),
      .init("names", .array(certificate.names.map { .string($0) })),
      .init("not_before", .text(certificate.validFrom)),
      .init("not_after", .text(certificate.validUntil)),
      .init("days_left", .integer(Int64(certificate.daysLeft))),
      .init("pin", .text(certificate.pin)),
    ])
  }
}

extension TLSReport.Check {
  fileprivate var result: (word: String, reason: String) {
    switch outcome {
    case .passed(let why): ("passed", why)
    case .failed(let why): ("failed", why)
    case .left(let why): ("skipped", why)
    }
  }

  fileprivate func json(named isNamed: Bool) -> JSONValue {
    let name: [JSONValue.Member] = isNamed ? [.init("name", .string(name.lowercased()))] : []
    return .object(
      name + [.init("result", .string(result.word)), .init("reason", .string(result.reason))])
  }
}

extension ConnAck {
  /// What the server said, and MQTT 5's default where it said nothing (MQTT 5 §3.2.2.3).
  fileprivate func json(_ connection: Settings.Connection, clientID: UTF8String) -> JSONValue {
    let version = connection.version
    var members: [JSONValue.Member] = [
      .init("mqtt", .string("\(version)")),
      .init("accepted", .bool(isAccepted)),
      .init("code", .integer(Int64(code))),
      .init("reason", .string(ConnAck.text(code: code, version))),
    ]
    if isAccepted {
      let keepAlive = properties.number(.serverKeepAlive) ?? UInt32(connection.keepAlive)
      members += [
        .init("session_present", .bool(sessionPresent)),
        .init("client_id", .string("\(clientID)")),
        .init("keep_alive", .integer(Int64(keepAlive))),
      ]
    }
    if version == .v5 { members += texts + (isAccepted ? limits : []) }
    return .object(members)
  }

  private var texts: [JSONValue.Member] {
    ConnAckName.texts.map { name in
      .init(name.member, .text(properties.string(name.id).map { "\($0)" }))
    }
  }

  private var limits: [JSONValue.Member] {
    let numbers: [(String, PropertyID, Int64?)] = [
      ("session_expiry", .sessionExpiryInterval, nil), ("maximum_qos", .maximumQoS, 2),
      ("receive_maximum", .receiveMaximum, 65_535),
      ("maximum_packet_size", .maximumPacketSize, nil),
      ("topic_alias_maximum", .topicAliasMaximum, 0),
    ]
    return numbers.map { name, id, standard in
      let number = properties.number(id).map { Int64($0) } ?? standard
      return .init(name, number.map { .integer($0) } ?? .null)
    }
      + ConnAckName.services.map { name in
        .init(name.member, .bool(properties.flag(name.id, default: true)))
      }
  }
}

extension JSONValue {
  /// Null for none, and for an empty one.
  fileprivate static func text(_ text: String?) -> JSONValue {
    guard let text, !text.isEmpty else { return .null }
    return .string(text)
  }
}
