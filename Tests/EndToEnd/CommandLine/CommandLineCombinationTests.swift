import Foundation
import TestSupport
import Testing

/// Options that are right alone and wrong together, properties, files.
@Suite("Options that do not fit together") struct CommandLineCombinationTests {
  static let conflicts: [WrongLine] = [
    WrongLine("no topic (#14)", "pub -m x", says: "topic is needed", "-t"),
    WrongLine("no message", "pub -t a", says: "message is needed", "-m"),
    WrongLine("no filter (#14)", "sub", says: "filter is needed", "-t"),
    WrongLine("-m with -f", "pub -t a -m x -f y", says: "-m, -f"),
    WrongLine("-l with -n", "pub -t a -l -n", says: "-l"),
    WrongLine("-m twice", "pub -t a -m x -m y", says: "-m"),
    WrongLine("--repeat with -l", "pub -t a -l --repeat 2", says: "--repeat", "-l"),
    WrongLine("-S with -p", "sub -t a -S", says: "-S", "-p"),
    WrongLine("-S with --unix", "sub -t a -S --unix /x", says: "-S", "--unix"),
    WrongLine("-i with -I", "sub -t a -i x -I y", says: "-i", "-I"),
    WrongLine("empty client identifier (#30)", "sub -t a -c -i ''", says: "-i", "empty"),
    WrongLine("-c without -i (#30)", "sub -t a -c", says: "-c", "-i"),
    WrongLine("-x for ever without -i", "sub -t a -x -1", says: "-i"),
    WrongLine("-P without -u in 3.1.1 (#31)", "pub -t a -m x -P p", says: "-P", "-u"),
    WrongLine("-P without -u in 3.1 (#31)", "sub -t a -V 31 -P p", says: "-P", "-u"),
    WrongLine(
      "--will-payload without a topic (#34)", "pub -t a -m x --will-payload p",
      says: "--will-payload", "--will-topic"),
    WrongLine(
      "--will-retain without a topic (#34 #35)", "pub -t a -m x --will-retain",
      says: "--will-retain", "--will-topic"),
    WrongLine(
      "--will-qos without a topic (#34 #35)", "sub -t a --will-qos 1",
      says: "--will-qos", "--will-topic"),
    WrongLine(
      "-D will without a topic (#34)", "sub -t a -D will content-type x", says: "--will-topic"),
    WrongLine(
      "--retained-only with -R", "sub -t a -R --retained-only", says: "--retained-only", "-R"),
    WrongLine(
      "--no-local with $share (#13)", "sub -V 5 -t $share/g/a --no-local",
      says: "--no-local", "$share/g/a"),
    WrongLine(
      "properties with -V 311", "sub -t a -D connect user-property a b -V 311", says: "-V 5"),
    WrongLine(
      "24 characters of client identifier in 3.1 (#39)",
      "sub -V 31 -t a -i aaaaaaaaaaaaaaaaaaaaaaaa", says: "3.1", "23"),
    WrongLine(
      "prefix and process id above 23 characters in 3.1 (#39)",
      "sub -V 31 -t a -I aaaaaaaaaaaaaaaaaaaaaaa", says: "3.1", "23"),
    WrongLine(
      "-D disconnect session expiry after none in CONNECT (#48)",
      "sub -t a -D disconnect session-expiry-interval 5", says: "session"),
    WrongLine(
      "-D disconnect session expiry after -x 0 (#48)",
      "pub -t a -m x -x 0 -D disconnect session-expiry-interval 5", says: "session"),
    WrongLine(
      "authentication data without a method (#45)",
      "sub -t a -D connect authentication-data x", says: "authentication-method"),
    WrongLine(
      "payload format 1 and no UTF-8 (#19)", "pub",
      words("-t", "a", "-D", "publish", "payload-format-indicator", "1", "-m", [0xff] as [UInt8]),
      says: "payload-format-indicator"),
    WrongLine(
      "payload format 1 and a will that is no UTF-8 (#19)", "sub",
      words(
        "-t", "a", "--will-topic", "w", "--will-payload", [0xff] as [UInt8], "-D", "will",
        "payload-format-indicator", "1"), says: "payload-format-indicator"),
  ]

  static let properties: [WrongLine] =
    [
      WrongLine("wrong packet", "pub -t a -m x -D frobnicate x y", says: "-D", "'frobnicate'"),
      WrongLine("wrong name", "pub -t a -m x -D publish frobnicate x", says: "-D", "'frobnicate'"),
      WrongLine(
        "packet without the rest", "pub -t a -m x -D publish", says: "-D", "NAME"),
      WrongLine(
        "name without a value", "pub -t a -m x -D publish content-type", says: "-D", "VALUE"),
      WrongLine(
        "user property without a value", "pub -t a -m x -D publish user-property a",
        says: "-D", "VALUE"),
      WrongLine(
        "topic alias in CONNECT", "sub -t a -D connect topic-alias 5", says: "topic-alias",
        "connect"),
      WrongLine(
        "subscription identifier in PUBLISH (#20)",
        "pub -t a -m x -D publish subscription-identifier 1", says: "-D", "subscription-identifier"),
      WrongLine(
        "server reference in DISCONNECT", "sub -t a -D disconnect server-reference x",
        says: "server-reference"),
    ]
    + ranges.flatMap { name, line, property, values in
      values.map {
        WrongLine(
          "\(name) \($0)", "\(line) -D \(property) \($0)",
          says: "-D", String(property.split(separator: " ")[1]), $0)
      }
    }

