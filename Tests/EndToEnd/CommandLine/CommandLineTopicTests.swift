import Foundation
import TestSupport
import Testing

/// Topics, filters and strings that MQTT does not allow.
@Suite("Topics and strings that are refused before sending") struct CommandLineTopicTests {
  static let topics: [WrongLine] = [
    WrongLine("empty topic (#7)", "pub -m x -t ''", says: "-t", "topic cannot be empty"),
    WrongLine("'+' in a topic (#8)", "pub -m x -t a/+", says: "-t", "'a/+'"),
    WrongLine("'#' in a topic (#8)", "pub -m x -t a/#", says: "-t", "'a/#'"),
    WrongLine("'+' within a level of a topic (#8)", "pub -m x -t a+b", says: "-t", "'a+b'"),
    WrongLine(
      "'#' in a will topic (#8)", "pub -m x -t a --will-topic w/#", says: "--will-topic", "'w/#'"),
    WrongLine(
      "empty will topic (#7)", "sub -t a --will-topic ''", says: "--will-topic", "will topic"),
    WrongLine(
      "wildcard in a response topic (#17)",
      "pub -m x -t a -D publish response-topic r/+", says: "-D", "'r/+'"),
    WrongLine(
      "empty response topic (#17)", "pub -m x -t a -D publish response-topic ''", says: "-D"),
    WrongLine(
      "wildcard in the will's response topic (#17)",
      "pub -m x -t a --will-topic w -D will response-topic #", says: "-D", "'#'"),
    WrongLine("wildcard in a URL's topic (#8)", "pub -m x -L mqtt://127.0.0.1/a/+", says: "topic"),
    WrongLine("bad filter in a URL (#9)", "sub -L mqtt://127.0.0.1/a%23", says: "-L", "'a#'"),
  ]

  private static let wrongFilters: [(String, String)] = [
    ("''", "empty filter (#7)"), ("a#", "'#' not after '/' (#9)"), ("a/#/b", "'#' not last (#9)"),
    ("##", "'#' twice (#9)"), ("#/", "'#' before '/' (#9)"), ("+a", "'+' before a letter (#10)"),
    ("a+", "'+' after a letter (#10)"), ("a/b+/c", "'+' in a level (#10)"),
    ("++", "'+' twice (#10)"), ("+#", "'+' and '#' in a level (#9)"),
    ("$share/", "no ShareName (#11)"), ("$share//x", "empty ShareName (#11)"),
    ("$share/a", "ShareName without a filter (#12)"),
    ("$share/a/", "ShareName with an empty filter (#12)"),
    ("$share/a+b/x", "'+' in a ShareName (#12)"), ("$share/a#/x", "'#' in a ShareName (#12)"),
    ("$share/+/x", "'+' as a ShareName (#12)"), ("$share/a/b#", "bad filter behind it (#9)"),
  ]

  static let filters: [WrongLine] = wrongFilters.flatMap { filter, name in
    [
      WrongLine("\(name), -t", "sub -t \(filter)", says: "-t", filter == "''" ? "empty" : filter),
      WrongLine("\(name), -U (#15)", "sub -t a -U \(filter)", says: "-U"),
      WrongLine("\(name), -T", "sub -t a -T \(filter)", says: "-T"),
    ]
  }

