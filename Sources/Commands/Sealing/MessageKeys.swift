// The keys that messages are sealed and opened with, read: a pipe gives a key only once.

import Sealing
import Transport

/// Those of `--seal` and `--sign`.
struct SealingKeys: Sendable {
  private(set) var recipients: [Key] = []
  private(set) var signer: Key?

  /// - Returns: nil when messages are sent as they are.
  init?(
    _ asked: Settings.Sealing, until deadline: Duration?, stop: StopSignals?
  ) throws(Failure) {
    guard asked.isSending else { return nil }
    for path in asked.sealKeys {
      recipients.append(try KeyFile.read(path, for: "--seal", .seal, until: deadline, stop: stop))
    }
    if let path = asked.signKey {
      signer = try KeyFile.read(path, for: "--sign", .sign, until: deadline, stop: stop)
    }
  }
}

/// Those of `--open` and `--verify`.
struct OpeningKeys: Sendable {
  private(set) var openers: [Key] = []
  private(set) var verifiers: [Key] = []

  /// - Returns: nil when messages are taken as they are.
  init?(
    _ asked: Settings.Sealing, until deadline: Duration?, stop: StopSignals?
  ) throws(Failure) {
    guard asked.isReceiving else { return nil }
    for path in asked.openKeys {
      openers.append(try KeyFile.read(path, for: "--open", .open, until: deadline, stop: stop))
    }
    for path in asked.verifyKeys {
      verifiers.append(
        try KeyFile.read(path, for: "--verify", .verify, until: deadline, stop: stop))
    }
  }
}
