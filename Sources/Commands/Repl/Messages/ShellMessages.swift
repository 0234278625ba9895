// Messages on their way to the log, the screen and sinks.

import MQTTProtocol
import MQTTSession
import Rendering
import Transport

extension Shell: ShellConnectionObserver {
  func received(_ message: ReceivedMessage, on connection: ShellConnection) {
    log.append(message, of: connection.id)
    if let hears = connection.interceptor, hears(message) { return }
    let isMuted = muted.contains { $0.matches(message.topic) }
    var isShown = false
    var isMeant = false
    connection.subscriptions.forEachMatching(message.topic) { one in
      guard one.view.shows(message) else {
        isMeant = true
        return
      }
      if one.view.sink != nil {
        one.view.write(message, format)
        isMeant = true
      } else if !isShown, !isMuted {
        show(message, one.view, connection)
        isShown = true
      }
    }
    if !isShown, !isMuted, !isMeant {
      show(message, nil, connection)
      isShown = true
    }
    if !isShown, isMuted || !isMeant { unread += 1 }
  }

  /// - Parameter view: nil for a message that comes by no subscription of ours.
  func show(
    _ message: ReceivedMessage, _ view: MessageView?, _ connection: ShellConnection
  ) {
    var output = ByteBuffer()
    if connections.count > 1 { output.append(Array("[\(connection.name)] ".utf8)) }
    var exposure = console.isTerminal ? Exposure.terminal : .exact
    if view?.isRaw == true { exposure.payload = .none }
    var shown = view?.format ?? format
    shown?.append(
      MessageParts(message), exposure, endsWithNewline: view?.endsWithNewline ?? true,
      to: &output)
    console.emit(output.bytes)
  }

  func changed(_ connection: ShellConnection) { onChange() }

  func tell(_ text: String, about connection: ShellConnection) {
    console.tell(connections.count > 1 ? "\(connection.name): \(text)" : text)
  }
}

extension MessageView {
  /// Gives a message to the sink.
  func write(_ message: ReceivedMessage, _ usual: MessageFormat?) {
    var output = ByteBuffer()
    var form = format ?? usual
    form?.append(
      MessageParts(message), .exact, endsWithNewline: endsWithNewline, to: &output)
    sink?.append(output.bytes)
  }
}
