extension Collection<UInt8> {
  /// For the C library, with its NUL.
  var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
