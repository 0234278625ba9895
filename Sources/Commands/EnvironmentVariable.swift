import Glibc

/// What the environment says.
enum EnvironmentVariable {
  /// Any bytes; nil where there is no such variable.
  static func bytes(_ name: String) -> [UInt8]? {
    getenv(name).map { [UInt8](UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }

  /// Nil where it is empty, too.
  static func text(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// An absolute path: what is none does not count.
  static func folder(_ name: String) -> [UInt8]? {
    bytes(name).flatMap { $0.first == UInt8(ascii: "/") ? $0 : nil }
  }
}
