// Where the broker is, as the settings say.

import Transport

extension Settings.Connection {
  /// The first server, whose turn it is in the settings of `at`.
  var host: String {
    get { servers.first?.host ?? "" }
    set { servers = [Server(newValue)] }
  }

  /// The settings for one of the servers.  TLS is for all of them or for none.
  func at(_ server: Server) -> Self {
    var own = self
    own.servers = [server]
    own.tls.isAsked = usesTLS
    own.tls.isForbidden = !usesTLS
    if server.isReference {
      own.unixPath = nil
      own.usesServiceRecords = false
    }
    return own
  }

  var endpoint: Endpoint {
    if let unixPath { return .unix(path: unixPath) }
    if usesServiceRecords { return .service(name: "_\(usesTLS ? "secure-" : "")mqtt._tcp.\(host)") }
    return .tcp(host: host, port: servers.first?.port ?? port ?? usualPort)
  }

  private var usualPort: UInt16 {
    if webSocket.isAsked { return usesTLS ? 443 : 80 }
    return usesTLS ? Self.securePort : Self.port
  }
}
