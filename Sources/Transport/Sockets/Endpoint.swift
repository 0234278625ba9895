/// Where a broker listens.
package enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  case tcp(host: String, port: UInt16)
  case unix(path: String)
  /// Where the SRV records of `name`, `_mqtt._tcp.example.org`, point to.
  case service(name: String)

  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): path
    case .service(let name): name
    }
  }
}
