import Foundation
import TestSupport
import Testing

/// MQTT 5 properties that `-D` adds.
@Suite struct RoundTripPropertyTests {
  let broker: Mosquitto
  let topic = Shared.name("properties/")

  init() throws { broker = try Shared.broker.get() }

  private func subscriber(_ format: String, count: Int = 1) throws -> RunningProgram {
    try broker.subscriber(
      .mosquitto, ["-V", "5", "-t", topic, "-q", "1", "-F", format, "-C", String(count)])
  }

  @Test func `properties of a message arrive`() throws {
    let subscriber = try subscriber("%C|%R|%D|%P|%F|%p")
    try broker.publish(
      .apus,
      [
        "-V", "5", "-t", topic, "-m", "hello", "-D", "publish", "content-type", "text/plain", "-D",
        "publish", "response-topic", "answers/1", "-D", "publish", "correlation-data", "c-17", "-D",
        "publish", "user-property", "colour", "blue", "-D", "publish", "user-property", "size", "9",
        "-D", "publish", "payload-format-indicator", "1",
      ])
    #expect(try subscriber.text() == "text/plain|answers/1|c-17|colour:blue size:9|1|hello\n")
  }

  @Test func `a message tells when it expires`() throws {
    let subscriber = try subscriber("%E")
    try broker.publish(
      .apus,
      [
        "-V", "5", "-t", topic, "-q", "1", "-m", "x", "-D", "publish", "message-expiry-interval",
        "3600",
      ])
    let seconds = Int(try subscriber.text().dropLast())
    #expect(seconds.map { (3590...3600).contains($0) } == true)
  }

  @Test(arguments: ["0", "1", "2"])
  func `every line goes out under a topic alias`(qos: String) throws {
    let subscriber = try subscriber("%t %p", count: 100)
    try broker.publish(
      .apus, ["-V", "5", "-t", topic, "-q", qos, "-l", "-D", "publish", "topic-alias", "1"],
      input: .bytes(numberedLines(100)))
    #expect(try subscriber.text() == (1...100).map { "\(topic) line \($0)\n" }.joined())
  }

  @Test func `every line carries the properties`() throws {
    let subscriber = try subscriber("%C %P %p", count: 3)
    try broker.publish(
      .apus,
      [
        "-V", "5", "-t", topic, "-l", "-D", "publish", "content-type", "t", "-D", "publish",
        "user-property", "k", "v",
      ], input: .bytes(numberedLines(3)))
    #expect(try subscriber.text() == "t k:v line 1\nt k:v line 2\nt k:v line 3\n")
  }

  @Test func `properties of a will arrive`() throws {
    let observer = try subscriber("%C|%R|%D|%P|%p")
    let victim = try broker.subscriber(
      .apus,
      [
        "-V", "5", "-t", "none", "--will-topic", topic, "--will-payload", "gone", "-D", "will",
        "content-type", "text/x", "-D", "will", "response-topic", "answers/2", "-D", "will",
        "correlation-data", "c-18", "-D", "will", "user-property", "a", "b", "-D", "will",
        "user-property", "a", "c",
      ])
    victim.send(SIGKILL)
    #expect(try observer.text() == "text/x|answers/2|c-18|a:b a:c|gone\n")
  }
}
