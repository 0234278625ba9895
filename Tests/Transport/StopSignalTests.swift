import Foundation
import Glibc
import Testing

@testable import Transport

/// The one test process gets one stop signal, so this is one test, whose steps come in turn.
@Suite("Stop signals") struct StopSignalTests {
  @Test("end every wait, and the first is remembered", .timeLimit(.minutes(1))) func stop() throws {
    let descriptors = Descriptors()
    let (socket, _) = try descriptors.socketPair()
    let watches = Watches(socket: Watch(socket, .readable))
    let stop = StopSignals.install()
    defer { signal(SIGTERM, SIG_DFL) }
    #expect(stop.requested == nil)
    #expect(try watches.wait(until: MonotonicClock.now(), stop: stop).signal == nil)

    Thread.detachNewThread { _ = kill(getpid(), SIGTERM) }
    let ready = try watches.wait(until: nil, stop: stop)
    #expect(ready.signal == SIGTERM && !ready.socket && !ready.other)
    #expect(stop.requested == SIGTERM)
    #expect(try watches.wait(until: nil, stop: stop).signal == SIGTERM)

    let interrupted = TransportError.interrupted(signal: SIGTERM)
    #expect(throws: interrupted) {
      try Lookup(getent: "/nonexistent")
        .addresses(of: "no..such", port: 1883, deadline: nil, stop: stop)
    }
    if SilentListener.isPossible {
      let silent = try SilentListener()
      let endpoint = Endpoint.tcp(host: "broker", port: 1883)
      let dialer = Dialer(endpoint: endpoint, options: DialOptions(), deadline: nil, stop: stop)
      #expect(throws: interrupted) { try dialer.race([silent.address]) }
    }
  }
}
