import MQTTSession

/// Hears what happens on connections.
protocol ShellConnectionObserver: AnyObject {
  /// A message arrived; it is valid during the call.
  func received(_ message: ReceivedMessage, on connection: ShellConnection)
  /// The state is another one.
  func changed(_ connection: ShellConnection)
  /// Something a person should know.
  func tell(_ text: String, about connection: ShellConnection)
}
