import TestSupport
import Testing

/// Words of the command line that are no option, or have no value.
@Suite("Drop-in: arguments") struct DropInArgumentTests {
  /// The tools, the option, and how the complaint ends.
  static let missingValues: [(tools: String, options: String, says: String)] = [
    ("pub sub rr", "-A", "no address specified"),
    ("sub", "-C", "no count specified"),
    ("rr", "-e", "no response topic specified"),
    ("pub rr", "-f --file", "no file specified"),
    ("sub rr", "-F", "no format specified"),
    ("pub sub rr", "-h --host", "no host specified"),
    ("pub sub rr", "-i --id", "no id specified"),
    ("pub sub rr", "-I --id-prefix", "no id prefix specified"),
    ("pub sub rr", "-k --keepalive", "no keepalive specified"),
    ("pub sub rr", "-L --url", "no URL specified"),
    ("pub sub rr", "-M", "max_inflight not specified"),
    ("pub rr", "-m --message", "no message specified"),
    ("pub sub rr", "-o", "no options file specified"),
    ("pub sub rr", "-p --port", "no port specified"),
    ("pub sub rr", "-P --pw", "no password specified"),
    ("pub sub rr", "--proxy", "no proxy url specified"),
    ("pub sub rr", "-q --qos", "no QoS specified"),
    ("sub", "--random-filter", "no chance specified"),
    ("pub", "--repeat", "no count specified"),
    ("pub", "--repeat-delay", "no time specified"),
    ("sub rr", "--retain-handling", "no option specified"),
    ("pub sub rr", "-t --topic", "no topic specified"),
    ("sub", "-T --filter-out", "no topic filter specified"),
    ("pub sub rr", "-u --username", "no username specified"),
    ("sub", "-U --unsubscribe", "no unsubscribe topic specified"),
    ("pub sub rr", "--unix", "no socket path specified"),
    ("pub sub rr", "-V --protocol-version", "no version specified"),
    ("sub rr", "-W", "no timeout specified"),
    ("pub sub rr", "--will-payload", "no will payload specified"),
    ("pub sub rr", "--will-qos", "no will QoS specified"),
    ("pub sub rr", "--will-topic", "no will topic specified"),
    ("pub sub rr", "-x", "no session expiry interval specified"),
    ("pub sub rr", "--cafile --cert --key", "no file specified"),
    ("sub", "--tls-keylog", "no file specified"),
    ("pub sub rr", "--capath", "no directory specified"),
    ("pub sub rr", "--ciphers", "no ciphers specified"),
    ("pub sub rr", "--keyform", "no keyform specified"),
    ("pub sub rr", "--tls-alpn", "no protocol specified"),
    ("pub sub rr", "--tls-engine", "no engine_id specified"),
    ("pub sub rr", "--tls-engine-kpass-sha1", "no kpass sha1 specified"),
    ("pub sub rr", "--tls-version", "no version specified"),
    ("pub sub rr", "--psk", "no key specified"),
    ("pub sub rr", "--psk-identity", "no identity specified"),
    ("pub sub rr", "-D --property", "not enough arguments specified"),
  ]

  /// Complaints name the short option whatever was typed, but for two.
  static let missing: [ComplaintRow] = missingValues.flatMap { row in
    let options = row.options.split(separator: " ")
    return row.tools.split(separator: " ").flatMap { tool in
      options.map { option in
        let isAlike = options.count == 2
        var name = isAlike ? options[0] : option
        if name == "-V" || name == "-D" { name = options[1] }
        return ComplaintRow(
          ToolLine("\(tool) \(option)"), "\(name) argument given but \(row.says).")
      }
    }
  }

  @Test("a value is missing", arguments: missing)
  func missingValue(_ row: ComplaintRow) throws { try row.check() }

  static let unknown: [ComplaintRow] =
    [
      ("pub", "-C -e -E -F --latency --message-rate -N --pretty -R --random-filter"),
      ("pub", "--remove-retained --retain-as-published --retain-handling --retained-only"),
      ("pub", "-T --filter-out -U --unsubscribe -v --verbose -W -w --watch"),
      ("sub", "-f --file -l --stdin-line -m --message -n --null-message -r --retain -s"),
      ("sub", "--stdin-file --latency --repeat --repeat-delay -e"),
      ("rr", "-l -r --retain --message-rate --repeat --repeat-delay -C -E -U -T -w"),
      // Words are taken as they are.
      ("pub", "-S -z x --foo -vt --host=localhost -- - --insecurex -O --HOST -tx --no-retain"),
      ("sub", "-vt --topic=a -- - a --json --drop-in"),
      ("rr", "-vt --topic=a -- - a --any --serve"),
    ].flatMap { tool, options in
      options.split(separator: " ").map { option in
        ComplaintRow(ToolLine("\(tool) \(option) 1"), "Unknown option '\(option)'.")
      }
    }

  @Test("an option of another tool, or of none", arguments: unknown)
  func unknownOption(_ row: ComplaintRow) throws { try row.check() }

  static let incomplete: [ComplaintRow] = [
    .init("sub", "You must specify a topic to subscribe to (-t) or unsubscribe from (-U)."),
    .init("sub -v -C 1", "You must specify a topic to subscribe to (-t) or unsubscribe from (-U)."),
    .init("rr", "All of topic, message, and response topic must be supplied."),
    .init("rr -t a -m b", "All of topic, message, and response topic must be supplied."),
    .init("rr -t a -e b", "All of topic, message, and response topic must be supplied."),
    .init("rr -e b -m c", "All of topic, message, and response topic must be supplied."),
  ]

  @Test("not enough", arguments: incomplete)
  func notEnough(_ row: ComplaintRow) throws { try row.check() }

  @Test(
    "topic or message is missing: the help follows", arguments: ["pub", "pub -t a", "pub -m a"])
  func usage(_ line: String) throws {
    let result = try ToolLine(line).run()
    #expect(result.ending == .exited(1))
    #expect(result.errors.hasPrefix("Error: Both topic and message must be supplied.\n"))
    #expect(result.text.contains("Usage: mosquitto_pub"))
  }

  @Test(
    "--help and --version", arguments: ["pub", "sub", "rr"], ["--help", "--version", "-t a --help"])
  func help(_ tool: String, _ option: String) throws {
    let result = try ToolLine("\(tool) \(option)").run()
    #expect(result.ending == .exited(1))
    #expect(result.errors.isEmpty)
    #expect(result.text.contains("mosquitto_\(tool) version 2.1"))
    #expect(result.text.contains("Usage:") == option.hasSuffix("help"))
  }

  @Test("apus --drop-in does the same", arguments: ["pub", "sub", "rr"])
  func dropIn(_ tool: String) throws {
    let result = try Program.run(["--drop-in", tool, "-k", "4"])
    #expect(result.ending == .exited(1))
    #expect(
      result.errors
        == "Error: Invalid keepalive given, it must be between 5 and 65535 inclusive.\n\n\n"
        + "Use 'mosquitto_\(tool) --help' to see usage.\n")
  }
}
