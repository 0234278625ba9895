import Foundation
import TestSupport
import Testing

/// What Debian's mosquitto_sub and the link make of the same messages.
///
/// `%x` and `%X` with a width or a precision are left out: 2.0.11 counts bytes where it ought to count digits,
/// and knows no groups.
@Suite(
  "Drop-in: formats as Debian's mosquitto_sub writes them",
  .enabled(if: FileManager.default.isExecutableFile(atPath: "\(Links.originals)/mosquitto_sub")))
struct FormatDifferentialTests {
  static let full = [
    "", "0", "-", "1", "-1", "3", "03", "12", "012", "-12", "60", ".0", ".2", ".10", "12.3",
    "-12.3", "012.3", "20.4",
  ]
  static let few = ["", "0", "-", "5", "-5", ".3", "8.3"]

  /// A specifier and what stands between it and its `%`.
  static let specifiers: [(String, [String])] = {
    var all: [(String, [String])] = []
    for specifier in "ACEFIlmpRSt" { all.append((String(specifier), full)) }
    for specifier in "DPqrU%" { all.append((String(specifier), few)) }
    for specifier in "xX" { all.append((String(specifier), ["", "0", "-"])) }
    for specifier in "jJ" { all.append((String(specifier), [""])) }
    return all
  }()

  private static let properties = """
    -D publish content-type text/plain -D publish correlation-data abc \
    -D publish message-expiry-interval 1000 -D publish payload-format-indicator 1 \
    -D publish response-topic re/sp -D publish user-property k v -D publish user-property k2 v2
    """

  static let messages: [String] = [
    "text -m 'hello world'", "empty -n", "utf8 -m 'grüße ☃ 😀'", "control -m a<09>b<0a>c<01>",
    "json -m '{\"a\": 1, \"b\":[true,null,1.5,\"x\"]}'", "number -m 123", "string -m '\"x\"'",
    "long -m \(String(repeating: "x", count: 300))", "qos1 -m m -q 1", "qos2 -m m -q 2",
    "binary -f PATH",
    "properties -m p -V 5 \(properties)",
    "alias -m p -V 5 -D publish topic-alias 3 -D publish user-property k v",
  ]

  private static let between = "\n~~~\n"
  private static let end = "\n=====\n"

  @Test("every specifier, width and precision", arguments: ["311", "5"])
  func specifiers(_ version: String) throws {
    let broker = try Mosquitto()
    let pairs = try Self.specifiers.map { specifier, variants in
      let format = variants.map { "%" + $0 + specifier }.joined(separator: Self.between) + Self.end
      return (format, try subscribers(format, version, broker.port))
    }
    let count = pairs.count * 2
    try eventually("all subscriptions", within: 20) {
      broker.log.split(separator: "\n").count { $0.contains("Sending SUBACK to") } == count
    }
    let folder = TemporaryDirectory()
    let path = try folder.write((1...255).map { UInt8($0) }, to: "binary")
    for message in Self.messages {
      let line = ToolLine("pub -t f/" + message.replacing("PATH", with: path))
      #expect(try line.run(port: broker.port).ending == .exited(0))
      if !message.contains("-q 2") { continue }
      // mosquitto_sub shows it at the end of the handshake: the next one might overtake it.
      try eventually("the end of \(count) handshakes", within: 20) {
        broker.log.split(separator: "\n").count { $0.contains("Received PUBCOMP from") } == count
      }
    }
    for (format, (theirs, ours)) in pairs {
      #expect(try theirs.wait() == .exited(0))
      #expect(try ours.wait() == .exited(0))
      compare(format, theirs.outputText, ours.outputText)
      #expect(theirs.errorText == ours.errorText, "\(format)")
    }
  }

  private func subscribers(
    _ format: String, _ version: String, _ port: UInt16
  ) throws -> (RunningProgram, RunningProgram) {
    let identifier = version == "5" ? "-D subscribe subscription-identifier 7" : ""
    let line = ToolLine(
      "sub -V \(version) -t f/# -q 2 -W 30 -C \(Self.messages.count) \(identifier) -F '\(format)'")
    return (
      try line.start(port: port, folder: Links.originals), try line.start(port: port)
    )
  }

  private func compare(_ format: String, _ theirs: String, _ ours: String) {
    let fields = format.components(separatedBy: Self.between)
    let theirs = theirs.components(separatedBy: Self.end)
    let ours = ours.components(separatedBy: Self.end)
    #expect(theirs.count == Self.messages.count + 1)
    #expect(ours.count == theirs.count)
    for (message, (theirs, ours)) in zip(Self.messages, zip(theirs, ours)) {
      let theirs = theirs.components(separatedBy: Self.between)
      let ours = ours.components(separatedBy: Self.between)
      #expect(theirs.count == fields.count && ours.count == fields.count)
      for (field, (theirs, ours)) in zip(fields, zip(theirs, ours)) {
        // Ours is UTF-8 whatever the payload is.
        if field.hasPrefix("%j"), message.hasPrefix("binary") { continue }
        #expect(
          normal(asNow(theirs)) == normal(ours), "\(field) of the message \(message.prefix(30))")
      }
    }
  }

  /// What 2.1 writes in the place of 2.0.11's words.
  private func asNow(_ text: String) -> String {
    text.replacing("\"retain\":0", with: "\"retain\":false")
      .replacing("\"retain\":1", with: "\"retain\":true")
      // A time with two zones.
      .replacing(/(T[0-9:.]+)Z([+-])/) { "\($0.1)\($0.2)" }
      // An object, in which a name could not stand twice.
      .replacing(/"user-properties":\{([^}]*)\}/) { match in
        let pairs = match.1.split(separator: ",").map { "{\($0)}" }
        return "\"user-properties\":[\(pairs.joined(separator: ","))]"
      }
  }

  /// Without what the moment of arrival tells.
  private func normal(_ text: String) -> String {
    text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d{4}/, with: "TIME")
      .replacing(/\d{10}\.\d{9}/, with: "EPOCH")
  }
}
