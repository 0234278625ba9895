import TestSupport
import Testing

/// Values that are refused, and options that do not go together.
@Suite("Drop-in: values and combinations") struct DropInValueTests {
  static let values: [ComplaintRow] =
    ["0", "4", "65536", "-1", "abc"].map {
      .init(
        ToolLine("pub -k \($0)"),
        "Invalid keepalive given, it must be between 5 and 65535 inclusive.")
    }
    + ["0", "-1", "abc"].map {
      .init(ToolLine("sub -M \($0)"), "Maximum inflight messages must be greater than 0.")
    }
    + [
      .init("pub -p -1", "Invalid port given: -1"),
      .init("sub -p 65536", "Invalid port given: 65536"),
      .init("pub -q -1", "Invalid QoS given: -1"),
      .init("sub -q 3", "Invalid QoS given: 3"),
      .init("rr -q 3x", "Invalid QoS given: 3"),
      .init("pub --will-qos 3", "Invalid will QoS 3."),
      .init("sub --will-qos -1", "Invalid will QoS -1."),
      .init("sub -C 0", "Invalid message count \"0\"."),
      .init("sub -C -1", "Invalid message count \"-1\"."),
      .init("sub -C x", "Invalid message count \"0\"."),
      .init("sub -W 0", "Invalid timeout \"0\"."),
      .init("rr -W -1", "Invalid timeout \"-1\"."),
      .init("pub --repeat 0", "--repeat argument must be >0."),
      .init("pub --repeat-delay -1", "--repeat-delay argument must be >=0.0."),
      .init("pub --repeat-delay -0.1", "--repeat-delay argument must be >=0.0."),
      .init("pub -V 4", "Invalid protocol version argument given."),
      .init("sub -V mqtt", "Invalid protocol version argument given."),
      .init("rr -V MQTTV5", "Invalid protocol version argument given."),
      .init("pub -x abc", "session-expiry-interval not a number."),
      .init("pub -x 1x", "session-expiry-interval not a number."),
      .init("pub -x -2", "session-expiry-interval out of range."),
      .init("sub -x 4294967296", "session-expiry-interval out of range."),
      .init("sub --retain-handling sometimes", "Unknown value 'sometimes' for --retain-handling."),
      .init("rr --retain-handling sometimes", "Unknown value 'sometimes' for --retain-handling."),
      .init("sub --random-filter 0", "--random-filter chance must be between 0.1-100.0"),
      .init("sub --random-filter x", "--random-filter chance must be between 0.1-100.0"),
      .init("pub --proxy http://x", "Unsupported proxy protocol: http://x"),
      .init("pub -L foo", "Unsupported URL scheme."),
      .init("sub -L ftp://localhost/a", "Unsupported URL scheme."),
    ]
    + ["mqtt", "mqtts", "ws", "wss", "MQTT"].map {
      .init(
        ToolLine("sub -L \($0)://localhost"),
        "Invalid URL for -L argument specified - topic missing.")
    }

  @Test("a value out of range", arguments: values)
  func value(_ row: ComplaintRow) throws { try row.check() }

  static let topics: [ComplaintRow] =
    ["a/+", "#", "a/#/b", "a#"].flatMap { topic -> [ComplaintRow] in
      [
        ("pub -t", "publish"), ("rr -t", "publish"), ("sub --will-topic", "will"),
        ("rr -e", "response"),
      ]
      .map { option, kind in
        .init(
          ToolLine("\(option) \(topic)"),
          "Invalid \(kind) topic '\(topic)', does it contain '+' or '#'?")
      }
    }
    + ["a/#/b", "a+", "#a", "+a/b", "a/b#"].flatMap { filter -> [ComplaintRow] in
      [("-t", "subscription"), ("-T", "filter"), ("-U", "unsubscribe")].map { option, kind in
        .init(
          ToolLine("sub -t a \(option) \(filter)"),
          "Invalid \(kind) topic '\(filter)', are all '+' and '#' wildcards correct?")
      }
    }
    + ["pub -t", "sub -t", "sub -T", "sub -U", "rr -e", "pub --will-topic"].map { head in
      .init(
        ToolLine(head + " <ff>"),
        "Malformed UTF-8 in \(head.split(separator: " ")[1]) argument.")
    }

  @Test("a topic that is none", arguments: topics)
  func topic(_ row: ComplaintRow) throws { try row.check() }

