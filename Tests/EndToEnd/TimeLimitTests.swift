import Foundation
import Glibc
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// Time limits, keep-alive and signals hold in every state, not only while the program waits.
@Suite("Limits of time") struct TimeLimitTests {
  /// Sends messages without a pause until the client is gone.
  private static func flood(_ connection: ScriptedConnection) {
    let message = Packet.publish(Publish(topic: "a", payload: [0x78])).encoded(connection.version)
    let block = (0..<4096).flatMap { _ in message }
    while connection.send(block) {}
  }

  /// A broker that floods whoever subscribes, and reports what the client sends meanwhile.
  private static func flooding(_ seen: @escaping @Sendable (Packet) -> Void) throws
    -> ScriptedBroker
  {
    try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      Thread.detachNewThread {
        while let packet = (try? connection.next()) ?? nil { seen(packet) }
      }
      flood(connection)
    }
  }

  private static func null() -> CInt { Glibc.open("/dev/null", O_WRONLY | O_CLOEXEC) }

  @Test("-W ends a subscriber in a flood") func flood() throws {
    let broker = try Self.flooding { _ in }
    let null = Self.null()
    defer { close(null) }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-W", "1"] + broker.address, output: null)
    #expect(try program.wait(within: 8) == .exited(27), "\(program.errorText)")
    try broker.finish()
  }

  @Test("-C and SIGTERM end a subscriber in a flood", arguments: [true, false])
  func floodEnds(_ byCount: Bool) throws {
    let broker = try Self.flooding { _ in }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a"] + (byCount ? ["-C", "1"] : []) + broker.address)
    try program.waitForOutput("x\n")
    if !byCount { program.send(SIGTERM) }
    #expect(try program.wait(within: 15) == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a flood does not keep PINGREQ back (#133)") func ping() throws {
    let counter = Counter()
    let broker = try Self.flooding { if case .pingReq = $0 { counter.add() } }
    let null = Self.null()
    defer { close(null) }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-k", "1"] + broker.address, output: null)
    try eventually("a PINGREQ", within: 8) { counter.value > 0 }
    program.send(SIGKILL)
    try program.wait()
    try broker.finish()
  }

  private final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
  }

  @Test("a reader that takes nothing holds up neither -W nor a signal", arguments: [true, false])
  func stalled(_ byTime: Bool) throws {
    let broker = try Self.flooding { _ in }
    var ends: [CInt] = [-1, -1]
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { for end in ends { close(end) } }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a"] + (byTime ? ["-W", "1"] : []) + broker.address,
      output: ends[1])
    try eventually("the pipe to be full") {
      var waiting: CInt = 0
      return ioctl(ends[0], UInt(FIONREAD), &waiting) == 0 && waiting >= 60 << 10
    }
    if !byTime { program.send(SIGTERM) }
    #expect(try program.wait(within: 8) == .exited(byTime ? 27 : 74), "\(program.errorText)")
    expectOneLine(program.errorText, from: "sub")
    try broker.finish()
  }

  @Test("--eager waits for CONNACK as long as --connect-timeout says", arguments: ["0", "1"])
  func eager(_ qos: String) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      while (try? connection.next(within: 10)) ?? nil != nil {}
    }
    let words = ["pub", "-t", "a", "-m", "x", "--eager", "-q", qos, "--connect-timeout", "1"]
    let result = try Program.run(words + broker.address, within: 8)
    #expect(result.ending == .exited(27), "\(result.errors)")
    #expect(result.errors.contains("no answer to CONNECT within 1 s"))
    try broker.finish()
  }

  @Test("a server that does not close after DISCONNECT is not waited for beyond -W") func open()
    throws
  {
    let isOver = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      let (_, id) = try receivePublish(connection)
      connection.send(.acknowledgement(Acknowledgement(.pubAck, id)))
      while try connection.next() != nil {}
      // Our end stays open until the test is over.
      isOver.wait()
      connection.close()
    }
    let words = ["pub", "-t", "a", "-m", "x", "-q", "1", "-W", "1"]
    let result = try Program.run(words + broker.address, within: 4)
    isOver.signal()
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
  }

  @Test("repetitions leave as they come, and a signal ends them") func repetitions() throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      _ = try connection.receive()
      isReady.signal()
      connection.discard()
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x", "--repeat", "2000000000"] + broker.address)
    #expect(isReady.wait(timeout: .now() + 5) == .success)
    program.send(SIGTERM)
    #expect(try program.wait(within: 8) == .signaled(SIGTERM), "\(program.errorText)")
    try broker.finish()
  }

  // MARK: Before the connection stands

  /// A listening socket whose queue is full: connecting to it takes for ever.
  private final class FullQueue {
    let port: UInt16
    private let socket: CInt
    private var waiting: [CInt] = []

    init() throws {
      (socket, port) = try listeningSocket(backlog: 0)
      for _ in 0..<4 { waiting.append(TestSupport.connecting(to: port)) }
    }

    deinit { for descriptor in waiting + [socket] { close(descriptor) } }
  }

  @Test("--connect-timeout while connecting") func connecting() throws {
    let queue = try FullQueue()
    let words = ["pub", "-h", "127.0.0.1", "-p", String(queue.port), "-t", "a", "-m", "x"]
    let result = try Program.run(words + ["--connect-timeout", "1"], within: 5)
    #expect(result.ending == .exited(27), "\(result.errors)")
    #expect(result.errors.contains("no connection within 1 s"))
  }

  @Test("SIGINT while connecting", arguments: ["pub", "sub"]) func interrupted(_ command: String)
    throws
  {
    let queue = try FullQueue()
    let address = ["-h", "127.0.0.1", "-p", String(queue.port), "-t", "a"]
    let program = try RunningProgram(
      [Program.apus, command] + address + (command == "pub" ? ["-n"] : []))
    try eventually("the handlers") { program.catches(SIGINT) }
    program.send(SIGINT)
    let ending = try program.wait(within: 5)
    #expect(ending == (command == "pub" ? .signaled(SIGINT) : .exited(255)))
  }
}
