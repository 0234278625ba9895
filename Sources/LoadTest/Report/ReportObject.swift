import Rendering

/// An object within a report, and the way to it, for messages.
struct ReportObject {
  private let json: JSONValue
  private let path: String

  init(_ json: JSONValue, _ path: String) {
    self.json = json
    self.path = path
  }

  /// Doubles hold whole numbers up to here.
  private static let largest: Double = 9_007_199_254_740_992

  private func fault(_ name: String, _ problem: String) -> ReportFault {
    ReportFault("'\(path)\(name)' \(problem)")
  }

  func count(_ name: String, orElse other: Int64? = nil) throws(ReportFault) -> Int64 {
    if json[name] == nil, let other { return other }
    guard case .integer(let number)? = json[name], number >= 0, Double(number) <= Self.largest
    else { throw fault(name, "is no count") }
    return number
  }

  func number(_ name: String) throws(ReportFault) -> Double {
    switch json[name] {
    case .integer(let number)? where number >= 0: return Double(number)
    case .real(let number)? where number >= 0 && number <= Self.largest: return number
    default: throw fault(name, "is no number from 0 on")
    }
  }

  func nanoseconds(_ name: String, scale: Double) throws(ReportFault) -> Int64 {
    let nanoseconds = (try number(name) * scale).rounded()
    if nanoseconds > Self.largest { throw fault(name, "is too long") }
    return Int64(nanoseconds)
  }

  func text(_ name: String) throws(ReportFault) -> String {
    guard let text = try text(name, orElse: nil) else { throw fault(name, "is missing") }
    return text
  }

  func text(_ name: String, orElse other: String?) throws(ReportFault) -> String? {
    switch json[name] {
    case .string(let text)?: return text
    case nil: return other
    default: throw fault(name, "is no string")
    }
  }

  func object(_ name: String) throws(ReportFault) -> ReportObject {
    guard let object = try optionalObject(name) else { throw fault(name, "is missing") }
    return object
  }

  func optionalObject(_ name: String) throws(ReportFault) -> ReportObject? {
    guard let value = json[name] else { return nil }
    guard case .object = value else { throw fault(name, "is no object") }
    return ReportObject(value, "\(path)\(name).")
  }

  func objects(_ name: String) throws(ReportFault) -> [ReportObject] {
    guard case .array(let elements)? = json[name] else { throw fault(name, "is no array") }
    return elements.enumerated().map { ReportObject($1, "\(path)\(name)[\($0)].") }
  }

  func texts(_ name: String) throws(ReportFault) -> [String] {
    guard case .array(let elements)? = json[name] else { throw fault(name, "is no array") }
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else { throw fault(name, "holds no strings") }
      texts.append(text)
    }
    return texts
  }

  /// All members, which are strings.
  func allTexts() throws(ReportFault) -> [String: String] {
    var texts: [String: String] = [:]
    for member in members { texts[member.name] = try text(member.name) }
    return texts
  }

  func counts(_ name: String) throws(ReportFault) -> [String: Int64] {
    let object = try object(name)
    var counts: [String: Int64] = [:]
    for member in object.members { counts[member.name] = try object.count(member.name) }
    return counts
  }

  func facts(_ name: String) throws(ReportFault) -> [Fact] {
    let object = try object(name)
    var facts: [Fact] = []
    for member in object.members {
      switch member.value {
      case .integer(let number): facts.append(Fact(member.name, number))
      case .real(let number): facts.append(Fact(member.name, number))
      case .string(let text): facts.append(Fact(member.name, text))
      case .bool(let isTrue): facts.append(Fact(member.name, isTrue ? "true" : "false"))
      case .null, .array, .object:
        throw object.fault(member.name, "is no number and no string")
      }
    }
    return facts
  }

  private var members: [JSONValue.Member] {
    guard case .object(let members) = json else { return [] }
    return members
  }
}
