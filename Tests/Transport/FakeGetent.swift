import TestSupport

@testable import Transport

/// A lookup whose getent is a shell script of the test's own.
///
/// The hosts that are asked for have an empty label: getaddrinfo knows without the network that there
/// is no such name.
final class FakeGetent {
  let directory = TemporaryDirectory()
  let lookup: Lookup

  init(_ script: String) throws {
    let path = directory.file("getent")
    // Another process writes the file.  Were it open for writing here, a child that another test
    // starts meanwhile would inherit it for a moment, and it could not be run ("text file busy").
    let writer = try RunningProgram(
      ["/bin/sh", "-c", "cat > \"$0\" && chmod 755 \"$0\"", path],
      input: .bytes(Array("#!/bin/sh\n\(script)\n".utf8)))
    try writer.wait()
    lookup = Lookup(getent: path)
  }

  /// The addresses of a host that only getent knows.
  func addresses(of host: String = "known..to-getent", deadline: Duration? = nil) throws -> [String]
  {
    try lookup.addresses(of: host, port: 1883, deadline: deadline, stop: nil).map(\.text)
  }
}
