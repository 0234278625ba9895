import Foundation
import TestSupport
import Testing

/// Keys that stay in a token: SoftHSM's, through OpenSSL's engine for PKCS#11.
@Suite("Keys in tokens", .ownThread) struct TokenTests {
  private static let module = "/usr/lib/softhsm/libsofthsm2.so"
  private static let isInstalled =
    FileManager.default.fileExists(atPath: module)
    && FileManager.default.fileExists(
      atPath: "/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so")

  /// What the program says of a key that is nowhere: whether it loads engines at all.
  private static let isStatic: Bool = {
    let program = try? Secure.certificates.get()
    guard let made = program,
      let run = try? RunningProgram(
        [Program.apus, "tls", "-h", "127.0.0.1", "-p", "1", "--cert", made.file("client.pem")]
          + ["--key", "pkcs11:object=none?pin-value=0"], environment: Secure.noEnvironment)
    else { return false }
    _ = try? run.wait()
    return run.errorText.contains("linked statically")
  }()

  /// A token with the client's key in it, and the environment that finds it.
  private static func token(_ made: Certificates) throws -> [String: String] {
    let folder = made.file("tokens-\(Shared.name("t").filter { $0 != "/" })")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "directories.tokendir = \(folder)\n".write(
      toFile: folder + ".conf", atomically: true, encoding: .utf8)
    var environment = Secure.noEnvironment
    environment["SOFTHSM2_CONF"] = folder + ".conf"
    environment["PKCS11_MODULE_PATH"] = module
    for words in [
      ["--init-token", "--free", "--label", "apus", "--so-pin", "1234", "--pin", "4711"],
      [
        "--import", made.file("key.pem"), "--token", "apus", "--label", "me", "--id", "01", "--pin",
        "4711",
      ],
    ] {
      let program = try RunningProgram(["softhsm2-util"] + words, environment: environment)
      guard try program.wait() == .exited(0) else { throw TestFailure(program.errorText) }
    }
    return environment
  }

  private static let key = "pkcs11:token=apus;object=me;type=private"

  @Test(
    "open the way to a broker that wants a certificate",
    .enabled(if: isInstalled && !isStatic), arguments: ["", "--keyform engine --tls-engine pkcs11"])
  func token(_ words: String) throws {
    let made = try Secure.certificates.get()
    var environment = try Self.token(made)
    environment["TOKEN_PIN"] = "4711"
    let broker = try Secure.Way.mutual.broker
    let identity =
      ["--cafile", made.file("ca.pem"), "--cert", made.file("client.pem"), "--key"]
    let common = [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + broker.address + identity
    let further = words.split(separator: " ").map(String.init) + ["--key-pass-env", "TOKEN_PIN"]
    let program = try RunningProgram(common + [Self.key] + further, environment: environment)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    for (key, pin) in [(Self.key, "0815"), ("pkcs11:token=apus;object=you", "4711")] {
      environment["TOKEN_PIN"] = pin
      let program = try RunningProgram(common + [key] + further, environment: environment)
      #expect(try program.wait() == .exited(1), "\(program.errorText)")
      expectOneLine(program.errorText, from: "pub")
      #expect(program.errorText.contains("gives no such key"), "\(program.errorText)")
      #expect(!program.errorText.contains(pin))
    }
  }

  /// What mosquitto_pub says and how it ends, under both names.
  private struct Row: Sendable, CustomTestStringConvertible {
    let words: String
    let status: Int32
    var testDescription: String { words }

    init(_ words: String, _ status: Int32) {
      self.words = words
      self.status = status
    }
  }

  /// `KEY` is a name that brings its PIN, `FILE` a key in PEM form.  Mosquitto takes a name only where there is
  /// a file that is called so.
  private static let rows = [
    Row("--key FILE", 0), Row("--key FILE --tls-engine pkcs11", 0),
    Row("--key FILE --keyform pem --tls-engine pkcs11", 0),
    Row("--key KEY --keyform engine --tls-engine pkcs11", 0),
    Row("--key pkcs11:missing --keyform engine --tls-engine pkcs11", 1),
    Row("--key FILE --tls-engine nosuch", 1), Row("--key FILE --keyform engine", 1),
    Row("--key FILE --keyform other", 1),
    Row("--key KEY --keyform engine --tls-engine pkcs11 --tls-engine-kpass-sha1 zz", 1),
    Row("--key KEY --keyform engine --tls-engine pkcs11 --tls-engine-kpass-sha1 HASH", 1),
  ]

  @Test(
    "mosquitto's names do with engines what mosquitto's clients do",
    .enabled(if: isInstalled && !isStatic), arguments: rows)
  private func dropIn(_ row: Row) throws {
    let made = try Secure.certificates.get()
    let environment = try Self.token(made)
    let broker = try Secure.Way.mutual.broker
    let folder = TemporaryDirectory()
    // No slash may be in it: it is a file's name, too.
    let name = "pkcs11:token=apus;object=me?pin-value=4711"
    _ = try folder.write([], to: name)
    let places = [
      "KEY": name, "FILE": made.file("key.pem"), "HASH": String(repeating: "0a", count: 20),
    ]
    let words = row.words.split(separator: " ").map { places[String($0)] ?? String($0) }
    let results = try [Links.originals, Links.path].map { tools in
      let program = try RunningProgram(
        ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, tools + "/mosquitto_pub"]
          + broker.address + ["-t", "a", "-m", "x", "-q", "1", "--cafile", made.file("ca.pem")]
          + ["--cert", made.file("client.pem")] + words, environment: environment)
      let ending = try program.wait()
      return (ending, program.errorText)
    }
    for (ending, errors) in results {
      #expect(ending == .exited(row.status), "\(errors)")
      #expect(!errors.contains("4711"))
    }
    #expect(results[0].1 == results[1].1)
  }

  @Test("a program that is linked statically says that it cannot", .enabled(if: isStatic))
  func statically() throws {
    let made = try Secure.certificates.get()
    let program = try RunningProgram(
      [Program.apus, "pub", "-h", "localhost", "-t", "a", "-m", "x", "--cert"]
        + [made.file("client.pem"), "--key", Self.key + "?pin-value=4711"],
      environment: Secure.noEnvironment)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains("'make LINK=dynamic' makes one that can"))
    #expect(!program.errorText.contains("4711"))
  }

  @Test(
    "words that do not go together",
    arguments: [
      ("--keyform engine", "--keyform engine needs --key"),
      ("--tls-engine pkcs11", "--tls-engine needs"), ("--keyform der", "is not pem or engine"),
    ])
  func contradiction(_ words: String, _ text: String) throws {
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x"] + words.split(separator: " ").map(String.init))
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "pub")
    #expect(result.errors.contains(text), "\(result.errors)")
  }
}
