// What every broker is asked to do.

import Foundation
import TestSupport

/// One row of the table.
struct Scenario: Sendable {
  let name: String
  /// It is tried in versions too that the broker has refused.
  var triesAll = false
  /// Returns nil where all is as MQTT promises, and otherwise what the user sees.
  let run: @Sendable (Visit) throws -> String?

  static let all: [Scenario] =
    [versions]
    + (0...2).map { qos in
      Scenario(name: "QoS \(qos)") { try stream($0, qos: qos) }
    } + [
      retained, will, session, wildcards, shared, tls, webSocket, large, refusedLogin,
      refusedSubscription, refusedPublication, request,
    ]

  static let versions = Scenario(name: "versions", triesAll: true) { visit in
    try visit.run("pub", ["-t", visit.topic, "-m", "x", "-q", "1", "--connect-timeout", "2"])
  }

  /// Twenty lines, and all arrive once, in order.  The publisher stays until they have: aMQTT may forget what
  /// somebody sent who has left.
  private static func stream(_ visit: Visit, qos: Int) throws -> String? {
    let level = ["-t", visit.topic, "-q", String(qos)]
    let subscriber = try visit.subscribe(level + ["-F", "%q %p"])
    let publisher = try visit.start("pub", level + ["-l"], input: .open)
    let lines = (1...20).map { "\(qos) line \($0)\n" }
    publisher.write((1...20).map { "line \($0)\n" }.joined())
    let count = lines.joined().utf8.count
    try? eventually("the lines", within: 10) { subscriber.outputSoFar.count >= count }
    publisher.closeInput()
    subscriber.send(SIGTERM)
    try subscriber.wait()
    let ending = try publisher.wait()
    if ending == .exited(0), subscriber.outputText == lines.joined() { return nil }
    let got = subscriber.outputText.split(separator: "\n").last ?? "nothing"
    return visit.shown(publisher.errorText, ending)
      + "; \(subscriber.outputText.split(separator: "\n").count) messages arrived, '\(got)' the last"
  }

  static let retained = Scenario(name: "retained message") { visit in
    try visit.publish(["-t", visit.topic, "-m", "kept", "-r", "-q", "1"])
    let late = try visit.start("sub", ["-t", visit.topic, "-C", "1", "-W", "5", "-F", "%r %p"])
    if let difference = try visit.difference(late, from: "1 kept\n") { return difference }
    try visit.publish(["-t", visit.topic, "-n", "-r", "-q", "1"])
    let later = try visit.start("sub", ["-t", visit.topic, "--idle-timeout", "0.5"])
    return try visit.difference(later, from: "")
  }

  static let will = Scenario(name: "will") { visit in
    let watcher = try visit.subscribe(["-t", visit.topic + "/will", "-C", "1", "-W", "10"])
    let victim = try visit.subscribe([
      "-t", visit.topic, "--will-topic", visit.topic + "/will", "--will-payload", "gone",
    ])
    victim.send(SIGKILL)
    return try visit.difference(watcher, from: "gone\n")
  }

  static let session = Scenario(name: "persistent session") { visit in
    let expiry = visit.version == .v5 ? ["-x", "60"] : []
    let kept = ["-t", visit.topic, "-q", "1", "-c", "-i", "keeper"] + expiry
    if let fault = try visit.run("sub", kept + ["-E"]) { return fault }
    for number in 1...3 { try visit.publish(["-t", visit.topic, "-m", "\(number)", "-q", "1"]) }
    let back = try visit.start("sub", kept + ["-C", "3", "-W", "5"])
    let difference = try visit.difference(back, from: "1\n2\n3\n")
    _ = try visit.run("sub", ["-t", visit.topic, "-i", "keeper", "-E"])
    return difference
  }

  static let wildcards = Scenario(name: "wildcards") { visit in
    let words = ["-t", visit.topic + "/+/b/#", "-q", "1", "-C", "2", "-W", "5", "-v"]
    let subscriber = try visit.subscribe(words)
    let topics = ["a/b", "a/c", "a/b/c/d"].map { "\(visit.topic)/\($0)" }
    for topic in topics { try visit.publish(["-t", topic, "-m", "x", "-q", "1"]) }
    return try visit.difference(subscriber, from: "\(topics[0]) x\n\(topics[2]) x\n")
  }

