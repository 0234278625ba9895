import Foundation
import TestSupport
import Testing

/// `-F` from the command line to the output, beside mosquitto_sub's.
@Suite("-F at a broker") struct FormatTests {
  let broker: Mosquitto
  let topic = Shared.name("format/")

  init() throws { broker = try Shared.broker.get() }

  @Test("what mosquitto_sub prints, where the two mean the same", arguments: ["311", "5"])
  func same(_ version: String) throws {
    let format =
      #"%t|%-12t|%12.3t|%p|%9p|%09p|%-9p|%l|%5l|%05l|%-5l|%m|%q|%r|%x|%X|%C|%E|%P|%R|%S|%F|%D|"#
      + #"%4A|%03E|@@ @%|\\ \t\a\e"#
    let words = ["-V", version, "-t", topic, "-q", "2", "-C", "2", "-F", format]
    let subscribers = try Client.allCases.map { try broker.subscriber($0, words) }
    var properties: [String] = []
    for (name, value) in [
      ("content-type", "text/plain"), ("message-expiry-interval", "100"), ("response-topic", "a/b"),
      ("correlation-data", "id"), ("payload-format-indicator", "1"),
    ] {
      properties += ["-D", "publish", name, value]
    }
    properties += ["-D", "publish", "user-property", "key", "value"]
    try broker.publish(
      .apus, (version == "5" ? properties : []) + ["-t", topic, "-q", "2", "-m", "message"])
    try broker.publish(.apus, ["-t", topic, "-q", "2", "-m", "again"])
    let outputs = try subscribers.map { try $0.text() }
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0].hasPrefix("\(topic)|"))
  }

  @Test("JSON of messages that are JSON; the others are told and passed over") func json() throws {
    let subscriber = try broker.subscriber(
      .apus, ["-t", topic, "-F", "%J", "-C", "2"])
    try broker.publish(.apus, ["-t", topic, "-m", "no"])
    try broker.publish(.apus, ["-t", topic, "-m", #"{"a": [1, 2]}"#])
    let lines = try subscriber.text().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines[1] == "")
    #expect(lines[0].hasSuffix(#","payload":{"a":[1,2]}}"#))
    expectOneLine(subscriber.errorText, from: "sub")
    #expect(subscriber.errorText.contains("\(topic): ") && subscriber.errorText.contains("JSON"))
  }

  static let wrong = [
    WrongLine("no specifier", "sub -t a -F %Z", says: "-F", "'%Z'", "'Z'"),
    WrongLine("half a specifier", "sub -t a -F %0", says: "-F", "'%0'", "incomplete"),
    WrongLine("no escape", "sub -t a -F \\q", says: "-F", "'\\q'"),
    WrongLine("a width out of all reason", "sub -t a -F %99999p", says: "-F", "9999"),
    WrongLine("-F in pub", "pub -t a -m x -F %p", says: "-F", "apus sub"),
  ]

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }
}
