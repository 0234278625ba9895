import Commands
import Foundation
import TestSupport
import Testing

/// Keys as files, made by `apus key`.
final class KeyRing: Sendable {
  let folder = TemporaryDirectory()

  static let types = ["aes-256-gcm", "chacha20-poly1305", "x25519", "ed25519", "hmac-sha256"]

  init() throws {
    for type in Self.types {
      let path = folder.file(type)
      #expect(try Program.run(["key", "new", "--type", type, path]).ending == .exited(0))
    }
    for type in ["x25519", "ed25519"] {
      let half = try Program.run(["key", "public", folder.file(type)]).output
      _ = try folder.write(half, to: type + ".pub")
    }
  }

  subscript(name: String) -> String { folder.file(name) }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }
}

/// Sealed payloads through a real broker, and against Python's cryptography package.
@Suite("Sealed payloads") struct SealingTests {
  /// Made once: each test would make the same.
  static let ring = Result { try KeyRing() }

  struct Way: Sendable, CustomTestStringConvertible {
    let seal: String?
    let sign: String?
    let version: String
    var testDescription: String { "\(seal ?? "-"), \(sign ?? "-"), \(version)" }

    func sending(_ ring: KeyRing) -> [String] {
      (seal.map { ["--seal", ring[$0 == "x25519" ? "x25519.pub" : $0]] } ?? [])
        + (sign.map { ["--sign", ring[$0]] } ?? []) + ["-V", version]
    }

    func receiving(_ ring: KeyRing) -> [String] {
      (seal.map { ["--open", ring[$0]] } ?? [])
        + (sign.map { ["--verify", ring[$0 == "ed25519" ? "ed25519.pub" : $0]] } ?? [])
        + ["-V", version]
    }

    static let all: [Way] = [
      Way(seal: "aes-256-gcm", sign: nil, version: "5"),
      Way(seal: "chacha20-poly1305", sign: "hmac-sha256", version: "311"),
      Way(seal: "x25519", sign: "ed25519", version: "5"),
      Way(seal: "x25519", sign: nil, version: "311"),
      Way(seal: nil, sign: "ed25519", version: "5"),
      Way(seal: nil, sign: "hmac-sha256", version: "31"),
    ]
  }

  /// Publishes by apus and takes what a subscriber gets that knows nothing of envelopes.
  private func captured(
    _ words: [String], topic: String, _ broker: Mosquitto
  ) throws -> (payload: [UInt8], head: String?) {
    let version = words[words.firstIndex(of: "-V")! + 1]
    let subscriber = try broker.subscriber(
      .mosquitto, ["-t", topic, "-C", "1", "-V", version == "5" ? "5" : "311", "-F", "%x %P"])
    try broker.publish(.apus, words + ["-t", topic])
    #expect(try subscriber.wait() == .exited(0))
    let parts = subscriber.outputText.split(separator: "\n")[0].split(separator: " ")
    let payload = stride(from: 0, to: parts[0].utf8.count, by: 2).compactMap { place in
      UInt8(parts[0].dropFirst(place).prefix(2), radix: 16)
    }
    let head = parts.dropFirst().first { $0.hasPrefix("apus-seal:") }
    return (payload, head.map { String($0.dropFirst("apus-seal:".count)) })
  }

