import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// SIGINT and SIGTERM at every stage of a run.
@Suite("Signals") struct SignalTests {
  private static func receiveDisconnect(_ connection: ScriptedConnection) throws {
    guard case .disconnect = try connection.receive() else { throw TestFailure("no DISCONNECT") }
    if let more = try connection.next() { throw TestFailure("\(more) after DISCONNECT") }
  }

  @Test("a subscriber disconnects and succeeds", arguments: [SIGINT, SIGTERM])
  func subscriber(_ signal: Int32) throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      isReady.signal()
      try Self.receiveDisconnect(connection)
    }
    let program = try RunningProgram([Program.apus, "sub", "-t", "a"] + broker.address)
    #expect(isReady.wait(timeout: .now() + 10) == .success)
    program.send(signal)
    #expect(try program.wait(within: 10) == .exited(0), "\(program.errorText)")
    #expect(program.errorText.isEmpty)
    try broker.finish()
  }

  @Test("before CONNACK the status is 255", arguments: [SIGINT, SIGTERM])
  func early(_ signal: Int32) throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      _ = try connection.receive()
      isReady.signal()
      _ = try connection.next()
    }
    let program = try RunningProgram([Program.apus, "sub", "-t", "a"] + broker.address)
    #expect(isReady.wait(timeout: .now() + 10) == .success)
    program.send(signal)
    #expect(try program.wait(within: 10) == .exited(255), "\(program.errorText)")
    expectOneLine(program.errorText, from: "sub")
    try broker.finish()
  }

  @Test("a publisher that waits for lines disconnects and dies", arguments: [SIGINT, SIGTERM])
  func publisher(_ signal: Int32) throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      guard case .publish = try connection.receive() else { throw TestFailure("no PUBLISH") }
      isReady.signal()
      try Self.receiveDisconnect(connection)
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-l"] + broker.address, input: .open)
    program.write("one\n")
    #expect(isReady.wait(timeout: .now() + 10) == .success)
    program.send(signal)
    #expect(try program.wait(within: 10) == .signaled(signal), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a publisher that waits for PUBACK disconnects and dies") func unacknowledged() throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      _ = try receivePublish(connection)
      isReady.signal()
      try Self.receiveDisconnect(connection)
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-q", "1", "-m", "x"] + broker.address)
    #expect(isReady.wait(timeout: .now() + 10) == .success)
    program.send(SIGINT)
    #expect(try program.wait(within: 10) == .signaled(SIGINT), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a second signal ends at once what the reader blocks") func second() throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      connection.send(
        .publish(Publish(topic: "a", payload: [UInt8](repeating: 0x61, count: 1 << 20))))
      isReady.signal()
      _ = try? connection.next(within: 10)
    }
    var ends: [CInt] = [-1, -1]
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { for end in ends { close(end) } }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a"] + broker.address, output: ends[1])
    #expect(isReady.wait(timeout: .now() + 10) == .success)
    #expect(isReadable(ends[0], within: 10))
    program.send(SIGINT)
    try eventually("the first signal to be taken") { !program.hasPendingSignal }
    program.send(SIGINT)
    let ending = try program.wait(within: 5)
    #expect(ending == .signaled(SIGINT) || ending == .exited(130), "\(ending)")
    try broker.finish()
  }
}
