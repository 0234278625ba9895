// The ends of a connection: in order, and in disorder.

import MQTTSession
import Transport

extension Client {
  /// What an orderly end waits for.
  package enum Ending: Sendable {
    /// Nothing: everything that matters was acknowledged.
    case sent
    /// The server's system has all that was sent.
    case delivered
    /// The server has closed: it has read everything, and said what it had to say about it.
    case closed
  }

  /// Sends what the output holds and ends the connection.
  ///
  /// - Parameters:
  ///   - ending: what to wait for.
  ///   - patience: how long that may take; then we close.
  /// - Throws: what went wrong before, the server's own DISCONNECT among it.
  package mutating func finish(
    when ending: Ending = .closed, within patience: Duration
  ) throws(ClientFailure) {
    defer { close() }
    let deadline = MonotonicClock.now() + patience
    // A server reads what is as short as this at once.
    if ending != .closed, session.output.count <= 1024 { stream?.willFinish() }
    while !(try flush()) {
      if try wait(until: deadline).isLate { throw .noAnswer(to: "DISCONNECT", within: patience) }
      _ = try takeInput()
    }
    stream?.finishWriting()
    var limit = min(deadline, MonotonicClock.now() + Self.courtesy)
    while MonotonicClock.now() < deadline {
      do throws(ClientFailure) {
        // Closing on unread bytes would be a reset.
        if try takeInput() { continue }
        switch ending {
        case .sent: return
        case .delivered:
          if try isDelivered() { return }
          _ = try wait(until: min(deadline, MonotonicClock.now() + Self.moment))
        case .closed:
          if try wait(until: limit).isLate {
            stream?.askToClose()
            limit = deadline
          }
        }
      } catch .closedByServer(beforeConnAck: false) {
        return try awaitDelivery(until: deadline)
      }
    }
    if session.phase == .connecting { throw .noAnswer(to: "CONNECT", within: patience) }
  }

  /// The server has closed: waits until its system has confirmed what we sent, which it does at once
  /// unless the server closed before it had read everything.
  private func awaitDelivery(until deadline: Instant) throws(ClientFailure) {
    while !(try isDelivered()), MonotonicClock.now() < deadline {
      let limit = MonotonicClock.now() + Self.moment
      do { _ = try Watches().wait(until: limit, stop: nil) } catch { throw .transport(error) }
    }
  }

  /// How long a server may take to close at DISCONNECT before it is asked to.
  private static let courtesy = Duration.milliseconds(300)

  /// How long to wait before a look at what nothing tells of.
  private static let moment = Duration.milliseconds(1)

  private func isDelivered() throws(ClientFailure) -> Bool {
    do { return try stream?.isDelivered() ?? true } catch { throw .transport(error) }
  }

  /// Reads once and passes over what comes.
  private mutating func takeInput() throws(ClientFailure) -> Bool {
    let moved = try fill()
    while try nextEvent() != nil {}
    return moved
  }

  /// Sends what can be sent at once, and closes: for connections that end in disorder.
  ///
  /// A moment is left for what is still coming in: closing on unread bytes is a reset, and that may
  /// overtake what we sent last.
  package mutating func abandon() {
    _ = try? flush()
    stream?.finishWriting()
    let deadline = MonotonicClock.now() + .milliseconds(250)
    while let stream, MonotonicClock.now() < deadline {
      input.removeAll()
      guard let room = input.room(wanted: 0), let transfer = try? stream.read(into: room)
      else { break }
      switch transfer {
      case .bytes: continue
      case .wouldBlock(let wants):
        let watches = Watches(socket: Watch(stream.descriptor, wants))
        _ = try? watches.wait(until: deadline, stop: nil)
      case .end:
        close()
        return
      }
    }
    close()
  }
}
