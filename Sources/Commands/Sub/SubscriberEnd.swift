// How a subscriber leaves: nothing is left half done.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

extension Subscriber {
  /// Finishes what was begun, so that the server has no half of a handshake, and disconnects.
  mutating func leave() throws(ClientFailure) {
    if end != .done { output.hurry(interrupted: end == .interrupted) }
    try finishOutput()
    try finishCommands(isConnected: true)
    // A second signal still ends it at once.
    client.ignoreStop()
    let limit = MonotonicClock.now() + patienceAtTheEnd
    removeRetained()
    while !isFinished, MonotonicClock.now() < limit {
      // What came together with the last message may be all that is missing.
      try passOver()
      removeRetained()
      try client.flush()
      if isFinished { break }
      if !(try client.fill()) { _ = try client.wait(until: limit) }
    }
    disconnect()
    // All is done: how the server closes is its own affair.
    try? client.finish(within: patienceAtTheEnd)
  }

  /// Who was told to end does not wait long for a server that is slow.
  private var patienceAtTheEnd: Duration {
    switch end {
    case .interrupted, .timedOut: min(connecting.patienceAtTheEnd, .milliseconds(400))
    case .done, nil: connecting.patienceAtTheEnd
    }
  }

  /// Where commands take the messages, it is they who say what is done.
  mutating func finishOutput() throws(ClientFailure) {
    if executor != nil { return }
    try saveSeen()
    try output.finish(&client)
  }

  /// Before its acknowledgement leaves, a sealed message is remembered: it may not come twice.
  mutating func saveSeen() throws(ClientFailure) {
    if opener == nil { return }
    try output.drain(&client)
    try opener?.save()
  }

  private mutating func disconnect() {
    let leavesWill = isDropIn && end != .done
    let packet = connecting.parting(leavesWill ? .disconnectWithWill : .normalDisconnection)
    do { try client.session.disconnect(packet) } catch {
      if !isDropIn { reporter.say("\(error)") }
      client.session.disconnectWithoutExpiry(packet)
    }
  }

  /// Lets commands that run come to their end and sends their answers.  Once time is short, those that
  /// need too long are told to end.
  mutating func finishCommands(isConnected: Bool) throws(ClientFailure) {
    if executor == nil { return }
    var limit = connecting.deadline
    if end != .done { limit = hurryCommands() }
    var signals = [SIGTERM, SIGKILL][...]
    while true {
      if isConnected { try passOver() }
      executor?.settle(&client.session)
      if isConnected { try client.flush() }
      if executor?.isIdle != false { return }
      do throws(ClientFailure) {
        var isLate = try client.attend(until: limit)
        if !isLate, isConnected, try client.fill() { continue }
        if !isLate { isLate = try client.wait(other: executor?.watch, until: limit).isLate }
        if !isLate { continue }
        if end == .done { end = .timedOut }
      } catch .interrupted {
        connecting.stop.rearm()
        if end == .done {
          end = .interrupted
          limit = hurryCommands()
          continue
        }
      }
      guard let signal = signals.popFirst() else { return }
      executor?.stop(by: signal)
      limit = MonotonicClock.now() + .seconds(1)
    }
  }

  /// - Returns: when the commands that run must have ended.
  private mutating func hurryCommands() -> Instant {
    executor?.close()
    return MonotonicClock.now()
      + (end == .timedOut ? connecting.patienceAtTheEnd : Executor.grace)
  }

  /// Handles what comes, but takes no message any more.
  private mutating func passOver() throws(ClientFailure) {
    while let event = try client.nextEvent() {
      if case .message(let message) = event {
        client.session.withholdAcknowledgement(of: message)
      } else {
        try handle(event)
      }
    }
  }

  /// Nothing that was begun waits for the server.
  var isFinished: Bool {
    client.session.isSettled && !client.session.awaitsRelease && removal.isDone
  }
}
