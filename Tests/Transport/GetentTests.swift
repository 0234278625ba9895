import Glibc
import TestSupport
import Testing
import Transport

@testable import struct Transport.Lookup

/// Names that only the C library's plug-ins know: getent is asked, and not trusted.
@Suite("getent") struct GetentTests {
  @Test("is asked for the host, and what it says is found, in its order") func asked() throws {
    let getent = try FakeGetent(
      #"[ "$*" = "ahosts known..to-getent" ] && echo '2001:db8::2 STREAM' && echo 192.0.2.1"#)
    #expect(try getent.addresses() == ["[2001:db8::2]:1883", "192.0.2.1:1883"])
  }

  @Test("says every address once for each kind of socket") func duplicates() throws {
    let getent = try FakeGetent(
      """
      for address in 192.0.2.1 192.0.2.2 192.0.2.1; do
        echo "$address  STREAM known..to-getent"
        echo "$address  DGRAM"
        echo "$address  RAW"
      done
      """)
    #expect(try getent.addresses() == ["192.0.2.1:1883", "192.0.2.2:1883"])
  }

  @Test("may say other things in between") func junk() throws {
    let getent = try FakeGetent(
      #"printf '\n   \nnonsense STREAM\n192.0.2.1\tSTREAM\n\377\376 STREAM\n  ::1 STREAM\n192.0.2"#
        + #".999\n192.0.2.3'"#)
    #expect(try getent.addresses() == ["192.0.2.1:1883", "[::1]:1883", "192.0.2.3:1883"])
  }

  @Test(
    "may know nothing, or fail",
    arguments: ["exit 2", "echo nonsense", "kill -9 $$", "echo unknown >&2; exit 1"])
  func nothing(_ script: String) throws {
    let getent = try FakeGetent(script)
    #expect(
      throws: TransportError.lookup(host: "known..to-getent", reason: "host name not found")
    ) {
      try getent.addresses()
    }
  }

  @Test("is not asked for a name that it would take for an option") func option() throws {
    let getent = try FakeGetent("echo 192.0.2.1")
    #expect(throws: TransportError.lookup(host: "-s..x", reason: "host name not found")) {
      try getent.addresses(of: "-s..x")
    }
  }

  @Test("may not end: what it said so far is enough") func endless() throws {
    let getent = try FakeGetent("echo 192.0.2.1; exec yes 192.0.2.2")
    let deadline = MonotonicClock.now() + .seconds(5)
    #expect(
      try getent.addresses(deadline: deadline) == ["192.0.2.1:1883", "192.0.2.2:1883"])
  }

  @Test("may say nothing and not end: the deadline does") func hanging() throws {
    let getent = try FakeGetent(#"read line < "$(dirname "$0")/gate""#)
    let gate = getent.directory.file("gate")
    #expect(mkfifo(gate, 0o600) == 0)
    let deadline = MonotonicClock.now() + .milliseconds(30)
    let error = #expect(throws: TransportError.self) {
      try getent.addresses(deadline: deadline)
    }
    #expect(MonotonicClock.now() >= deadline)
    guard case .timedOut(.tcp("known..to-getent", 1883), _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Lets the script go.
    try eventually("the script to read") {
      let end = open(gate, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if end >= 0 { close(end) }
      return end >= 0
    }
  }
}
