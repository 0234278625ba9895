// Every property in every place: where it may stand with values at the ends of its range, and where
// it may not, twice, cut short, and out of range.

import MQTTProtocol

/// MQTT 5 §2.2.2 and the property sections of each packet.
enum PropertyRows {
  static let valid: [ValidRow] =
    pairs.flatMap { rule, place in
      rule.good.enumerated().map { number, value in
        place.valid("\(place), \(rule.id), value \(number + 1)", rule, [value])
      }
    }
    + twice.filter(\.repeats).map { rule, place, _ in
      place.valid("\(place), \(rule.id) twice (§2.2.2.2)", rule, [rule.good[0], rule.good[0]])
    }

  static let malformed: [MalformedRow] = misplaced + repeated + outOfRange + truncated + unknown

  private static let pairs = PropertyRule.all.flatMap { rule in
    PropertyContext.allCases.filter(rule.contexts.contains).map { (rule, $0) }
  }

  /// §2.2.2.2: only User Property repeats; §3.3.2.3.8: in PUBLISH, so does Subscription Identifier.
  private static let twice = pairs.map { rule, place in
    let repeats = rule.byte == 0x26 || rule.byte == 0x0b && place == .publish
    return (rule: rule, place: place, repeats: repeats)
  }

  private static let misplaced = PropertyRule.all.flatMap { rule in
    PropertyContext.allCases.filter { !rule.contexts.contains($0) }.map { place in
      MalformedRow(
        "\(place) may not have \(rule.id) (#59)", .v5,
        place.carry(rule, [rule.byte] + rule.good[0].bytes), .misplacedProperty(rule.id, place),
        0x81)
    }
  }

  /// Side by side, and with another property between them.
  private static let repeated = twice.filter { !$0.repeats }.flatMap { rule, place, _ in
    let once = [rule.byte] + rule.good[0].bytes
    return [("twice", []), ("twice around another", [0x26, 0, 0, 0, 0])].map { name, between in
      MalformedRow(
        "\(place), \(rule.id) \(name) (#60)", .v5, place.carry(rule, once + between + once),
        .repeatedProperty(rule.id), 0x82)
    }
  }

  private static let outOfRange = pairs.flatMap { rule, place in
    rule.bad.map { value in
      MalformedRow(
        "\(place), \(rule.id) with \(value.name)", .v5,
        place.carry(rule, [rule.byte] + value.bytes), value.error, value.code)
    }
  }

  private static let truncated = pairs.flatMap { rule, place in
    let value = rule.good.last!.bytes
    return value.indices.map { cut in
      MalformedRow(
        "\(place), \(rule.id) cut after \(cut) of \(value.count) bytes (#58)", .v5,
        place.carry(rule, [rule.byte] + value[..<cut]), .truncated, 0x81)
    }
  }

  private static let unknown = PropertyContext.allCases.flatMap { place in
    ([[0x00], [0x04], [0x2b], [0x7f], [0x81, 0x02]] as [[UInt8]]).map { identifier in
      let number = Int(identifier[0] & 0x7f) | (identifier.count > 1 ? 0x100 : 0)
      return MalformedRow(
        "\(place), property \(number), which does not exist (#59)", .v5,
        place.carry(nil, identifier + [0, 0, 0, 0]), .unknownProperty(number), 0x81)
    }
  }
}

extension PropertyContext {
  /// The least packet that holds these properties.
  fileprivate func carry(_ rule: PropertyRule?, _ properties: [UInt8]) -> [UInt8] {
    let method: [UInt8] = needsMethod(rule) ? [0x15, 0, 1, 0x6d] : []
    let all = block(method, properties)
    let level5 = field("MQTT") + [5]
    return switch self {
    case .connect: frame(0x10, level5, [2, 0, 60], all, field("c"))
    case .will:
      frame(
        0x10, level5, [6, 0, 60, 0], field("c"), all, field("w"), field(""))
    case .connAck: frame(0x20, [0, 0], all)
    case .publish: frame(0x30, field("t"), all)
    case .pubAck: frame(0x40, idBytes, [0], all)
    case .pubRec: frame(0x50, idBytes, [0], all)
    case .pubRel: frame(0x62, idBytes, [0], all)
    case .pubComp: frame(0x70, idBytes, [0], all)
    case .subscribe: frame(0x82, idBytes, all, field("f"), [0])
    case .subAck: frame(0x90, idBytes, all, [0])
    case .unsubscribe: frame(0xa2, idBytes, all, field("f"))
    case .unsubAck: frame(0xb0, idBytes, all, [0])
    case .disconnect: frame(0xe0, [0], all)
    case .auth: frame(0xf0, [0x18], all)
    }
  }

  fileprivate func valid(
    _ name: String, _ rule: PropertyRule, _ values: [PropertyRule.Good]
  ) -> ValidRow {
    let method = needsMethod(rule) ? [Property(.authenticationMethod, "m")!] : []
    return ValidRow(
      name, .v5, carry(rule, values.flatMap { [rule.byte] + $0.bytes }),
      packet(Properties(method + values.map(\.property))))
  }

  /// AUTH always needs an Authentication Method, CONNECT where it has Authentication Data.
  private func needsMethod(_ rule: PropertyRule?) -> Bool {
    rule?.byte != 0x15 && (self == .auth || rule?.byte == 0x16 && self == .connect)
  }

  private func packet(_ properties: Properties) -> Packet {
    let filter = try! TopicFilter("f")
    return switch self {
    case .connect: .connect(Connect(version: .v5, clientID: "c", properties: properties))
    case .will:
      .connect(
        Connect(version: .v5, clientID: "c", will: Will(topic: "w", properties: properties)))
    case .connAck: .connAck(ConnAck(properties: properties))
    case .publish: .publish(Publish(topic: "t", properties: properties))
    case .pubAck: .acknowledgement(Acknowledgement(.pubAck, id, .success, properties))
    case .pubRec: .acknowledgement(Acknowledgement(.pubRec, id, .success, properties))
    case .pubRel: .acknowledgement(Acknowledgement(.pubRel, id, .success, properties))
    case .pubComp: .acknowledgement(Acknowledgement(.pubComp, id, .success, properties))
    case .subscribe: .subscribe(Subscribe(id, [Subscription(filter)], properties))
    case .subAck: .subscriptionAck(SubscriptionAck(.subAck, id, [.grantedQoS0], properties))
    case .unsubscribe: .unsubscribe(Unsubscribe(id, [filter], properties))
    case .unsubAck: .subscriptionAck(SubscriptionAck(.unsubAck, id, [.success], properties))
    case .disconnect: .disconnect(Disconnect(.normalDisconnection, properties))
    case .auth: .auth(Auth(.continueAuthentication, properties))
    }
  }
}