  /// Each message goes to one of the two.
  static let shared = Scenario(name: "shared subscription") { visit in
    let filter = ["-t", "$share/group/\(visit.topic)", "-q", "1"]
    if let fault = try visit.run("sub", filter + ["-E", "-W", "20"]) { return fault }
    let members = try (1...2).map { _ in try visit.subscribe(filter) }
    let publisher = try visit.start("pub", ["-t", visit.topic, "-q", "1", "-l"], input: .open)
    publisher.write((10..<30).map { "\($0)\n" }.joined())
    try? eventually("the messages", within: 3) {
      members.reduce(0) { $0 + $1.outputSoFar.count } >= 60
    }
    publisher.closeInput()
    try publisher.wait()
    for member in members {
      member.send(SIGTERM)
      try member.wait()
    }
    let got = members.flatMap { $0.outputText.split(separator: "\n").map(String.init) }
    return got.sorted() == (10..<30).map(String.init)
      ? nil : "the subscription is granted, and \(got.count) of 20 messages arrive"
  }

  static let tls = Scenario(name: "TLS") { try oneMessage($0, by: .tls) }

  static let webSocket = Scenario(name: "WebSocket") { visit in
    if !visit.broker.kind.offersWebSocket { return "no listener" }
    return try oneMessage(visit, by: .webSocket)
  }

  private static func oneMessage(_ visit: Visit, by way: Visit.Way) throws -> String? {
    let words = ["-t", visit.topic, "-q", "1"]
    let subscriber = try visit.subscribe(words + ["-C", "1", "-W", "10"], by: way)
    try visit.publish(words + ["-m", "safe"], by: way)
    return try visit.difference(subscriber, from: "safe\n")
  }

  static let large = Scenario(name: "payload of 1 MiB") { visit in
    let folder = TemporaryDirectory()
    let payload = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8 ^ $0 >> 16) }
    let file = try folder.write(payload, to: "payload")
    let words = ["-t", visit.topic, "-q", "1"]
    let subscriber = try visit.subscribe(words + ["-C", "1", "-W", "20", "-N"])
    try visit.publish(words + ["-f", file])
    let ending = try subscriber.wait(within: 30)
    if ending == .exited(0), subscriber.outputSoFar == payload { return nil }
    return visit.shown(subscriber.errorText, ending)
      + ", \(subscriber.outputSoFar.count) bytes arrived"
  }

  /// The user is told to look at name and password, and the status is the broker's code.
  static let refusedLogin = Scenario(name: "refused login") { visit in
    let login = ["-u", "it", "-P", "wrong"]
    let words = visit.words("pub", ["-t", visit.topic, "-m", "x"], login: login)
    let ended = try Program.run(words)
    let codes: [Int32] = visit.version == .v5 ? [0x86, 0x87] : [4, 5]
    return codes.map(Ending.exited).contains(ended.ending)
      && ended.errors.contains("connection refused by the server")
      && ended.errors.contains("check -u and -P") ? nil : visit.shown(ended.errors, ended.ending)
  }

  static let refusedSubscription = Scenario(name: "refused topic, subscribing") { visit in
    let ended = try Program.run(
      visit.words("sub", ["-t", "no/entry", "-E", "-W", "20"]), within: 30)
    let isNamed = ended.errors.contains("subscription to 'no/entry' refused by the server")
    return isRefusal(ended.ending) && isNamed ? nil : visit.shown(ended.errors, ended.ending)
  }

  static let refusedPublication = Scenario(name: "refused topic, publishing") { visit in
    let ended = try Program.run(visit.words("pub", ["-t", "no/entry", "-m", "x", "-q", "1"]))
    return isRefusal(ended.ending) && ended.errors.contains("refused by the server")
      ? nil : visit.shown(ended.errors, ended.ending)
  }

  /// A reason code: brokers choose different ones.
  private static func isRefusal(_ ending: Ending) -> Bool {
    if case .exited(128...162) = ending { true } else { false }
  }

  static let request = Scenario(name: "request and response") { visit in
    let server = try visit.start(
      "rr",
      ["--serve", "-t", visit.topic, "-q", "1", "--exec", "tr a-z A-Z"]
        + (visit.version == .v5 ? [] : ["-e", visit.topic + "/answer"]))
    try server.waitForError("received SUBACK")
    let client = try visit.start(
      "rr", ["-t", visit.topic, "-e", visit.topic + "/answer", "-m", "loud", "-q", "1", "-W", "10"])
    let difference = try visit.difference(client, from: "LOUD\n")
    server.send(SIGTERM)
    try server.wait()
    return difference
  }
}