  /// Ill-formed in a way of its own each: lone bytes, cut, overlong, surrogate, above U+10FFFF.
  static let illFormed: [[UInt8]] = [
    [0xff], [0x80], [0x61, 0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
  ]

  nonisolated(unsafe) private static let places:
    [(String, String, String, ([UInt8]) -> [[UInt8]])] = [
      ("topic (#1)", "pub", "-t", { words("-m", "x", "-t", $0) }),
      (
        "will topic (#1)", "pub", "--will-topic",
        { words("-m", "x", "-t", "a", "--will-topic", $0) }
      ),
      ("client identifier (#1 #37)", "pub", "-i", { words("-m", "x", "-t", "a", "-i", $0) }),
      ("identifier's prefix (#1 #37)", "sub", "-I", { words("-t", "a", "-I", $0) }),
      ("user name (#1 #37)", "sub", "-u", { words("-t", "a", "-u", $0) }),
      ("filter (#1)", "sub", "-t", { words("-t", $0) }),
      ("filter to leave (#1)", "sub", "-U", { words("-U", $0) }),
      (
        "user property's name (#5)", "pub", "-D",
        { words("-t", "a", "-m", "x", "-D", "publish", "user-property", $0, "v") }
      ),
      (
        "user property's value (#5)", "sub", "-D",
        { words("-t", "a", "-D", "connect", "user-property", "n", $0) }
      ),
      (
        "content type (#18)", "pub", "-D",
        { words("-t", "a", "-m", "x", "-D", "publish", "content-type", $0) }
      ),
      (
        "response topic (#17)", "pub", "-D",
        { words("-t", "a", "-m", "x", "-D", "publish", "response-topic", $0) }
      ),
    ]

  static let strings: [WrongLine] = illFormed.flatMap { bytes in
    let hexadecimal = bytes.map { String($0, radix: 16) }.joined(separator: " ")
    return places.map { name, command, option, words in
      WrongLine("bytes \(hexadecimal) in a \(name)", command, words(bytes), says: option, "\\x")
    }
  }

  private static let fields: [(String, String, [[UInt8]])] = [
    ("topic (#6)", "-t", words("-m", "x")), ("user name (#6)", "-u", words("-m", "x", "-t", "a")),
    ("password (#6)", "-P", words("-m", "x", "-t", "a", "-u", "u")),
    ("client identifier (#6)", "-i", words("-m", "x", "-t", "a")),
    ("will topic (#6)", "--will-topic", words("-m", "x", "-t", "a")),
    ("will payload (#6)", "--will-payload", words("-m", "x", "-t", "a", "--will-topic", "w")),
  ]

  static let tooLong: [WrongLine] =
    fields.flatMap { name, option, start in
      [65_536, 100_000].map { count in
        WrongLine(
          "\(name) of \(count) bytes", "pub", start + words(option, long(count)),
          says: option, "\(count)")
      }
    }
    + ["content-type", "correlation-data"].map { property in
      WrongLine(
        "\(property) of 65536 bytes (#6)", "pub",
        words("-m", "x", "-t", "a", "-D", "publish", property, long(65_536)), says: "-D", "65536")
    } + [
      WrongLine(
        "filter of 65536 bytes (#6)", "sub", words("-t", long(65_536)), says: "-t", "65536"),
      WrongLine(
        "prefix that the process id makes too long (#6)", "sub",
        words("-t", "a", "-I", long(65_535)), says: "-I"),
      WrongLine(
        "null character from a URL (#2)", "pub -m x -L mqtt://127.0.0.1/a%00b", says: "-L", "null"),
    ]

  /// Control characters are refused in topics unless a flag allows them (#3).
  private static let characters: [(String, String)] = [
    ("U+0001", "a\u{1}"), ("newline", "a\nb"), ("delete", "\u{7f}"), ("U+0085", "a\u{85}"),
    ("U+FFFE", "a\u{fffe}"),
  ]

  static let controls: [WrongLine] = characters.flatMap { name, topic in
    [
      WrongLine(
        "\(name) in a topic (#3)", "pub", words("-m", "x", "-t", topic),
        says: "topic", "control characters", "--allow-control-characters"),
      WrongLine(
        "\(name) in a will topic (#3)", "pub", words("-m", "x", "-t", "a", "--will-topic", topic),
        says: "will topic", "control characters"),
      WrongLine(
        "\(name) in a property (#3)", "pub",
        words("-V", "5", "-m", "x", "-t", "a", "-D", "publish", "user-property", "k", topic),
        says: "-D publish user-property", "control characters", "--allow-control-characters"),
      WrongLine(
        "\(name) in a client identifier (#3)", "pub", words("-m", "x", "-t", "a", "-i", topic),
        says: "client identifier", "control characters", "--allow-control-characters"),
      WrongLine(
        "\(name) in a user name (#3)", "pub", words("-m", "x", "-t", "a", "-u", topic),
        says: "user name", "control characters", "--allow-control-characters"),
      WrongLine(
        "\(name) in a filter (#3)", "sub", words("-t", topic), says: "filter", "control characters"),
    ]
  }

  @Test(arguments: topics) func refuseTopics(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: filters) func refuseFilters(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: strings) func refuseStrings(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: tooLong) func refuseTooLong(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: controls) func refuseControls(_ row: WrongLine) throws { try row.check() }

  @Test("a flag allows control characters (#3)") func allowed() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      guard case .publish(let message) = try connection.receive() else {
        throw TestFailure("no PUBLISH")
      }
      if message.topic.bytes != [0x61, 0x01] { throw TestFailure("topic \(message.topic)") }
      _ = try connection.receive()
    }
    let result = try Program.run(
      ["pub"] + broker.address + ["--allow-control-characters", "-t", "a\u{1}", "-m", "x"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
  }
}

/// What a script found wrong.
struct TestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
