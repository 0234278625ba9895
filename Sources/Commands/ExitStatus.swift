// How a run ends, as a number.  The table is part of the interface: apus(1) shows it.

import OptionTable

/// The number that the shell sees.  Mosquitto's values are kept where it has one.
struct ExitStatus: Hashable, Sendable, RawRepresentable {
  let rawValue: Int32
  init(rawValue: Int32) { self.rawValue = rawValue }
  private init(_ status: Int32) { rawValue = status }

  static let success = Self(0)
  /// Wrong arguments, unreadable input, or the first connection could not be made.
  static let usage = Self(1)
  static let unreachable = Self(1)
  static let protocolError = Self(2)
  static let connectionLost = Self(7)
  static let keepAliveTimeout = Self(19)
  static let malformedPacket = Self(21)
  static let notSupported = Self(24)
  static let packetTooLarge = Self(25)
  static let timedOut = Self(27)
  /// A message failed a check of `--open` or `--verify` (EX_DATAERR of sysexits.h).
  static let notAuthentic = Self(65)
  /// An outbox could not take a message, or is none (EX_CANTCREAT of sysexits.h).
  static let notStored = Self(73)
  /// Messages wait in an outbox (EX_TEMPFAIL).
  static let queued = Self(75)
  /// Standard output could not take what was written (EX_IOERR of sysexits.h).
  static let outputFailed = Self(74)
  /// A gate of `--expect` did not hold.
  static let notAsExpected = Self(99)
  /// A command of `--exec` failed (as xargs has it).
  static let commandFailed = Self(123)
  /// SIGINT or SIGTERM before a subscriber's connection stood.
  static let interruptedEarly = Self(255)

  /// A request that nobody subscribes to: MQTT 5's code for it.
  static let noMatchingSubscribers = Self(16)

  /// The server's own code: 1 to 5 below MQTT 5, 128 to 162 in MQTT 5.
  static func refused(_ code: UInt8) -> Self { Self(Int32(code)) }

  /// The table of apus(1).
  static let table: [Definition] = [
    Definition(
      "0", "Everything was done: every message was acknowledged or written as its QoS promises."),
    Definition(
      "1",
      "Wrong arguments, unreadable input, or the broker could not be reached, or not be trusted."),
    Definition(
      "1-5",
      "The broker refused the connection (MQTT 3.1 and 3.1.1): protocol version, client "
        + "identifier, unavailable, user name or password, not authorised."),
    Definition("2", "The broker broke the protocol."),
    Definition("7", "The connection was lost before everything was done."),
    Definition(
      "16", "rr: nobody subscribes to the request's topic, says the broker (MQTT 5, above QoS 0)."),
    Definition("19", "The broker did not answer a keep-alive PINGREQ."),
    Definition("21", "The broker sent a malformed packet."),
    Definition("24", "The broker does not support what was asked for."),
    Definition("25", "A message is larger than the broker accepts."),
    Definition(
      "27",
      "Time-out: -W or --connect-timeout passed, --idle-timeout before -C was reached, a request had "
        + "no answer in time, 'wait' of the shell no message, or bench had messages due and not sent, "
        + "or not acknowledged."),
    Definition(
      "65",
      "A message was refused by --open or --verify: it was not sealed or signed, or changed, moved or "
        + "replayed."),
    Definition(
      "73",
      "The outbox is full, damaged, of a newer apus, or cannot be read or written: what was not stored "
        + "before is not stored."),
    Definition(
      "74", "Standard output was closed, could not be written to, or was not read by its reader."),
    Definition(
      "75",
      "Messages wait in the outbox: 'apus outbox flush' could not deliver all of it, or pub "
        + "--require-delivery not its own."),
    Definition("99", "bench: a gate of --expect did not hold."),
    Definition("123", "A command of --exec failed, was killed, or could not be started."),
    Definition(
      "128-162",
      "The broker refused the connection, a message or a subscription, or ended the connection: "
        + "its MQTT 5 reason code (135 is 0x87, not authorized).  A subscription refused below "
        + "MQTT 5 gives 128."),
    Definition(
      "255",
      "sub or rr --serve was interrupted by a signal before the connection stood.  (pub and rr end by "
        + "the signal itself when their work is not done.)"),
  ]
}
