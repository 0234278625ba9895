import Foundation
import Glibc
import TestSupport
import Testing

/// Messages in the shell: looking back, outlets, requests, several connections, losses.
@Suite("apus repl, messages") struct ReplMessageTests {
  let broker: Mosquitto
  let topic = Shared.name("repl/m")
  let home = ConfigHome()

  init() throws { broker = try Shared.broker.get() }

  private func filled(_ text: String) -> String {
    text.replacing("TOPIC", with: topic).replacing("DIR", with: home.directory.path)
      .replacing("CONNECT", with: "connect -h 127.0.0.1 -p \(broker.port)")
  }

  private func start(_ text: String, _ words: [String] = []) throws -> RunningProgram {
    try home.start(["repl"] + words + ["-c", filled(text)])
  }

  private func run(_ text: String, _ words: [String] = []) throws -> RunningProgram {
    let run = try start(text, words)
    #expect(try run.wait(within: 20) == .exited(0), "\(run.errorText)")
    return run
  }

  @Test func `a message that came early is not waited for twice`() throws {
    let run = try start(
      """
      CONNECT; sub -t 'TOPIC/+'; pub -t TOPIC/a -m 1; pub -t TOPIC/b -m 2 -q 1; sleep 0.1
      wait TOPIC/b --timeout 5; wait TOPIC/a --timeout 5; echo $topic $payload
      wait TOPIC/a --timeout 0.1
      """)
    #expect(try run.wait() == .exited(27))
    #expect(run.outputText.hasSuffix("\(topic)/a 1\n"))
    #expect(run.errorText == "apus repl: -c:3: wait: no message of '\(topic)/a' within 0.10 s\n")
  }

  @Test func `a message of an earlier subscription does not count`() throws {
    let run = try start(
      """
      CONNECT; sub -t TOPIC; pub -t TOPIC -m 1 -q 1; sleep 0.1; unsub TOPIC; sub -t TOPIC
      wait TOPIC --timeout 0.1
      """)
    #expect(try run.wait() == .exited(27))
  }

  @Test func `topics, messages, show, save, mute, format`() throws {
    let run = try run(
      """
      CONNECT -V 5; format '%p'; sub -t 'TOPIC/#'; mute TOPIC/quiet
      pub -t TOPIC/x/y -m '{"a":[1]}' -q 1 -D publish content-type application/json
      wait TOPIC/x/y --timeout 5
      pub -t TOPIC/quiet -m hush; wait TOPIC/quiet --timeout 5
      pub -t TOPIC/z -m $'\\e[2J'; wait TOPIC/z --timeout 5
      echo --; topics TOPIC/x/#; echo --; messages TOPIC/quiet; echo --; show 1
      save DIR/all; messages TOPIC/x/# > DIR/some; messages | wc -l; status
      """)
    let parts = run.outputText.components(separatedBy: "--\n")
    try #require(parts.count == 4)
    #expect(parts[0] == "{\"a\":[1]}\n\u{1b}[2J\n")
    #expect(parts[1].hasSuffix("  0 s ago  {\"a\":[1]}\n"))
    #expect(parts[1].contains("\n    x/\n      y ") || parts[1].contains("  x/\n"))
    #expect(parts[2].hasPrefix("2  "))
    #expect(parts[2].hasSuffix("  hush\n"))
    for line in [
      "Topic     \(topic)/x/y", "QoS       0", "Property  content-type application/json",
      "Payload   9 bytes", "00000000  7b 22 61 22 3a 5b 31 5d  7d", "|{\"a\":[1]}|\n3\nConnection",
      "State                   connected",
    ] {
      #expect(parts[3].contains(line), "\(line)\n\(parts[3])")
    }
    let saved = try String(contentsOfFile: home.directory.file("all"), encoding: .utf8)
    #expect(saved == "{\"a\":[1]}\nhush\n\u{1b}[2J\n")
    let some = try String(contentsOfFile: home.directory.file("some"), encoding: .utf8)
    #expect(some == "{\"a\":[1]}\n")
  }

  @Test func `messages of a subscription go to files and programs`() throws {
    let run = try run(
      """
      CONNECT; sub -t TOPIC/f -F '%p' > DIR/file; sub -t TOPIC/c -v | tr a-z A-Z; sub -t TOPIC/end
      pub -t TOPIC/f -m one; pub -t TOPIC/c -m two; pub -t TOPIC/f -m three -q 1
      pub -t TOPIC/end -n; wait TOPIC/end --timeout 5; unsub TOPIC/c
      """)
    #expect(run.outputText.contains("\(topic.uppercased())/C TWO\n"))
    #expect(!run.outputText.contains("one"))
    let file = try String(contentsOfFile: home.directory.file("file"), encoding: .utf8)
    #expect(file == "one\nthree\n")
  }

  @Test func `two connections at once`() throws {
    let other = try Mosquitto()
    let run = try run(
      """
      CONNECT --as here; sub -t TOPIC; connect -h 127.0.0.1 -p \(other.port) --as there; sub -t TOPIC
      pub -t TOPIC -m two; wait TOPIC --timeout 5; use here; pub -t TOPIC -m one; wait TOPIC --timeout 5
      disconnect there; subs
      """)
    #expect(run.outputText == "[there] \(topic) two\n[here] \(topic) one\n\(topic)  QoS 0\n")
  }

