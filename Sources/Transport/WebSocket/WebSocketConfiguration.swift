/// What a person says about WebSocket.
package struct WebSocketConfiguration: Hashable, Sendable {
  /// With its query, as it stands in the request.
  package var path: String
  /// Whole lines, `Name: value`.
  package var fields: [[UInt8]]
  /// Names of MQTT; the server must choose one.
  package var protocols: [String]

  package init(path: String, fields: [[UInt8]], protocols: [String]) {
    self.path = path
    self.fields = fields
    self.protocols = protocols
  }
}
