import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// Where secrets must not be seen: in the list of processes, in output and messages, in a core file.
@Suite("Hidden secrets", .ownThread) struct HiddenSecretTests {
  static let secret = "5ec7e75ec7e7"

  static let rows: [[String]] = [
    ["-P", secret], ["-P\(secret)"], ["--pw=\(secret)"], ["-dP", secret],
    ["-P", "before", "-P", secret],
    ["-L", "mqtt://me:\(secret)@HOST:PORT/a"], ["--url=mqtt://me:\(secret)@HOST:PORT"],
    ["--psk", secret, "--psk-identity", "me"],
    ["--proxy", "http://me:\(secret)@HOST:PORT"], ["--proxy=socks5://me:\(secret)@HOST:PORT"],
    ["--proxy", "http://me@HOST:PORT", "--proxy-pw", secret],
    ["--ws-header", "Authorization: Bearer \(secret)"], ["--ws-path", "/mqtt?token=\(secret)"],
    ["-L", "ws://HOST:PORT/mqtt?token=\(secret)"],
    ["-V", "5", "-D", "connect", "authentication-method", "m", "-D", "connect"]
      + ["authentication-data", secret],
    ["--auth-method", "SCRAM-SHA-256", "-P", secret],
  ]

  @Test("gone from the command line before anything is connected", arguments: rows)
  func commandLine(_ row: [String]) throws {
    let accepted = DispatchSemaphore(value: 0)
    let looked = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      accepted.signal()
      _ = looked.wait(timeout: .now() + 10)
      connection.close()
    }
    let words = row.map {
      $0.replacing("HOST", with: "127.0.0.1").replacing("PORT", with: String(broker.port))
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "topic", "-u", "me", "-d", "--on-loss", "exit"]
        + broker.address + words)
    #expect(accepted.wait(timeout: .now() + 10) == .success)
    let line = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(program.pid)/cmdline"))
    #expect(line.range(of: Data("topic".utf8)) != nil)
    #expect(line.range(of: Data(Self.secret.utf8)) == nil)
    looked.signal()
    _ = try program.wait()
    let said = program.outputText + program.errorText
    #expect(!said.contains(Self.secret), "\(said)")
  }

  @Test("the same in mosquitto's place, where the words are its own")
  func dropIn() throws {
    for row in [
      ["-u", "me", "-P", Self.secret], ["-L", "mqtt://me:\(Self.secret)@127.0.0.1:PORT/topic"],
    ] {
      let accepted = DispatchSemaphore(value: 0)
      let broker = try ScriptedBroker { broker in
        let connection = try broker.accept()
        accepted.signal()
        connection.discard()
      }
      let words = row.map { $0.replacing("PORT", with: String(broker.port)) }
      let program = try RunningProgram(
        [Program.apus, "--drop-in", "sub", "-t", "topic", "-d"]
          + (row[0] == "-L" ? [] : broker.address) + words)
      #expect(accepted.wait(timeout: .now() + 10) == .success)
      let line = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(program.pid)/cmdline"))
      #expect(line.range(of: Data("topic".utf8)) != nil)
      #expect(line.range(of: Data(Self.secret.utf8)) == nil)
      program.send(SIGKILL)
      _ = try program.wait()
      #expect(!(program.outputText + program.errorText).contains(Self.secret))
    }
  }

  @Test("packets of a login that is refused show none of it") func debug() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      _ = try connection.receive()
      connection.send(.connAck(ConnAck(code: 0x86)))
      connection.discard()
    }
    let result = try Program.run(
      ["pub", "-V", "5", "-t", "a", "-m", "x", "-d", "-u", "me", "-P", Self.secret] + broker.address
    )
    #expect(result.ending == .exited(0x86))
    #expect(result.errors.contains("CONNECT") && !result.errors.contains(Self.secret))
  }

  @Test("a process with a secret leaves no core file, and one without leaves one") func core()
    throws
  {
    for (words, leaves) in [
      ([], true), (["-P", Self.secret], false), (["--pw-env", "HOME"], false),
    ] {
      let connected = DispatchSemaphore(value: 0)
      let broker = try ScriptedBroker { broker in
        let connection = try broker.accept()
        _ = try connection.receive()
        connected.signal()
        connection.discard()
      }
      let folder = TemporaryDirectory()
      let python = """
        import os, resource, subprocess, sys
        most = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))
        os.chdir(sys.argv[1])
        child = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
        print(child, flush=True)
        print("core" if os.WCOREDUMP(os.waitpid(child, 0)[1]) else "none")
        """
      let program = try RunningProgram(
        ["python3", "-c", python, folder.path, Program.apus, "sub", "-t", "a", "-u", "me"]
          + broker.address + words)
      try program.waitForOutput("\n")
      let child = try #require(pid_t(program.outputText.trimmingCharacters(in: .newlines)))
      #expect(connected.wait(timeout: .now() + 10) == .success)
      kill(child, SIGQUIT)
      _ = try program.wait()
      #expect(program.outputText.hasSuffix(leaves ? "core\n" : "none\n"), "\(words)")
    }
  }

  @Test("what needs our own descriptors works beside a secret") func standardInput() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      guard case .publish(let message) = try connection.receive() else { return }
      #expect(message.payload == Array("input".utf8))
      connection.discard()
    }
    let result = try Program.run(
      ["pub", "-t", "a", "-f", "/dev/stdin", "-u", "me", "-P", Self.secret] + broker.address,
      input: .bytes(Array("input".utf8)))
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
  }
}
