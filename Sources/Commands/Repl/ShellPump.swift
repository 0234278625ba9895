// All connections of the shell at once.

import MQTTProtocol
import MQTTSession
import OptionTable
import Transport

extension Shell {
  /// What to wait for.
  var watches: [Watch] {
    var watches = [console.watch].compactMap { $0 }
    for connection in connections {
      let isReading = hasRoom(for: connection)
      if let watch = connection.waiting(reading: isReading).socket { watches.append(watch) }
    }
    for sink in sinks { watches += sink.watches }
    return watches
  }

  /// When there is something to do though nothing happened.
  var due: Instant? {
    connections.compactMap { $0.waiting(reading: hasRoom(for: $0)).due }.min()
  }

  /// Does what can be done without waiting.
  func step() {
    for connection in connections {
      connection.setHeldUp(by: connection.subscriptions.fullSink?.name)
      connection.step(reading: hasRoom(for: connection))
    }
    flush()
  }

  /// There is room for its messages.
  private func hasRoom(for connection: ShellConnection) -> Bool {
    !console.isFull && connection.subscriptions.fullSink == nil
  }

  private var sinks: [any MessageSink] {
    connections.flatMap { $0.subscriptions.all.compactMap(\.view.sink) } + endingSinks
  }

  func flush() {
    do { try console.flush() } catch { outputFailure = outputFailure ?? error }
    for sink in sinks where sink !== ownSink {
      do { try sink.flush() } catch { drop(sink, after: error) }
    }
    endingSinks.removeAll { $0 !== ownSink && $0.isDone }
  }

  /// Waits until the console takes more, in the middle of a long output that may be stopped there.
  func awaitRoom() throws(Failure) {
    if let signal = stop.requested { throw Failure(signal: signal) }
    if console.isFull { try pump { () throws(Failure) in !console.isFull } }
  }

  /// Nobody reads it any more: its subscriptions are shown instead.
  private func drop(_ sink: any MessageSink, after failure: Failure) {
    report(failure)
    endingSinks.removeAll { $0 === sink }
    for connection in connections { connection.subscriptions.removeSink(sink) }
  }

  /// Forgets a subscription; a sink that no other one uses is closed, and writes what it still has.
  func endSubscription(to filter: TopicFilter, of connection: ShellConnection) {
    let sink = connection.subscriptions[filter]?.view.sink
    connection.subscriptions.remove(filter)
    guard let sink, !connection.subscriptions.uses(sink) else { return }
    sink.close()
    endingSinks.append(sink)
  }

  /// Gives sinks time for what they still have.
  func finishSinks() {
    let limit = MonotonicClock.now() + .seconds(5)
    while MonotonicClock.now() < limit {
      flush()
      let watches = watches
      if watches.isEmpty { return }
      _ = try? Watches.wait(for: watches, until: limit, stop: nil)
    }
    for sink in sinks where !sink.isDone {
      report(Failure(.outputFailed, "\(sink.name): what it did not take within 5 s is lost"))
    }
  }

  /// Goes on until the condition holds.
  ///
  /// - Returns: false when the deadline came first.
  /// - Throws: `interrupted` for a stop signal, and what the condition throws.
  @discardableResult
  func pump(
    until deadline: Instant? = nil, _ isDone: () throws(Failure) -> Bool
  ) throws(Failure) -> Bool {
    while true {
      step()
      if let outputFailure { throw outputFailure }
      if try isDone() { return true }
      if let deadline, MonotonicClock.now() >= deadline { return false }
      let limit = [deadline, due].compactMap { $0 }.min()
      let signal: CInt?
      do { signal = try Watches.wait(for: watches, until: limit, stop: stop) } catch {
        throw Failure(.protocolError, "\(error)")
      }
      if let signal { throw Failure(signal: signal) }
    }
  }
}
