import Foundation
import TestSupport
import Testing

/// Words that are no option, options without their value, numbers that are none.
@Suite("Command lines that the grammar refuses") struct CommandLineGrammarTests {
  static let options: [WrongLine] = [
    WrongLine("unknown option, near one", "pub -t a -m x --retian", says: "--retian", "--retain"),
    WrongLine("unknown option, begin of one", "sub -t a --verb", says: "--verb", "--verbose"),
    WrongLine("unknown option, near none", "sub -t a --zzzzzz", says: "unknown", "--zzzzzz"),
    WrongLine("unknown letter", "sub -t a -Z", says: "unknown", "-Z"),
    WrongLine("unknown letter in a bundle", "sub -t a -vZ", says: "-Z", "-vZ"),
    WrongLine("long name with one dash", "pub -t a -m x -retain", says: "--retain"),
    WrongLine("sibling's letter", "sub -t a -l", says: "-l", "'apus pub'"),
    WrongLine(
      "sibling's long option", "pub -t a -m x --no-local", says: "--no-local", "'apus sub'"),
    WrongLine("value for a flag", "sub -t a --verbose=1", says: "--verbose", "no value"),
    WrongLine("stray argument", "pub -t a -m x stray", says: "'stray'"),
    WrongLine("stray argument after --", "sub -t a -- -v", says: "'-v'"),
    WrongLine("lone dash", "sub -t a -", says: "'-'"),
    WrongLine(
      "option that is not UTF-8", "pub", words("-t", "a", [0x2d, 0x2d, 0xff] as [UInt8]),
      says: "\\xff"),
    WrongLine(
      "stray escape sequence", "pub", words("-t", "a", "-m", "x", "\u{1b}[2J"), says: "\\x1b[2J"),
    WrongLine("stray newline", "pub", words("-t", "a", "a\nb"), says: "a\\x0ab"),
  ]

  private static let needy: [(String, String)] =
    [
      ("pub", "-h -p -L --unix -A --connect-timeout -u -P -V -q -i -I -x -k -M -D -W"),
      ("pub", "-t -m -f --repeat --repeat-delay --will-topic --will-payload --will-qos"),
      ("sub", "-t -U --retain-handling -C -T --random-filter -D -W --id --keepalive"),
    ]

  static let missing: [WrongLine] = needy.flatMap { command, options in
    options.split(separator: " ").map { option in
      WrongLine(
        "\(option) of \(command) without a value", "\(command) \(option)", says: "\(option)")
    }
  }

  private static let connectionNumbers: [(String, [String])] = [
    ("-p", ["0", "65536", "-1", "x", "''", "1883x", "0x10", "99999999999999999999"]),
    ("--connect-timeout", ["0", "-5", "86401", "0.0001", "x"]),
    ("-V", ["4", "3", "''", "mqttv4"]),
    ("-q", ["3", "-1", "x", "''", "256"]),
    ("-x", ["-2", "4294967296", "0xg", "x", "''"]),
    ("-k", ["-1", "65536", "1s", "''"]),
    ("-M", ["0", "-1", "65536", "x"]),
    ("-W", ["0", "-1", "2147483648", "x"]),
    ("--will-qos", ["3", "-1", "x"]),
  ]

  private static let publishNumbers: [(String, [String])] = [
    ("--repeat", ["0", "-1", "2147483648", "x", "1.5"]),
    ("--repeat-delay", ["-1", "nan", "inf", "x", "1000001", "-inf", "1e400"]),
  ]

  private static let subscribeNumbers: [(String, [String])] = [
    ("-C", ["0", "-1", "x", "9223372036854775808"]),
    ("--random-filter", ["0", "100.1", "nan", "-1", "x", "0.09"]),
    ("--retain-handling", ["sometimes", "''", "3"]),
  ]

  private static func rows(_ start: String, _ table: [(String, [String])]) -> [WrongLine] {
    table.flatMap { option, values in
      values.map { value in
        WrongLine(
          "\(option) \(value)", "\(start) \(option) \(value)",
          says: option, value == "''" ? "''" : "'\(value)'")
      }
    }
  }

  static let numbers: [WrongLine] =
    rows("pub -t a -m x --will-topic w", connectionNumbers)
    + rows("pub -t a -m x", publishNumbers) + rows("sub -t a", subscribeNumbers)

  @Test(arguments: options) func refuseOptions(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: missing) func refuseMissing(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: numbers) func refuseNumbers(_ row: WrongLine) throws { try row.check() }
}