  @Test("every input of pub comes out of sub", arguments: Way.all) func inputs(_ way: Way) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let file = try ring.folder.write([1, 0, 2, 0xff], to: "file\(topic)")
    let subscriber = try broker.subscriber(
      .apus, way.receiving(ring) + ["-t", topic, "-q", "1", "-C", "7", "-F", "%x"])
    let send = way.sending(ring) + ["-t", topic, "-q", "1"]
    try broker.publish(.apus, send + ["-m", "one"])
    try broker.publish(.apus, send + ["-f", file])
    try broker.publish(.apus, send + ["-n"])
    try broker.publish(.apus, send + ["-s"], input: .bytes(Array("s".utf8)))
    try broker.publish(.apus, send + ["-l"], input: .bytes(Array("a\nb\n".utf8)))
    let line = #"{"topic":"\#(topic)","payload":"j"}"#
    try broker.publish(.apus, way.sending(ring) + ["--json-lines"], input: .bytes(Array(line.utf8)))
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    #expect(subscriber.outputText == "6f6e65\n010002ff\n\n73\n61\n62\n6a\n")
    #expect(subscriber.errorText == "")
  }

  @Test("large payloads, from a file and from a pipe", arguments: Way.all.prefix(3))
  func large(_ way: Way) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    var generator = Generator(seed: 9)
    let payload = generator.bytes(3 << 20)
    let file = try ring.folder.write(payload, to: "file\(topic)")
    let subscriber = try broker.subscriber(
      .apus, way.receiving(ring) + ["-t", topic, "-q", "1", "-C", "2", "-N"])
    let send = way.sending(ring) + ["-t", topic, "-q", "1"]
    try broker.publish(.apus, send + ["-f", file])
    try broker.publish(.apus, send + ["-s"], input: .bytes(payload))
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    #expect(subscriber.outputSoFar == payload + payload)
  }

  @Test("properties come back, and the broker sees no payload") func properties() throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let watcher = try broker.subscriber(
      .mosquitto, ["-V", "5", "-t", topic, "-C", "1", "-F", "%C|%F|%p"])
    let subscriber = try broker.subscriber(
      .apus, ["-V", "5", "-t", topic, "-C", "1", "--open", ring["x25519"], "--json"])
    try broker.publish(
      .apus,
      [
        "-V", "5", "-t", topic, "-m", "geheim", "--seal", ring["x25519.pub"],
        "-D", "publish", "content-type", "text/plain",
        "-D", "publish", "payload-format-indicator", "1",
        "-D", "publish", "user-property", "k", "v", "-D", "publish", "correlation-data", "c",
      ])
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    for part in [
      #""payload":"geheim""#, #""content-type":"text/plain""#, #""payload-format-indicator":1"#,
      #""k":"v""#,
    ] {
      #expect(subscriber.outputText.contains(part), "\(subscriber.outputText)")
    }
    #expect(!subscriber.outputText.contains("apus-seal"))
    #expect(try watcher.wait() == .exited(0))
    // As bytes: what is sealed may begin with a character that belongs to the one before it.
    #expect(watcher.outputSoFar.starts(with: "application/vnd.apus.sealed||".utf8))
    #expect(!watcher.outputText.contains("geheim"))
  }

  @Test("a captured message is refused again, and on another topic", arguments: Way.all.prefix(5))
  func replay(_ way: Way) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let subscriber = try broker.subscriber(
      .apus, way.receiving(ring) + ["-t", topic + "/#", "-q", "1"])
    let mail = try captured(way.sending(ring) + ["-m", "on"], topic: topic, broker)
    try subscriber.waitForOutput("on\n")
    let file = try ring.folder.write(mail.payload, to: "mail\(topic)")
    let again =
      ["-V", way.version, "-f", file]
      + (mail.head.map { ["-D", "publish", "user-property", "apus-seal", $0] } ?? [])
      + (mail.head != nil && way.seal != nil
        ? ["-D", "publish", "content-type", "application/vnd.apus.sealed"] : [])
    try broker.publish(.mosquitto, again + ["-t", topic])
    try subscriber.waitForError("apus sub: \(topic): refused: replayed: it was received before\n")
    try broker.publish(.mosquitto, again + ["-t", topic + "/x"])
    let why = way.sign == nil ? "it was changed, or moved" : "its signature"
    try subscriber.waitForError("apus sub: \(topic)/x: refused: \(why)")
    try broker.publish(.mosquitto, ["-t", topic, "-m", "plain"])
    try subscriber.waitForError(": refused: it is not \(way.seal == nil ? "signed" : "sealed");")
    // It goes on with the next one.
    try broker.publish(.apus, way.sending(ring) + ["-t", topic, "-m", "off"])
    try subscriber.waitForOutput("off\n")
    subscriber.send(SIGTERM)
    #expect(try subscriber.wait() == .exited(65))
    #expect(subscriber.outputText == "on\noff\n")
    #expect(subscriber.errorText.split(separator: "\n").count == 3)
  }

  @Test("--strict ends at the first one") func strict() throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let subscriber = try broker.subscriber(
      .apus, ["-t", topic, "--open", ring["aes-256-gcm"], "--strict"])
    try broker.publish(.mosquitto, ["-t", topic, "-m", "x"])
    #expect(try subscriber.wait() == .exited(65))
    #expect(subscriber.outputText == "")
    #expect(subscriber.errorText.hasPrefix("apus sub: \(topic): refused: it is not sealed"))
  }

  @Test("--allow-plain takes others") func allowPlain() throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let subscriber = try broker.subscriber(
      .apus, ["-t", topic, "-C", "2", "--open", ring["aes-256-gcm"], "--allow-plain"])
    try broker.publish(.mosquitto, ["-t", topic, "-m", "x"])
    try broker.publish(.apus, ["-t", topic, "-m", "y", "--seal", ring["aes-256-gcm"]])
    #expect(try subscriber.wait() == .exited(0))
    #expect(subscriber.outputText == "x\ny\n")
  }

  @Test("with --state a later run knows what an earlier one took", arguments: ["5", "311"])
  func state(_ version: String) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let state = ring.folder.file("state\(topic)")
    let words = [
      "-V", version, "-t", topic, "-C", "1", "--open", ring["aes-256-gcm"], "--state", state,
    ]
    let send = ["-V", version, "-m", "on", "--seal", ring["aes-256-gcm"]]
    var subscriber = try broker.subscriber(.apus, words)
    let mail = try captured(send, topic: topic, broker)
    #expect(try subscriber.wait() == .exited(0))
    #expect(try mode(of: state) == 0o600)
    let file = try ring.folder.write(mail.payload, to: "mail\(topic)")
    let again =
      ["-V", version, "-f", file, "-t", topic]
      + (mail.head.map {
        [
          "-D", "publish", "user-property", "apus-seal", $0, "-D", "publish", "content-type",
          "application/vnd.apus.sealed",
        ]
      } ?? [])
    subscriber = try broker.subscriber(.apus, words)
    let other = try Program.run(["sub"] + broker.address + words)
    #expect(other.ending == .exited(1))
    #expect(other.errors.contains("--state: \(state) is used by another command"))
    try broker.publish(.mosquitto, again)
    try subscriber.waitForError("refused: replayed")
    // As retained from the broker it is the same message, but the broker may well bring it again.
    try broker.publish(.mosquitto, again + ["-r"])
    try broker.publish(.apus, send + ["-t", topic])
    #expect(try subscriber.wait() == .exited(65))
    #expect(subscriber.outputText == "on\n")
    let late = try broker.subscriber(.apus, words)
    try late.waitForError("passed over: received before")
    try broker.publish(.apus, send + ["-t", topic])
    #expect(try late.wait() == .exited(0))
    // Without the state it is taken.
    let forgetful = try broker.subscriber(.apus, Array(words.dropLast(2)))
    #expect(try forgetful.wait() == .exited(0))
    try broker.publish(.mosquitto, ["-t", topic, "-r", "-n"])
  }

  @Test("a state that was emptied, or cannot be kept, is refused before anything is sent")
  func emptiedState() throws {
    let ring = try Self.ring.get()
    let words = ["sub", "-p", "1", "-t", "a", "--open", ring["aes-256-gcm"], "--state"]
    let empty = try ring.folder.write([], to: "emptied")
    let result = try Program.run(words + [empty])
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "sub")
    #expect(result.errors.contains("--state: \(empty) is damaged"), "\(result.errors)")
    let link = ring.folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: empty)
    let linked = try Program.run(words + [link])
    #expect(linked.ending == .exited(1))
    expectOneLine(linked.errors, from: "sub")
    #expect(linked.errors.contains("--state: \(link) is a symbolic link"), "\(linked.errors)")
    let nowhere = try Program.run(words + ["/proc/apus-state"])
    #expect(nowhere.ending == .exited(1))
    expectOneLine(nowhere.errors, from: "sub")
    #expect(nowhere.errors.contains("--state: "), "\(nowhere.errors)")
  }

  @Test("the end of the time does not hide that a message was refused") func late() throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let subscriber = try broker.subscriber(
      .apus, ["-t", topic, "--open", ring["aes-256-gcm"], "-W", "1"])
    try broker.publish(.mosquitto, ["-t", topic, "-m", "x"])
    #expect(try subscriber.wait() == .exited(65))
    #expect(subscriber.errorText.hasSuffix("\napus sub: timed out\n"), "\(subscriber.errorText)")
  }

  private func mode(of path: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }

  @Test("requests and responses", arguments: Way.all.prefix(4)) func requests(_ way: Way) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let both = way.sending(ring) + way.receiving(ring).dropLast(2)
    let answers = way.version == "5" ? [] : ["-e", topic + "/answer"]
    let start = broker.log.utf8.count
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-i", topic] + broker.address + both + answers
        + ["-t", topic, "--exec", "tr a-z A-Z"])
    try broker.waitForLog("Sending SUBACK to \(topic)\n", after: start)
    let lines = way.version == "5" ? "one\ntwo\n" : "one\n"
    let client = try Program.run(
      ["rr"] + broker.address + both + answers + ["-t", topic, "-l"],
      input: .bytes(Array(lines.utf8)))
    #expect(client.ending == .exited(0), "\(client.errors) \(server.errorText)")
    #expect(String(decoding: client.output, as: UTF8.self) == lines.uppercased())
    // Who does not seal gets no answer, and his request is not run.
    let stranger = try Program.run(
      ["rr"] + broker.address + ["-V", way.version, "-t", topic, "--timeout", "0.3", "-m", "x"]
        + (answers.isEmpty ? [] : ["-e", topic + "/stranger"]))
    #expect(stranger.ending == .exited(27))
    server.send(SIGTERM)
    #expect(try server.wait() == .exited(65))
    #expect(server.errorText.contains("\(topic): refused: it is not sealed"))
  }

  @Test("a response that is not sealed is refused", arguments: [[], ["--strict"]])
  func response(_ strict: [String]) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let start = broker.log.utf8.count
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-i", topic] + broker.address
        + ["-t", topic, "--exec", "cat"])
    try broker.waitForLog("Sending SUBACK to \(topic)\n", after: start)
    let client = try Program.run(
      ["rr"] + broker.address + ["-t", topic, "-m", "x", "--open", ring["aes-256-gcm"]] + strict)
    #expect(client.ending == .exited(65))
    #expect(client.output == [])
    #expect(client.errors.contains("response refused: it is not sealed"))
    withExtendedLifetime(server) {}
  }

  @Test("the page has the vectors that are checked") func page() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Vectors/sealing.json")
    let all = try JSONSerialization.jsonObject(with: Data(contentsOf: folder)) as? [[String: Any]]
    let vectors = try #require(all)
    let page = try #require(generatedFiles().first { $0.path == "man/apus-sealing.7" }?.text)
      .replacing("\\-", with: "-").replacing("\n", with: "").replacing(" ", with: "")
    for (number, names) in [(0, ["head", "body", "v311"]), (4, ["v311"])] {
      let sealed = try #require(vectors[number]["sealed"] as? [String: Any])
      for name in names { #expect(page.contains(try #require(sealed[name] as? String))) }
      let message = try #require(vectors[number]["message"] as? [String: Any])
      let key = (message["sign"] as? String) ?? (message["seal"] as? [String])?[0]
      #expect(page.contains(try #require(key).replacing(" ", with: "")))
    }
  }

  // MARK: Python's cryptography package

  private func python(_ command: String, _ message: [String: Any]) throws -> [String: Any] {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Vectors/sealing.py").path
    let program = try RunningProgram(
      ["python3", script, command],
      input: .bytes([UInt8](JSONSerialization.data(withJSONObject: message))))
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    let answer = try JSONSerialization.jsonObject(with: Data(program.outputSoFar))
    return try #require(answer as? [String: Any])
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  @Test("an independent program opens and makes envelopes", arguments: Way.all)
  func python(_ way: Way) throws {
    let broker = try Shared.broker.get()
    let ring = try Self.ring.get()
    let topic = Shared.name("seal")
    let mail = try captured(way.sending(ring) + ["-m", "von apus"], topic: topic, broker)
    var message: [String: Any] = ["topic": topic, "body": hex(mail.payload)]
    message["head"] = mail.head
    if mail.head != nil, way.seal != nil { message["content_type"] = "application/vnd.apus.sealed" }
    message["open"] = try way.seal.map { [try ring.text($0)] } ?? []
    message["verify"] = try way.sign.map { [try ring.text($0)] } ?? []
    #expect(try python("open", message)["payload"] as? String == hex(Array("von apus".utf8)))

    var own: [String: Any] = ["topic": topic, "payload": hex(Array("von python".utf8))]
    own["seal"] = try way.seal.map { [try ring.text($0)] } ?? []
    own["sign"] = try way.sign.map { try ring.text($0) }
    let made = try python("seal", own)
    let body = try #require(made[way.version == "5" ? "body" : "v311"] as? String)
    let bytes = stride(from: 0, to: body.utf8.count, by: 2).compactMap { place in
      UInt8(body.dropFirst(place).prefix(2), radix: 16)
    }
    let file = try ring.folder.write(bytes, to: "python\(topic)")
    var words = ["-V", way.version == "5" ? "5" : "311", "-t", topic, "-f", file]
    if way.version == "5", let head = made["head"] as? String {
      words += ["-D", "publish", "user-property", "apus-seal", head]
      if let type = made["content_type"] as? String {
        words += ["-D", "publish", "content-type", type]
      }
    }
    let subscriber = try broker.subscriber(.apus, way.receiving(ring) + ["-t", topic, "-C", "1"])
    try broker.publish(.mosquitto, words)
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    #expect(subscriber.outputText == "von python\n")
  }
}
