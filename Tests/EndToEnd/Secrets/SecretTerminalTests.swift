import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// Secrets that a person types.
@Suite("Secrets from a terminal", .ownThread) struct SecretTerminalTests {
  @Test("-P - asks, shows nothing and takes the line") func password() throws {
    let seen = Mutex<[UInt8]?>(nil)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      let connect = try connection.handshake()
      seen.withLock { $0 = connect.password }
      connection.discard()
    }
    let line =
      ([Program.apus, "pub", "-t", "a", "-m", "x", "-u", "me", "-P", "-"] + broker.address)
      .joined(separator: " ")
    let program = try RunningProgram(["script", "-qec", line, "/dev/null"], input: .open)
    try program.waitForOutput("Password: ")
    program.write("tell nobody \n")
    #expect(try program.wait() == .exited(0), "\(program.outputText)")
    try broker.finish()
    #expect(seen.withLock { $0 } == Array("tell nobody ".utf8))
    #expect(!program.outputText.contains("nobody"))
  }

  @Test("the key of --psk - and the password of --proxy-pw -") func others() throws {
    let broker = try Reach.broker.get()
    let rows: [([String], String, String)] = [
      (
        try Secure.Way.psk.broker.address + ["--psk-identity", "me", "--psk", "-"],
        "Pre-shared key (hexadecimal): ", "0123456789abcdef"
      ),
      (
        broker.address(.tcp)
          + ["--proxy", "socks5://user@127.0.0.1:\(broker.socksWithLogin)", "--proxy-pw", "-"],
        "Password for the proxy: ", "pass:word"
      ),
    ]
    for (words, question, answer) in rows {
      let line = ([Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + words)
        .joined(separator: " ")
      let program = try RunningProgram(["script", "-qec", line, "/dev/null"], input: .open)
      try program.waitForOutput(question)
      program.write(answer + "\n")
      #expect(try program.wait() == .exited(0), "\(program.outputText)")
      #expect(!program.outputText.contains(answer))
    }
  }

  @Test("without a terminal nobody is asked") func nobody() throws {
    let broker = try ScriptedBroker { _ in }
    let line = [Program.apus, "pub", "-t", "a", "-m", "x", "-u", "me", "-P", "-"] + broker.address
    let program = try RunningProgram(["setsid", "-w"] + line, input: .bytes(Array("no\n".utf8)))
    #expect(try program.wait() == .exited(1))
    #expect(program.errorText == "apus pub: --pw: there is no terminal to ask at\n")
  }

  @Test("-W ends the wait") func late() throws {
    let line = [Program.apus, "pub", "-t", "a", "-m", "x", "-u", "me", "-P", "-", "-W", "0.3"]
      .joined(separator: " ")
    let program = try RunningProgram(["script", "-qec", line, "/dev/null"], input: .open)
    #expect(try program.wait() == .exited(27), "\(program.outputText)")
  }

  @Test(
    "whatever signal ends it, the terminal shows again what is typed",
    arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGALRM])
  func echo(_ signal: Int32) throws {
    let folder = TemporaryDirectory()
    let pid = folder.path + "/pid"
    // The inner shell becomes apus; the outer one looks at the terminal afterwards.
    let script = """
      sh -c 'ulimit -c 0; echo $$ >\(pid).new; mv \(pid).new \(pid)
        exec \(Program.apus) pub -t a -m x -u me -P -'
      echo "status $?"
      stty -a
      """
    let path = try folder.write(Array(script.utf8), to: "script")
    let program = try RunningProgram(["script", "-qec", "sh \(path)", "/dev/null"], input: .open)
    try program.waitForOutput("Password: ")
    let text = try String(contentsOfFile: pid, encoding: .utf8)
    kill(try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))), signal)
    _ = try program.wait()
    #expect(program.outputText.contains("status \(128 + signal)"), "\(program.outputText)")
    #expect(program.outputText.contains(" echo "), "\(program.outputText)")
  }
}