  private static let ranges: [(String, String, String, [String])] = [
    ("topic alias (#21)", "pub -t a -m x", "publish topic-alias", ["0", "65536", "x"]),
    (
      "subscription identifier (#20)", "sub -t a", "subscribe subscription-identifier",
      ["0", "268435456", "-1", "x"]
    ),
    ("receive maximum", "sub -t a", "connect receive-maximum", ["0", "65536"]),
    ("topic alias maximum", "sub -t a", "connect topic-alias-maximum", ["65536", "-1"]),
    ("maximum packet size", "sub -t a", "connect maximum-packet-size", ["0", "4294967296"]),
    ("request problem information", "sub -t a", "connect request-problem-information", ["2"]),
    ("payload format", "pub -t a -m x", "publish payload-format-indicator", ["2", "-1", "''"]),
    ("message expiry", "pub -t a -m x", "publish message-expiry-interval", ["4294967296", "x"]),
    ("will delay", "pub -t a -m x --will-topic w", "will will-delay-interval", ["4294967296"]),
    ("session expiry", "sub -t a", "connect session-expiry-interval", ["4294967296", "x"]),
  ]

  static let places: [WrongLine] = [
    WrongLine("empty host", "pub -t a -m x -h ''", says: "-h", "''"),
    WrongLine(
      "space in a host", "pub", words("-t", "a", "-m", "x", "-h", "a b"), says: "-h", "'a b'"),
    WrongLine("empty socket path", "pub -t a -m x --unix ''", says: "--unix"),
    WrongLine("empty local address", "pub -t a -m x -A ''", says: "-A"),
    WrongLine("URL of another kind", "pub -m x -L http://h/a", says: "-L", "http"),
    WrongLine("URL without a scheme", "pub -m x -L h/a", says: "-L", "mqtt://"),
    WrongLine("URL without a host", "pub -m x -L mqtt:///a", says: "-L", "host"),
    WrongLine("URL with port 0", "pub -m x -L mqtt://h:0/a", says: "-L", "port"),
    WrongLine("URL with port 65536", "pub -m x -L mqtt://h:65536/a", says: "-L", "port"),
    WrongLine(
      "URL with a line break in the host", "pub -m x -L mqtt://a%0Ab/t", says: "-L", "a\\x0ab"),
    WrongLine(
      "URL with a null character in the host", "pub -m x -L mqtt://127.0.0.1%00.x/t", says: "-L"),
    WrongLine("URL with a host that is not UTF-8", "sub -L mqtt://%ff/t", says: "-L", "\\xff"),
    WrongLine("URL whose topic is a filter", "pub -m x -L mqtt://h/a/%23", says: "-L", "'a/#'"),
    WrongLine("URL whose topic is no filter", "sub -L mqtt://h/$share/x", says: "-L", "$share/x"),
    WrongLine(
      "--eager with enhanced authentication (#46)",
      "pub -t a -m x --eager -D connect authentication-method m", says: "--eager"),
    WrongLine(
      "a line break in a path", "sub", words("-t", "a", "--unix", "/no/a\nb"),
      says: "/no/a\\nb: no such file"),
    WrongLine(
      "URL with a mark of writing in the port", "pub",
      words("-m", "x", "-L", "mqtt://h:1\u{301}/a"),
      says: "-L", "port"),
    WrongLine("URL with half an escape", "pub -m x -L mqtt://h/a%4", says: "-L", "%"),
    WrongLine("URL with %ff in the user name (#1)", "sub -L mqtt://%ff@h/a", says: "-L", "\\xff"),
    WrongLine("file that is not there", "pub -t a -f /proc/none/x", says: "/proc/none/x"),
    WrongLine("folder as a file", "pub -t a -f /", says: "/"),
    WrongLine("empty file name", "pub -t a -f ''"),
  ]

  @Test(arguments: conflicts) func refuseConflicts(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: properties) func refuseProperties(_ row: WrongLine) throws { try row.check() }
  @Test(arguments: places) func refusePlaces(_ row: WrongLine) throws { try row.check() }

  @Test(
    "the password in a wrong URL is not shown",
    arguments: ["mqtt://u:secret@h:0/a", "u:secret@host://x", "u:secret@h"])
  func password(_ url: String) throws {
    let result = try Program.run(["pub", "-m", "x", "-L", url])
    #expect(result.ending == .exited(1))
    #expect(!result.errors.contains("secret"), "\(result.errors)")
  }
}