  static let infinite =
    "You must provide a client id if you are using an infinite session expiry interval."
  static let oneType = "Only one type of message can be sent at once."

  static let conflicts: [ComplaintRow] =
    [
      "-m a -m b", "-m a -n", "-n -m a", "-f /etc/hostname -m a", "-l -n", "-s -f x", "-n -n",
      "-s -l",
    ].map { .init(ToolLine("pub -t a \($0)"), oneType) }
    + [
      .init("rr -t a -e b -m c -n", oneType),
      .init("pub -i a -I b", "-i and -I argument cannot be used together."),
      .init("sub -I a -i b", "-i and -I argument cannot be used together."),
      .init("sub -o a -o b", "Duplicate -o argument given."),
      .init("pub --will-payload x -t a -m b", "Will payload given, but no will topic given."),
      .init("sub --will-retain -t a", "Will retain given, but no will topic given."),
      .init("pub -V 5 -x -1 -t a -m b", infinite),
      .init("pub -x 4294967295 -t a -m b", infinite),
      .init("sub -x ∞ -t a", infinite),
      .init("sub -V 5 -c -t a", infinite),
      .init("sub -V 5 -c -I x -t a", infinite),
      .init("rr -c -t a -e b -m c", infinite),
      .init("pub -c -t a -m b", "You must provide a client id if you are using the -c option."),
      .init("sub -c -I x -t a", "You must provide a client id if you are using the -c option."),
      .init(
        "pub --psk 00 --psk-identity x --cafile y",
        "Only one of --psk or --cafile/--capath may be used at once."),
      .init(
        "sub --psk 00 --psk-identity x --capath y",
        "Only one of --psk or --cafile/--capath may be used at once."),
      .init("pub --psk 00", "--psk-identity required if --psk used."),
      .init("pub --cert x", "Both certfile and keyfile must be provided if one of them is set."),
      .init("sub --key x", "Both certfile and keyfile must be provided if one of them is set."),
      .init("pub --keyform pem", "If keyform is set, keyfile must be also specified."),
      .init(
        "rr --tls-engine-kpass-sha1 x",
        "when using tls-engine-kpass-sha1, both tls-engine and keyform must also be provided."),
    ]

  @Test("options that do not go together", arguments: conflicts)
  func conflict(_ row: ComplaintRow) throws { try row.check() }

  /// What is said with no way to the help.
  static let verbatim: [ComplaintRow] = [
    .init(
      "sub -R --retained-only -t a",
      "\nError: Combining '-R' and '--retained-only' makes no sense.\n"),
    .init(
      "pub -t a -f missing",
      "Error: Unable to read file \"missing\": No such file or directory.\n"
        + "Error loading input file \"missing\".\n"),
    .init("pub -t a -s", "Error: Zero length input.\nError loading input from stdin.\n"),
    .init(
      "pub --cafile missing -t a -m b", "Error: Problem setting TLS options: File not found.\n"),
    .init("sub --cafile missing -t a", "Error: Problem setting TLS options: File not found.\n"),
    .init("pub -t a -m b -i ''", "Error: Invalid id.\n"),
    .init("pub -P x -t a -m b", "Error: Problem setting username and/or password.\n"),
    .init(
      "pub -D connect user-property a b -V 311 -t a -m b",
      "Unable to connect (This feature is not supported.).\n"),
    .init("pub -h nosuch.invalid -t a -m b", "Unable to connect (Lookup error.).\n"),
    .init("pub -p 1 -t a -m b", "Error: Connection refused\n"),
    .init("sub -p 1 -t a", "Error: Connection refused\n"),
    .init("pub --unix /nosuch -t a -m b", "Error: No such file or directory\n"),
  ]

  @Test("faults found after the options", arguments: verbatim)
  func laterFault(_ row: ComplaintRow) throws {
    let result = try row.line.run()
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    #expect(result.errors == row.text)
  }

  @Test("--quiet leaves faults of arguments, and silences a run's")
  func quiet() throws {
    let refused = try ToolLine("pub --quiet -p 1 -t a -m b").run()
    #expect(refused == ToolResult(ending: .exited(1), output: [], errors: ""))
    try ComplaintRow(
      "pub --quiet -k 1", "Invalid keepalive given, it must be between 5 and 65535 inclusive."
    ).check()
  }
}
