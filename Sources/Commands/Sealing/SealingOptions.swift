import MQTTProtocol
import OptionTable

extension Settings {
  /// Key files, and what becomes of messages that are not as they should be.
  struct Sealing: Sendable {
    var sealKeys: [String] = []
    var signKey: String?
    var openKeys: [String] = []
    var verifyKeys: [String] = []
    var allowsPlain = false
    var isStrict = false
    var stateFile: String?

    var isSending: Bool { !sealKeys.isEmpty || signKey != nil }
    var isReceiving: Bool { !openKeys.isEmpty || !verifyKeys.isEmpty }
  }
}

extension Option {
  /// Payloads that only those with a key can read, or have written.
  static var sealingOptions: [Option] { sendingOptions + receivingOptions }

  private static var sendingOptions: [Option] {
    [
      Option(
        long: "seal", value: .file("KEY"), group: .sealing, commands: [.pub, .rr, .bench],
        repeats: true,
        summary:
          "Encrypt payloads for the key in the file KEY; repeatable for several x25519 keys.",
        details:
          "'apus key new' makes keys, and apus-sealing(7) describes what is sent.  Topic and "
          + "properties are not encrypted, but a message that is moved to another topic, changed or "
          + "replayed is refused by 'apus sub --open'.  With --outbox what is stored is sealed."
      ) { (word, settings) throws(OptionError) in
        settings.sealing.sealKeys.append(try word.fileName())
      },
      Option(
        long: "sign", value: .file("KEY"), group: .sealing, commands: [.pub, .rr, .bench],
        summary: "Sign messages with the secret key (ed25519 or hmac-sha256) in the file KEY.",
        details: "With {seal} too, what is signed is the encrypted payload and whom it is for."
      ) { (word, settings) throws(OptionError) in
        settings.sealing.signKey = try word.fileName()
      },
    ]
  }

  private static var receivingOptions: [Option] {
    [
      Option(
        long: "open", value: .file("KEY"), group: .sealing, commands: [.sub, .rr, .bench],
        repeats: true,
        summary: "Take only messages that are sealed for the key in the file KEY; repeatable.",
        details:
          "A message that fails a check is told in one line and not shown, and in the end the "
          + "exit status is 65."
      ) { (word, settings) throws(OptionError) in
        settings.sealing.openKeys.append(try word.fileName())
      },
      Option(
        long: "verify", value: .file("KEY"), group: .sealing, commands: [.sub, .rr, .bench],
        repeats: true,
        summary: "Take only messages that are signed by the key in the file KEY; repeatable."
      ) { (word, settings) throws(OptionError) in
        settings.sealing.verifyKeys.append(try word.fileName())
      },
      Option(
        long: "allow-plain", group: .sealing, commands: [.sub, .rr],
        summary: "With {open} or {verify}: take messages that are not sealed or signed as well.",
        details: "Those that are sealed or signed are checked all the same."
      ) { settings in settings.sealing.allowsPlain = true },
      Option(
        long: "strict", group: .sealing, commands: [.sub, .rr],
        summary: "With {open} or {verify}: end at the first message that is refused."
      ) { settings in settings.sealing.isStrict = true },
      Option(
        long: "state", value: .file("FILE"), group: .sealing, commands: [.sub, .rr],
        summary:
          "Remember in FILE which sealed or signed messages came, so that no later run takes "
          + "them again.",
        details:
          "Without it a replay is noticed within one run.  The file is made if it is not there, "
          + "and one command can use it at a time."
      ) { (word, settings) throws(OptionError) in
        settings.sealing.stateFile = try word.fileName()
      },
    ]
  }
}

extension Argument {
  fileprivate func fileName() throws(OptionError) -> String {
    if bytes.isEmpty { throw OptionError("the name of a file is empty") }
    return try string()
  }
}

extension Settings {
  /// - Throws: what does not go together with sealing, or needs it.
  func checkSealing() throws(OptionError) {
    if !sealing.isReceiving {
      let needs = "needs --open or --verify"
      if sealing.allowsPlain { throw OptionError("--allow-plain \(needs)") }
      if sealing.isStrict { throw OptionError("--strict \(needs)") }
      if sealing.stateFile != nil { throw OptionError("--state \(needs)") }
    }
    guard sealing.isSending else { return }
    if connection.willTopic != nil {
      throw OptionError(
        "--will-topic does not go with --seal and --sign: the broker may publish the will several "
          + "times, which is a replay")
    }
    if publishing.source == .empty, publishing.retain, !sealing.sealKeys.isEmpty {
      throw OptionError(
        "-r -n removes what the broker has kept, which a sealed message does not: leave out --seal")
    }
  }
}
