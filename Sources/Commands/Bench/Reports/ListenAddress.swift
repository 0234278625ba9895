import OptionTable

/// Where to listen: `127.0.0.1:9100`, `[::1]:9100`, `localhost:9100` or `:9100`.
struct ListenAddress: Hashable, Sendable {
  let host: String
  let port: UInt16

  init(_ word: Argument) throws(OptionError) {
    let text = word.text ?? ""
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0
    else { throw OptionError("'\(word.shown)' is not HOST:PORT, such as localhost:9100") }
    var host = text[..<colon]
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      throw OptionError("'\(word.shown)': an IPv6 address stands in brackets")
    }
    self.host = String(host)
    self.port = port
  }
}
