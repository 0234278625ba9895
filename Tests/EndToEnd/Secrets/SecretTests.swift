import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// Secrets that are told by a file, the environment, a descriptor, a command or a person.
@Suite("Secrets", .ownThread) struct SecretTests {
  /// What a broker got as the password.
  private func password(
    _ words: [String], input: RunningProgram.Input = .none, environment: [String: String] = [:],
    command: ([String]) -> [String] = { $0 }
  ) throws -> String? {
    let seen = Mutex<[UInt8]?>(nil)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      let connect = try connection.handshake()
      seen.withLock { $0 = connect.password }
      connection.discard()
    }
    let line = [Program.apus, "pub", "-t", "a", "-m", "x", "-u", "me"] + broker.address + words
    let program = try RunningProgram(command(line), input: input, environment: environment)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.errorText == "")
    try broker.finish()
    return seen.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a file tells the password, but for one newline at its end") func file() throws {
    let folder = TemporaryDirectory()
    for (text, expected) in [
      ("secret", "secret"), ("secret\n", "secret"), ("secret\r\n", "secret"),
      ("secret\n\n", "secret\n"), ("se\ncret\r", "se\ncret\r"),
    ] {
      let path = try folder.write(Array(text.utf8), to: "secret")
      chmod(path, 0o600)
      #expect(try password(["--pw-file", path]) == expected)
    }
  }

  @Test("the environment, a descriptor, a command; the last word counts") func others() throws {
    let folder = TemporaryDirectory()
    let path = try folder.write(Array("from a file\n".utf8), to: "secret")
    chmod(path, 0o600)
    let shell = { (line: [String]) in ["sh", "-c", "exec \"$0\" \"$@\" 7<'\(path)'"] + line }
    #expect(try password(["--pw-fd", "7"], command: shell) == "from a file")
    #expect(try password(["--pw-fd", "0"], input: .bytes(Array("in\n".utf8))) == "in")
    let environment = ["APUS_TEST": "from outside"]
    #expect(try password(["--pw-env", "APUS_TEST"], environment: environment) == "from outside")
    #expect(try password(["--pw-cmd", "echo made; echo now"]) == "made\nnow")
    #expect(try password(["--pw-cmd", "cat; printf 'no input'"]) == "no input")
    #expect(try password(["-P", "one", "--pw-cmd", "echo two"]) == "two")
    #expect(try password(["--pw-cmd", "echo two", "-P", "three"]) == "three")
    #expect(try password(["--pw-cmd", "echo two", "--no-pw-cmd", "-P", "four"]) == "four")
  }

  @Test("what a command leaves running is not waited for") func background() throws {
    #expect(try password(["--pw-cmd", "sleep 5 2>/dev/null & echo quick"]) == "quick")
  }

  static let useless: [(words: [String], text: String)] = [
    (["--pw-file", "/proc/none/x"], "no such file"),
    (["--pw-env", "APUS_NONE"], "APUS_NONE: the environment has no such variable"),
    (["--pw-fd", "77"], "--pw-fd: descriptor 77 is not open"),
    (["--pw-fd", "1"], "--pw-fd: descriptor 1 is not open for it"),
    (["--pw-fd", "x"], "--pw-fd: 'x'"),
    (["--pw-cmd", ""], "--pw-cmd: the command is empty"),
    (["--pw-cmd", "echo tell; exit 3"], "--pw-cmd: the command ended with status 3"),
    (["--pw-cmd", "echo tell; kill -9 $$"], "--pw-cmd: the command was killed by signal 9"),
    (["--pw-cmd", "true"], "--pw-cmd: the command printed nothing"),
    (["--pw-cmd", "echo"], "--pw-cmd: the command printed nothing"),
    (["--pw-cmd", "yes tell"], "--pw-cmd: the command printed more than 65535 bytes"),
    (["--pw-cmd", "exec /proc/none/x 2>&-"], "--pw-cmd: the command ended with status 127"),
    (["--psk-cmd", "echo tell", "--psk-identity", "me"], "a key is 1 to 512 bytes"),
    (["--proxy-pw", "tell", "--proxy", "http://127.0.0.1:1"], "needs a user name in its URL"),
    (
      ["--proxy-pw-cmd", "exit 4", "--proxy", "http://me@127.0.0.1:1"],
      "--proxy-pw-cmd: the command ended with status 4"
    ),
  ]

  @Test("what tells no secret ends the run before any connection", arguments: useless.indices)
  func refused(_ index: Int) throws {
    let row = Self.useless[index]
    let broker = try ScriptedBroker { _ in }
    let line = ["pub", "-t", "a", "-m", "x", "-u", "me"] + broker.address + row.words
    let result = try Program.run(line, within: 10)
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "pub")
    #expect(result.errors.contains(row.text), "\(result.errors)")
    #expect(!result.errors.contains("tell"))
  }

  @Test("a file that others can read is refused, whatever the secret") func open() throws {
    let folder = TemporaryDirectory()
    let path = try folder.write(Array("00".utf8), to: "open")
    chmod(path, 0o604)
    for words in [
      ["--pw-file", path], ["--psk-file", path, "--psk-identity", "me"],
      ["--proxy-pw-file", path, "--proxy", "http://me@127.0.0.1:1"],
    ] {
      let result = try Program.run(
        ["sub", "-t", "a", "-u", "me", "-h", "127.0.0.1", "-p", "1"] + words)
      #expect(result.ending == .exited(1))
      expectOneLine(result.errors, from: "sub")
      #expect(result.errors.contains("other users can read this secret"), "\(result.errors)")
    }
  }

  @Test("an empty file is no secret") func empty() throws {
    let folder = TemporaryDirectory()
    for text in ["", "\n"] {
      let path = try folder.write(Array(text.utf8), to: "empty")
      chmod(path, 0o600)
      let result = try Program.run(
        ["sub", "-t", "a", "-u", "me", "-p", "1", "--pw-file", path])
      #expect(result.ending == .exited(1))
      expectOneLine(result.errors, from: "sub")
      #expect(result.errors.contains("\(path): there is no secret in it"), "\(result.errors)")
    }
  }

  @Test(
    "a secret and messages cannot both be read from standard input",
    arguments: ["-l", "-s", "-0", "--json-lines"])
  func bothFromInput(_ source: String) throws {
    for secret in [
      ["--pw-fd", "0"], ["--pw-file", "/dev/stdin"],
      ["--proxy-pw-fd", "0", "--proxy", "http://me@127.0.0.1:1"],
    ] {
      let result = try Program.run(
        ["pub", "-t", "a", "-u", "me", "-p", "1", source] + secret, input: .bytes([0x78, 0x0a]))
      #expect(result.ending == .exited(1))
      expectOneLine(result.errors, from: "pub")
      #expect(
        result.errors.contains("cannot both come from standard input"), "\(result.errors)")
    }
  }

  @Test("a pre-shared key by each way") func preSharedKey() throws {
    let folder = TemporaryDirectory()
    let path = try folder.write(Array("0123456789abcdef\n".utf8), to: "key")
    chmod(path, 0o600)
    for words in [
      ["--psk-file", path], ["--psk-env", "APUS_TEST"], ["--psk-cmd", "cat '\(path)'"],
      ["--psk-fd", "0"],
    ] {
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1", "--psk-identity", "me"]
          + Secure.Way.psk.broker.address + words, input: .file(path),
        environment: ["APUS_TEST": "0123456789abcdef"])
      #expect(try program.wait() == .exited(0), "\(words): \(program.errorText)")
    }
  }

  @Test("a passphrase by descriptor and command") func passphrase() throws {
    let made = try Secure.certificates.get()
    for words in [["--key-pass-fd", "0"], ["--key-pass-cmd", "echo tell nobody"]] {
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"]
          + Secure.Way.mutual.broker.address + Secure.Way.tls.words
          + ["--cert", made.file("client.pem"), "--key", made.file("locked.pem")] + words,
        input: .bytes(Array("tell nobody\n".utf8)))
      #expect(try program.wait() == .exited(0), "\(words): \(program.errorText)")
    }
  }

  @Test("a proxy's password, where the environment names the proxy", arguments: [0, 1] as [Int32])
  func environmentsProxy(_ status: Int32) throws {
    let broker = try Reach.broker.get()
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + broker.address(.tcp)
        + ["--proxy-pw", status == 0 ? "pass:word" : "other"],
      environment: ["ALL_PROXY": "socks5://user@127.0.0.1:\(broker.socksWithLogin)"])
    #expect(try program.wait() == .exited(status), "\(program.errorText)")
  }

  @Test("a proxy's password by each way") func proxy() throws {
    let broker = try Reach.broker.get()
    let rows: [([String], Int32)] = [
      (["--proxy-pw", "pass:word"], 0), (["--proxy-pw-env", "APUS_TEST"], 0),
      (["--proxy-pw-cmd", "echo pass:word"], 0), (["--proxy-pw-fd", "0"], 0),
      (["--proxy-pw", "other"], 1),
    ]
    for (words, status) in rows {
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + broker.address(.tcp)
          + ["--proxy", "socks5://user@127.0.0.1:\(broker.socksWithLogin)"] + words,
        input: .bytes(Array("pass:word\n".utf8)), environment: ["APUS_TEST": "pass:word"])
      #expect(try program.wait() == .exited(status), "\(words): \(program.errorText)")
    }
  }
}
