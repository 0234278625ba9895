/// Words of a stranger, fit for a message: at most 200 bytes, and a '?' for what is no visible ASCII.
enum VisibleText {
  static func of(_ bytes: some Collection<UInt8>) -> String {
    let shown = bytes.prefix(200).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: shown, as: UTF8.self) + (bytes.count > 200 ? "…" : "")
  }
}
