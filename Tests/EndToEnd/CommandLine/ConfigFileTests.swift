import Foundation
import TestSupport
import Testing

/// Options from files, as apus-config(5) describes them, at the command itself.
@Suite("Files of options") struct ConfigFileTests {
  let home = ConfigHome()

  @Test("config, the command's own file, a profile and the command line, in this order")
  func order() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("config/")
    try home.write("-h nowhere.invalid\n-p \(broker.port)\n-q 1\n-W 20\n-v\n", to: "config")
    try home.write("-h 127.0.0.1\n-t \(topic)/own\n-C 3\n", to: "sub")
    try home.write("-C 2\n-t \(topic)/profile\n", to: "profiles/plant-a")
    let id = Shared.name("s")
    let start = broker.log.utf8.count
    let subscriber = try home.start(
      ["sub", "--profile", "plant-a", "-t", "\(topic)/line", "-i", id])
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    try home.write("-h 127.0.0.1\n-m from the file\n-r\n", to: "pub")
    for end in ["own", "line"] {
      let published = try home.run(["pub", "-t", "\(topic)/\(end)", "--no-retain"])
      #expect(published.ending == .exited(0), "\(published.errors)")
    }
    #expect(try subscriber.wait() == .exited(0))
    #expect(
      subscriber.outputText == "\(topic)/own from the file\n\(topic)/line from the file\n")
  }

  @Test("a file of mosquitto_pub and mosquitto_sub means the same") func mosquitto() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("config/")
    let text = "# mine\n-h 127.0.0.1\n-p \(broker.port)\n\n-t \(topic)\n-m it's {\"a\": \"b c\"}"
    try home.write(text, to: "pub")
    try Data(text.utf8).write(to: URL(fileURLWithPath: home.directory.file("mosquitto_pub")))
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-C", "2"])
    for command in [[Program.apus, "pub"], ["mosquitto_pub"]] {
      let program = try RunningProgram(
        command, environment: ["XDG_CONFIG_HOME": home.directory.path])
      #expect(try program.wait() == .exited(0), "\(program.errorText)")
    }
    #expect(
      try subscriber.text() == String(repeating: "it's {\"a\": \"b c\"}\n", count: 2))
  }

  @Test("XDG_CONFIG_HOME counts if it is an absolute path, then HOME does") func environment()
    throws
  {
    try home.write("-q 1", to: "pub")
    let other = ConfigHome()
    try FileManager.default.createDirectory(
      atPath: other.directory.file(".config/apus"), withIntermediateDirectories: true)
    try Data("-q 2".utf8).write(to: URL(fileURLWithPath: other.directory.file(".config/apus/pub")))
    let user = other.directory.path
    #expect(try home.options(["pub"], environment: ["HOME": user]) == ["--qos 1"])
    for folder in ["", "relative", "./x"] {
      let environment = ["XDG_CONFIG_HOME": folder, "HOME": user]
      #expect(try home.options(["pub"], environment: environment) == ["--qos 2"])
    }
    let nowhere = ["XDG_CONFIG_HOME": "", "HOME": ""]
    #expect(try home.options(["pub"], environment: nowhere) == [])
    let profile = try home.run(["pub", "--profile", "x"], environment: nowhere)
    #expect(profile.ending == .exited(1))
    #expect(profile.errors.contains("--profile: neither XDG_CONFIG_HOME nor HOME"))
  }

  @Test("-o replaces the default files, but not the profile") func optionsFile() throws {
    try home.write("-q 1\n-k 5", to: "config")
    try home.write("-r", to: "pub")
    try home.write("-x 7", to: "profiles/p")
    let file = try home.write("-C 1\n-q 2", to: "other")
    #expect(
      try home.options(["pub", "-o", file, "--profile=p"]) == ["--qos 2", "--session-expiry 7"])
    #expect(try home.options(["pub", "--options", "/dev/null"]) == [])
    #expect(try home.options(["sub", "-o", file]) == ["--count 1", "--qos 2"])
    let shell = try RunningProgram([
      "bash", "-c", "\"$0\" config pub -o <(printf '%s\\n' '-P x' '-q 1')", Program.apus,
    ])
    #expect(try shell.wait() == .exited(0), "\(shell.errorText)")
    #expect(shell.outputText.hasSuffix(":2\n--qos 1\n"))
    #expect(
      try home.run(["config", "pub", "-o", "/dev/stdin"], input: .bytes(Array("-q 2".utf8)))
        .output.hasSuffix("--qos 2\n"))
  }

  @Test("a secret in a file that others can read", arguments: [0o644, 0o640, 0o602, 0o610])
  func secrets(_ mode: Int) throws {
    for text in ["-P hunter2", "-L mqtt://u:hunter2@h/t", "-D connect authentication-data hunter2"]
    {
      let path = try home.write("-q 1\n\(text)\n", to: "config", mode: mode)
      for command in [["pub"], ["config", "sub"], ["config"]] {
        let result = try home.run(command)
        #expect(result.ending == .exited(1))
        #expect(result.output.isEmpty)
        expectOneLine(result.errors, from: command[0])
        #expect(
          result.errors.contains("\(path):2: ") && result.errors.contains("chmod 600 \(path)"))
        #expect(!result.errors.contains("hunter2"))
      }
      try home.write(text, to: "config")
      #expect(try home.run(["config", "pub"]).ending == .exited(0))
    }
    try home.write("-L mqtt://u@h:1883/a@b\n-u joe", to: "config", mode: mode)
    #expect(try home.run(["config", "pub"]).ending == .exited(0))
  }

  @Test("what does not go together names the way to see it") func conflict() throws {
    try home.write("-m x", to: "pub")
    let both = try home.run(["pub", "-t", "a", "-n"])
    #expect(
      both.errors.hasSuffix(
        "only one of -m, -f, -l, -0, -n, -s and --json-lines can be used at once; 'apus config pub' shows what files say\n"
      ))
    let line = try home.run(["pub", "-t", "a", "-n", "-m", "x", "-o", "/dev/null"])
    #expect(line.errors.hasSuffix("can be used at once\n"))
  }

  @Test("help needs no file") func help() throws {
    try home.write("--nope", to: "config")
    #expect(try home.run(["pub", "-q", "1", "--help"]).ending == .exited(0))
    #expect(try home.run(["pub", "--version"]).ending == .exited(0))
  }

  @Test("another user's folder is none", .enabled(if: getuid() == 0, "needs root"))
  func outOfReach() throws {
    let program = try RunningProgram(
      ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Program.apus, "config"],
      environment: ["XDG_CONFIG_HOME": "/root"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.outputText == "# /root/apus/config: not there\n")
  }
}
