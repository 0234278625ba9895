import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// `--pw-cmd` in time: while it runs, and when it runs again.
@Suite("Commands that tell a password", .ownThread) struct SecretCommandTests {
  @Test("one that hangs is ended by --connect-timeout, -W and signals, with all it has started")
  func hanging() throws {
    let rows: [([String], Int32?, Ending)] = [
      (["--connect-timeout", "1.5"], nil, .exited(27)), (["-W", "1.5"], nil, .exited(27)),
      ([], SIGTERM, .signaled(SIGTERM)),
    ]
    for (words, signal, ending) in rows {
      let folder = TemporaryDirectory()
      let path = folder.path + "/pid"
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-u", "me", "-h", "127.0.0.1", "-p", "1"]
          + ["--pw-cmd", "sleep 300 & echo $! >'\(path).new'; mv '\(path).new' '\(path)'; wait"]
          + words)
      try eventually("the command to run") { FileManager.default.fileExists(atPath: path) }
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      if let signal { program.send(signal) }
      #expect(try program.wait(within: 10) == ending)
      if signal == nil { expectOneLine(program.errorText, from: "pub") }
      try eventually("the end of what the command has started") { kill(child, 0) != 0 }
    }
  }

  @Test("it runs anew for each connection; failing in between is a failed attempt") func again()
    throws
  {
    let folder = TemporaryDirectory()
    let seen = Mutex<[String]>([])
    let broker = try ScriptedBroker { broker in
      for round in 1...2 {
        let connection = try broker.accept()
        let connect = try connection.handshake()
        seen.withLock { $0.append(String(decoding: connect.password ?? [], as: UTF8.self)) }
        try connection.grant()
        if round == 2 {
          connection.send(
            .publish(Publish(topic: "a", payload: Array("done".utf8))))
          connection.discard()
        }
      }
    }
    let count = "cd '\(folder.path)' && echo >>runs && runs=$(wc -l <runs)"
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-C", "1", "-u", "me", "--reconnect-delay", "0.05"]
        + broker.address + ["--pw-cmd", "\(count); echo token $runs; test $runs != 2 || exit 5"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
    #expect(seen.withLock { $0 } == ["token 1", "token 3"])
    #expect(
      program.errorText.contains("--pw-cmd: the command ended with status 5; connecting again"))
    #expect(!program.errorText.contains("token"))
  }

  @Test("with --retries it fails for good") func forGood() throws {
    let folder = TemporaryDirectory()
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-u", "me", "--reconnect-delay", "0.05", "--retries", "2"]
        + broker.address
        + ["--pw-cmd", "cd '\(folder.path)'; test -e done && exit 6; touch done; echo x"])
    #expect(try program.wait() == .exited(1), "\(program.errorText)")
    #expect(program.errorText.hasSuffix("apus sub: --pw-cmd: the command ended with status 6\n"))
  }
}
