/// Enhanced authentication on one connection (MQTT 5 §4.12).
package protocol LoadLogin: AnyObject {
  /// - Returns: the method's data for CONNECT.
  func begin() throws(LoadFault) -> [UInt8]
  func answer(_ challenge: [UInt8]) throws(LoadFault) -> [UInt8]
  /// - Throws: when this side is not content with the server.
  func conclude(_ data: [UInt8]?) throws(LoadFault)
}
