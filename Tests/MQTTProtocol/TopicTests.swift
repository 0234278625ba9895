import MQTTProtocol
import Testing

@Suite("Topic names and filters, MQTT 5 §4.7 and §4.8.2") struct TopicTests {
  @Test(arguments: [
    "a", "/", "//", "/a", "a/", "a//b", "sport/tennis/player1", "$SYS/x", "$", " ", "a b/é",
    "$share",
    "ACCOUNTS", "Accounts payable", "$share/g/t",
  ])
  func goodName(_ name: String) throws {
    #expect(try TopicName([UInt8](name.utf8)).description == name)
  }

  static let badNames: [(String, TopicName.Fault)] = [
    ("", .empty), ("+", .wildcard), ("#", .wildcard), ("a/+/b", .wildcard), ("a/#", .wildcard),
    ("a+", .wildcard), ("#a", .wildcard), ("a\u{0}", .string(.nullCharacter)),
  ]

  @Test("[MQTT-4.7.3-1] (#7), [MQTT-3.3.2-2] (#8), U+0000 (#2)", arguments: badNames)
  func badName(_ name: String, _ fault: TopicName.Fault) {
    #expect(throws: fault) { try TopicName([UInt8](name.utf8)) }
  }

  @Test(arguments: [
    "a", "/", "//", "#", "+", "/#", "/+", "+/", "+/+", "+/#", "a/#", "a/+", "a/+/b", "+/tennis/#",
    "sport/tennis/player1/#", "sport/+/player1", "$SYS/#", "$SYS/monitor/+", "a//#", "$share",
    "$shared/g", "$share/g/a", "$share/g/#", "$share/g/+/a", "$share/g//", "$share/g/$SYS/#",
    "$share/$share/a", "$Share/+/#",
  ])
  func goodFilter(_ filter: String) throws {
    #expect(try TopicFilter([UInt8](filter.utf8)).description == filter)
  }

  static let badFilters: [(String, TopicFilter.Fault)] = [
    ("", .empty), ("a\u{0}", .string(.nullCharacter)),
    ("sport/tennis#", .multiLevelWildcard), ("sport/tennis/#/ranking", .multiLevelWildcard),
    ("##", .multiLevelWildcard), ("#/", .multiLevelWildcard), ("#a", .multiLevelWildcard),
    ("/#/", .multiLevelWildcard), ("sport+", .singleLevelWildcard), ("+a", .singleLevelWildcard),
    ("++", .singleLevelWildcard), ("a/+b/c", .singleLevelWildcard), ("a/b+", .singleLevelWildcard),
    ("+#", .singleLevelWildcard), ("$share/", .share), ("$share//", .share), ("$share//a", .share),
    ("$share/g", .share), ("$share/g/", .share), ("$share/+/a", .share), ("$share/#/a", .share),
    ("$share/g+/a", .share), ("$share/g#", .share), ("$share/g/a#", .multiLevelWildcard),
    ("$share/g/a+", .singleLevelWildcard), ("$share/g/#/a", .multiLevelWildcard),
  ]

  @Test(
    "[MQTT-4.7.1-1] (#9), [MQTT-4.7.1-2] (#10), [MQTT-4.8.2-1] (#11), [MQTT-4.8.2-2] (#12)",
    arguments: badFilters)
  func badFilter(_ filter: String, _ fault: TopicFilter.Fault) {
    #expect(throws: fault) { try TopicFilter([UInt8](filter.utf8)) }
  }

  @Test func tellsSharedAndWildcards() throws {
    for (filter, isShared, hasWildcard) in [
      ("a", false, false), ("a/+", false, true), ("#", false, true), ("$share/g/a", true, false),
      ("$share/g/+", true, true), ("$shared/g/a", false, false),
    ] {
      let parsed = try TopicFilter([UInt8](filter.utf8))
      #expect(parsed.isShared == isShared, "\(filter)")
      #expect(parsed.hasWildcard == hasWildcard, "\(filter)")
    }
  }

  /// The examples of §4.7.1.2, §4.7.1.3, §4.7.2 and §4.8.2, and the edges between them.
  static let matching: [(String, String, Bool)] = [
    ("sport/tennis/player1/#", "sport/tennis/player1", true),
    ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
    ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
    ("sport/tennis/player1/#", "sport/tennis/player11", false),
    ("sport/#", "sport", true), ("#", "sport", true), ("#", "/", true),
    ("sport/tennis/+", "sport/tennis/player1", true),
    ("sport/tennis/+", "sport/tennis/player1/ranking", false),
    ("sport/+", "sport", false), ("sport/+", "sport/", true), ("sport/+", "sport//", false),
    ("+/+", "/finance", true), ("/+", "/finance", true), ("+", "/finance", false),
    ("+/tennis/#", "sport/tennis", true), ("+/tennis/#", "sport/tennis/", true),
    ("#", "$SYS/monitor", false), ("+/monitor/Clients", "$SYS/monitor/Clients", false),
    ("$SYS/#", "$SYS/monitor", true), ("$SYS/#", "$SYS", true),
    ("$SYS/monitor/+", "$SYS/monitor/Clients", true), ("+", "$", false), ("+/#", "$SYS", false),
    ("/#", "/$SYS", true), ("a/#", "a/$b", true), ("a/+", "a/$b", true), ("$", "$", true),
    ("ACCOUNTS", "Accounts", false), ("/finance", "finance", false), ("finance/", "finance", false),
    ("a//b", "a/b", false), ("a//b", "a//b", true), ("a/+/b", "a//b", true), ("a/#", "ab", false),
    ("a/b", "a", false), ("a", "a/b", false), ("a/+/c/#", "a/b/c", true), ("é", "e\u{301}", false),
    ("$share/g/sport/#", "sport", true), ("$share/g/sport/#", "$share/g/sport", false),
    ("$share/g/#", "$SYS/monitor", false), ("$share/g/$SYS/#", "$SYS/monitor", true),
    ("$share/g/+", "/a", false), ("$share/g//a", "/a", true),
  ]

  @Test("[MQTT-4.7.2-1]", arguments: matching)
  func matches(_ filter: String, _ topic: String, _ expected: Bool) throws {
    let parsed = try TopicFilter([UInt8](filter.utf8))
    #expect([UInt8](topic.utf8).withUnsafeBytes { parsed.matches($0) } == expected)
  }
}
