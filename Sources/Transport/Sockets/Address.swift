import Glibc

/// A socket address as the kernel wants it.
struct Address {
  private var storage = sockaddr_storage()
  private let length: socklen_t

  var family: CInt { CInt(storage.ss_family) }

  /// An IPv4 or IPv6 literal, with a scope (`fe80::1%eth0`) where it has one; nil for a name.
  init?(literal text: String, port: UInt16) {
    var four = sockaddr_in()
    if inet_pton(AF_INET, text, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      self.init(copying: &four, MemoryLayout<sockaddr_in>.size)
      return
    }
    // No name holds one.
    guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
    var six = sockaddr_in6()
    let percent = text.utf8.firstIndex(of: UInt8(ascii: "%"))
    let host = percent.map { String(text[..<$0]) } ?? text
    guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
    if let percent {
      let scope = String(text[text.utf8.index(after: percent)...])
      six.sin6_scope_id = UInt32(scope) ?? if_nametoindex(scope)
      if six.sin6_scope_id == 0 { return nil }
    }
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = port.bigEndian
    self.init(copying: &six, MemoryLayout<sockaddr_in6>.size)
  }

  /// - Returns: nil when the path is empty, has a NUL byte, or is above 107 bytes.
  init?(unixPath path: String) {
    let bytes = Array(path.utf8)
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard !bytes.isEmpty, bytes.count < room, !bytes.contains(0) else { return nil }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    self.init(copying: &address, MemoryLayout<sockaddr_un>.size)
  }

  /// The address alone, 4 or 16 bytes; none for a Unix socket.
  var bytes: [UInt8] {
    withUnsafeBytes(of: storage) { storage in
      switch family {
      case AF_INET: Array(storage[4..<8])
      case AF_INET6: Array(storage[8..<24])
      default: []
      }
    }
  }

  init(_ info: addrinfo) {
    length = info.ai_addrlen
    if let address = info.ai_addr {
      memcpy(&storage, address, min(Int(length), MemoryLayout<sockaddr_storage>.size))
    }
  }

  private init(copying address: UnsafeRawPointer, _ size: Int) {
    length = socklen_t(size)
    memcpy(&storage, address, size)
  }

  /// Calls `body` with what bind(2) and connect(2) take.
  func withPointer<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}
