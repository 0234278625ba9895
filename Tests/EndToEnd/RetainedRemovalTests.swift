import Foundation
import TestSupport
import Testing

/// `--remove-retained` removes what it showed, and nothing else.
@Suite("--remove-retained") struct RetainedRemovalTests {
  let broker: Mosquitto
  let root = Shared.name("kept")

  init() throws { broker = try Shared.broker.get() }

  private func retain(_ topics: [String], payload: String = "v") throws {
    for topic in topics {
      try broker.publish(.apus, ["-t", "\(root)/\(topic)", "-r", "-q", "1", "-m", payload])
    }
  }

  /// The topics that are still retained below the root.
  private func remaining() throws -> Set<String> {
    let end = Shared.name("end")
    let observer = try broker.subscriber(
      .apus, ["-t", "\(root)/#", "-t", end, "-v", "-q", "1", "-T", "\(root)/live"])
    try broker.publish(.apus, ["-t", end, "-q", "1", "-m", "end"])
    try observer.waitForOutput("\(end) end\n")
    observer.send(SIGTERM)
    let lines = try observer.text().split(separator: "\n").filter { $0.hasPrefix(root) }
    return Set(
      lines.compactMap { $0.split(separator: " ").first?.split(separator: "/").last }.map(
        String.init))
  }

  @Test("what could not be written stays", arguments: ["311", "5"])
  func unwritten(_ version: String) throws {
    try retain(["a", "b"])
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(full) }
    let words = [Program.apus, "sub", "-V", version, "-t", "\(root)/#", "--remove-retained"]
    let program = try RunningProgram(words + broker.address, output: full)
    #expect(try program.wait() == .exited(74), "\(program.errorText)")
    #expect(try remaining() == ["a", "b"])
  }

  @Test("-C removes as many as it shows", arguments: ["311", "5"], ["0", "1", "2"])
  func counted(_ version: String, _ qos: String) throws {
    let topics = (0..<40).map { "n\($0)" }
    try retain(topics)
    let words = ["sub", "-V", version, "-q", qos, "-t", "\(root)/#", "-v", "--remove-retained"]
    let result = try Program.run(words + ["-C", "5"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    let shown = String(decoding: result.output, as: UTF8.self).split(separator: "\n").compactMap {
      $0.split(separator: " ").first?.split(separator: "/").last.map(String.init)
    }
    #expect(shown.count == 5)
    #expect(try remaining() == Set(topics).subtracting(shown))
  }

  @Test("with overlapping filters no removal is shown", arguments: ["311", "5"])
  func overlapping(_ version: String) throws {
    try retain(["a", "b"])
    let remover = try broker.subscriber(
      .apus,
      ["-V", version, "-t", "\(root)/#", "-t", "\(root)/+", "-t", "\(root)/a", "-v", "-q", "1"]
        + ["--remove-retained", "-T", "\(root)/live"])
    try remover.waitForOutput("\(root)/b v\n")
    try eventually("the removal of both") { try remaining() == [] }
    remover.send(SIGTERM)
    let lines = try remover.text().split(separator: "\n")
    #expect(Set(lines) == ["\(root)/a v", "\(root)/b v"])
  }

  @Test("somebody else's empty message is shown") func foreign() throws {
    try retain(["a"])
    let remover = try broker.subscriber(
      .apus, ["-V", "5", "-t", "\(root)/a", "-v", "--remove-retained", "-C", "3"])
    try eventually("the removal") { try remaining() == [] }
    try broker.publish(.apus, ["-t", "\(root)/a", "-n"])
    try broker.publish(.apus, ["-t", "\(root)/a", "-m", "live"])
    #expect(try remover.text() == "\(root)/a v\n\(root)/a \n\(root)/a live\n")
  }

  @Test("with --retained-only it ends by itself", arguments: ["311", "5"], ["0", "1", "2"])
  func endsByItself(_ version: String, _ qos: String) throws {
    let topics = (0..<100).map { "n\($0)" }
    try retain(topics)
    let words = ["sub", "-V", version, "-q", qos, "-t", "\(root)/#", "-v"]
    let result = try Program.run(
      words + ["--retained-only", "--remove-retained"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output.count { $0 == 10 } == topics.count)
    #expect(try remaining() == [])
  }
}
