// Where the broker is, as the settings say.

import Transport

extension Settings.Connection {
  var endpoint: Endpoint {
    if let unixPath { return .unix(path: unixPath) }
    if usesServiceRecords { return .service(name: "_\(usesTLS ? "secure-" : "")mqtt._tcp.\(host)") }
    return .tcp(host: host, port: port ?? usualPort)
  }

  private var usualPort: UInt16 {
    if webSocket.isAsked { return usesTLS ? 443 : 80 }
    return usesTLS ? Self.securePort : Self.port
  }
}
