// Where the links do not do what Debian's 2.0.11 does, and why.

extension KnownDifference {
  private static let help = "the help is our own, of the options there are"
  private static let expiry = "2.1: -x makes it MQTT 5"
  private static let scheme = "2.1 writes 'Unsupported'"
  private static let word = "2.1 names the word"
  private static let null = "2.1 calls a client without identifier null, not (null)"

  private static let empty = "2.0.11 sends an empty request"

  static let all: [KnownDifference] = [
    .init("pub", .output, because: help),
    .init("pub -t a", .output, because: help),
    .init("pub -m a", .output, because: help),
    .init("sub", .errors, because: "2.1 names -t and -U"),
    .init("pub -t a -m b -x 4294967295", .errors, .status, because: expiry),
    .init("pub -t a -f missing", .errors, because: "2.1 says why"),
    .init("pub -L foo -m b", .errors, because: scheme),
    .init("pub -L ftp://localhost/a -m b", .errors, because: scheme),
    .init("pub -t a -m b -D pingreq user-property a b", .errors, because: word),
    .init("pub -t a -m b -D publish colour red", .errors, because: word),
    .init("pub -t a -m b -d", .output, because: null),
    .init("pub -t a -f /", .errors, because: "2.1 says why; a folder has no size"),
    .init("rr -V 311 -t r2 -e r2 -f /etc/hostname", .output, because: empty),
    .init("rr -t r4 -e r4 -s", .output, because: empty),
    .init(
      "rr -d -i rr1 -t r3 -e r3 -m c", .output,
      because: "without DISCONNECT the broker would publish the will"),
    .init(
      "pub -t a -m b -D publish payload-format-indicator 2", .errors, .status,
      because: "a broker has to disconnect for it; it is refused before"),
    .init(
      "pub -t '' -m b -D publish topic-alias 1", .errors, .status,
      because: "no topic had the alias before; a broker has to disconnect for it"),
  ]
}
