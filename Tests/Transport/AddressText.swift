import Glibc

@testable import Transport

extension Address {
  /// As an endpoint is written: `127.0.0.1:1883`, `[fe80::1%lo]:1883`, or the path.
  var text: String {
    if family == AF_UNIX {
      return withPointer { address, _ in
        address.withMemoryRebound(to: sockaddr_un.self, capacity: 1) {
          withUnsafeBytes(of: $0.pointee.sun_path) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
          }
        }
      }
    }
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let failed = withPointer {
      getnameinfo(
        $0, $1, &host, socklen_t(host.count), &port, socklen_t(port.count),
        CInt(NI_NUMERICHOST) | CInt(NI_NUMERICSERV))
    }
    if failed != 0 { return "no address" }
    return family == AF_INET6
      ? "[\(Self.string(host))]:\(Self.string(port))"
      : "\(Self.string(host)):\(Self.string(port))"
  }

  private static func string(_ terminated: [CChar]) -> String {
    String(decoding: terminated.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