  @Test func `rr asks on the connection that is there`() throws {
    let service = try broker.subscriber(
      .apus, ["-t", "\(topic)/nobody", "-W", "0.1"])
    _ = try service.wait()
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", "\(topic)/q", "--exec", "tr a-z A-Z", "-d"]
        + broker.address)
    try server.waitForError("SUBACK", within: 10)
    let run = try run(
      "CONNECT -V 5; rr -t TOPIC/q -m hello -W 10; rr -t TOPIC/q -m again -F '%p!' -W 10")
    #expect(run.outputText.hasSuffix("again!\n".uppercased().replacing("!", with: "!")))
    #expect(run.outputText.contains(" HELLO\n"))
    server.send(SIGTERM)
    _ = try server.wait()
  }

  @Test func `templates, in the shell and in pub`() throws {
    let run = try run(
      """
      CONNECT; sub -t 'TOPIC/#' -F '%t %p'
      template save reading -t TOPIC/{{room}} -m '{{n}} {{rand 7 7}} {{env REPL}}' -q 1
      template run reading room=hall; template run reading room=attic; template
      wait TOPIC/attic --timeout 5
      """.replacing("REPL", with: "XDG_CONFIG_HOME"))
    let folder = home.directory.path
    #expect(run.outputText.contains("\(topic)/hall 1 7 \(folder)\n"))
    #expect(run.outputText.contains("\(topic)/attic 2 7 \(folder)\n"))
    #expect(run.outputText.contains("reading\n"))
    let subscriber = try broker.subscriber(.apus, ["-t", "\(topic)/#", "-v", "-C", "2"])
    let words =
      ["pub", "--template", "reading", "--set", "room=cellar", "--repeat", "2"] + broker.address
    let pub = try home.run(words)
    #expect(pub.ending == .exited(0), "\(pub.errors)")
    #expect(
      try subscriber.text() == "\(topic)/cellar 1 7 \(folder)\n\(topic)/cellar 2 7 \(folder)\n")
    let missing = try home.run(["pub", "--template", "reading"] + broker.address)
    #expect(missing.ending == .exited(1))
    #expect(missing.errors.contains("reading:1: '{{room}}' has no value: room=VALUE gives it one"))
    let unknown = try home.run(["pub", "--template", "readin"] + broker.address)
    #expect(unknown.errors.contains("(did you mean 'reading'?)"))
  }

  @Test func `a broker that was killed and started again`() throws {
    let broker = try Mosquitto()
    let run = try RunningProgram([Program.apus, "repl"], input: .open)
    run.write("connect -h 127.0.0.1 -p \(broker.port) --reconnect-delay 0.1 --reconnect-max 0.2\n")
    run.write("sub -t a; echo up\n")
    try eventually("the subscription", within: 10) { run.outputText == "up\n" }
    try broker.kill()
    try run.waitForError("connecting again", within: 10)
    try broker.start()
    try run.waitForError("connected again", within: 10)
    run.write("pub -t a -m back; wait a --timeout 10\n")
    run.closeInput()
    #expect(try run.wait(within: 20) == .exited(0), "\(run.errorText)")
    #expect(run.outputText == "up\na back\n")
  }

  @Test func `rr waits no longer for its subscription than for the answer`() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      _ = try connection.handshake()
      connection.discard(within: 20)
    }
    let address = "-h 127.0.0.1 -p \(broker.port)"
    let run = try start("connect -V 5 \(address); rr -t a -m x --timeout 0.3")
    #expect(try run.wait(within: 10) == .exited(27))
    #expect(run.errorText == "apus repl: -c:1: sub: no answer in time\n")
    try broker.finish()
  }

  @Test func `memory stays bounded in a flood`() throws {
    let count = 200_000
    let run = try RunningProgram([Program.apus, "repl"], input: .open, output: nullDevice())
    run.write(
      "connect -h 127.0.0.1 -p \(broker.port)\nsub -t '\(topic)/+'; !touch \(home.directory.file("up"))\n"
    )
    try eventually("the subscription", within: 10) {
      FileManager.default.fileExists(atPath: home.directory.file("up"))
    }
    let payload = String(repeating: "x", count: 100)
    let lines = (0..<count).map { "\(topic)/\($0 % 30_000)|\(payload)\n" }.joined()
    try broker.publish(
      .apus, ["-l", "--topic-separator", "|", "-q", "1"],
      input: .bytes(Array((lines + "\(topic)/end|x\n").utf8)))
    run.write("wait \(topic)/end --timeout 30; !touch \(home.directory.file("end"))\n")
    try eventually("the flood to be over", within: 30) {
      FileManager.default.fileExists(atPath: home.directory.file("end"))
    }
    let status = try String(contentsOfFile: "/proc/\(run.pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    let kibibytes = try #require(Int(line.filter(\.isNumber)))
    #expect(kibibytes < 64 << 10, "\(line)")
    run.closeInput()
    #expect(try run.wait(within: 10) == .exited(0))
  }

  private func nullDevice() -> CInt { Glibc.open("/dev/null", O_WRONLY) }
}
