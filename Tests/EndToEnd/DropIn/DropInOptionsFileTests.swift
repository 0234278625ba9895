import Foundation
import TestSupport
import Testing

/// Options files: where they are, and how their lines are read.
@Suite("Drop-in: options files") struct DropInOptionsFileTests {
  let folder = TemporaryDirectory()

  /// What `pub` sends when a file with this text is its default one: topic and payload.
  private func published(_ text: String, _ words: String = "") throws -> String {
    _ = try folder.write(Array(text.utf8), to: "mosquitto_pub")
    return try heard("pub \(words)", ["XDG_CONFIG_HOME": folder.path])
  }

  /// What a subscriber to everything sees of a tool's run.
  private func heard(_ line: String, _ environment: [String: String]) throws -> String {
    let broker = try Mosquitto(["allow_anonymous true"])
    let subscriber = try broker.subscriber(.apus, ["-v", "-t", "#", "-C", "1"])
    let result = try ToolLine(line).run(port: broker.port, environment: environment)
    #expect(result == ToolResult(ending: .exited(0), output: [], errors: ""))
    return try subscriber.text()
  }

  @Test(
    "lines: an option, and all behind the blank as its value",
    arguments: [
      ("-t a\n-m b\n", "a b\n"),
      // The last line may lack its end.
      ("-t a\n-m b", "a b\n"),
      ("-t a\n-m hello  world \n", "a hello  world \n"),
      ("-t a\n-m \"quoted\"\n", "a \"quoted\"\n"),
      ("# a comment\n-t a\n#-m c\n\n-m b\n", "a b\n"),
      ("--topic a\n--message # no comment\n", "a # no comment\n"),
      ("-t a\n-m b\n-t c\n", "c b\n"),
      ("-t a\n-n\n", "a \n"),
      ("-t a\r\n-m b\r\n", "a b\n"),
    ])
  func lines(_ text: String, _ message: String) throws {
    #expect(try published(text) == message)
  }

  @Test("the command line adds to it, and wins") func both() throws {
    #expect(try published("-t a\n-m b\n", "-t c") == "c b\n")
    #expect(try published("-t a\n", "-m x") == "a x\n")
  }

  @Test(
    "faults in it, and between it and the command line",
    arguments: [
      ("-m b\n", "-t a -m c", "Only one type of message can be sent at once."),
      ("-i one\n", "-I two -t a -m b", "-i and -I argument cannot be used together."),
      ("--colour red\n", "", "Unknown option '--colour'."),
      ("-k\n", "", "-k argument given but no keepalive specified."),
      // It has no more than two words.
      (
        "-D publish content-type x\n", "",
        "--property argument given but not enough arguments specified."
      ),
    ])
  func faults(_ text: String, _ words: String, _ complaint: String) throws {
    _ = try folder.write(Array(text.utf8), to: "mosquitto_pub")
    let result = try ToolLine("pub \(words)").run(environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(result.ending == .exited(1))
    #expect(result.errors.hasPrefix("Error: \(complaint)\n"), "\(result.errors)")
  }

  @Test("-o in place of the default file") func named() throws {
    _ = try folder.write(Array("-t wrong\n".utf8), to: "mosquitto_pub")
    let path = try folder.write(Array("-t right\n".utf8), to: "other")
    let environment = ["XDG_CONFIG_HOME": folder.path]
    #expect(try heard("pub -m b -o \(path)", environment) == "right b\n")
    // In a file it means nothing.
    let deep = try folder.write(Array("-o \(path)\n-t deep\n".utf8), to: "deep")
    #expect(try heard("pub -o \(deep) -m b", environment) == "deep b\n")
  }

  @Test("a file that is not there is no fault", arguments: ["", "-o /nonexistent/file"])
  func missing(_ words: String) throws {
    #expect(try heard("pub -t a -m b \(words)", ["XDG_CONFIG_HOME": "/nonexistent"]) == "a b\n")
  }

  @Test("$HOME/.config where there is no XDG_CONFIG_HOME") func home() throws {
    let config = URL(fileURLWithPath: folder.file(".config"))
    try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
    _ = try folder.write(Array("-t home\n".utf8), to: ".config/mosquitto_pub")
    let broker = try Shared.broker.get()
    let topic = Shared.name("home/")
    _ = try folder.write(Array("-t \(topic)\n".utf8), to: ".config/mosquitto_pub")
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-C", "1"])
    let program = try RunningProgram([
      "env", "-u", "XDG_CONFIG_HOME", "HOME=\(folder.path)", "\(Links.path)/mosquitto_pub", "-m",
      "b",
      "-p", "\(broker.port)",
    ])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(try subscriber.text() == "b\n")
  }

  @Test("each tool has its own, whatever apus is called") func names() throws {
    _ = try folder.write(Array("-k 4\n".utf8), to: "mosquitto_sub")
    _ = try folder.write(Array("-k 3\n".utf8), to: "mosquitto_rr")
    _ = try folder.write(Array("--colour\n".utf8), to: "mosquitto_pub")
    for (tool, text) in [("sub", "keepalive"), ("rr", "keepalive"), ("pub", "--colour")] {
      let environment = ["XDG_CONFIG_HOME": folder.path]
      let link = try ToolLine(tool).run(environment: environment)
      #expect(link.errors.contains(text))
      let program = try RunningProgram(
        [Program.apus, "--drop-in", tool], environment: environment)
      #expect(try program.wait() == .exited(1))
      #expect(program.errorText == link.errors)
    }
  }
}
