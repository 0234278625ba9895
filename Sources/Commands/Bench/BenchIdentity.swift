import LoadTest
import MQTTProtocol
import MQTTSession

/// What each client says in CONNECT.
struct BenchIdentity: Sendable {
  private let model: Connect
  private let clientID: Template
  private let rows: [ClientRow]?
  private let window: Int

  /// - Parameter rows: of the table of clients, as many as there are clients.
  /// - Throws: naming the line that cannot be sent.
  init(
    _ settings: Settings, _ clientID: Template, _ rows: [ClientRow]?, window: Int
  ) throws(Failure) {
    model = settings.connect(
      clientID: .empty, password: settings.connection.password, receiveMaximum: nil)
    self.clientID = clientID
    self.rows = rows
    self.window = window
    for (place, row) in (rows ?? []).enumerated() {
      let isText = [row.clientID, row.userName ?? []].allSatisfy { (try? UTF8String($0)) != nil }
      if !isText || row.password?.count ?? 0 > UTF8String.maximumLength {
        throw Failure(.usage, "--client-table: row \(place + 1) is no text that MQTT can send")
      }
    }
  }

  /// Who a client says it is, and how it shows that.
  func credentials(_ number: Int) -> (user: [UInt8]?, password: [UInt8]?) {
    let row = rows.map { $0[number % $0.count] }
    return (row?.userName ?? model.userName?.bytes, row?.password ?? model.password)
  }

  /// Of one that only observes the broker: like the first client, by another name.
  func observer() -> SessionConfiguration {
    var configuration = session(0)
    configuration.connect.clientID =
      (try? UTF8String(Array("apus-bench-".utf8) + RandomText.letters(8))) ?? .empty
    return configuration
  }

  /// - Parameter number: among all clients of the run.
  func session(_ number: Int) -> SessionConfiguration {
    var connect = model
    if let rows {
      let row = rows[number % rows.count]
      connect.clientID = (try? UTF8String(row.clientID)) ?? .empty
      if let name = row.userName { connect.userName = try? UTF8String(name) }
      if let password = row.password { connect.password = password }
    } else {
      var random = SplitMix64(seed: UInt64(truncatingIfNeeded: number) &+ 77)
      connect.clientID = (try? UTF8String(clientID.text(client: number, &random))) ?? .empty
    }
    var configuration = SessionConfiguration(connect: connect, window: window)
    // A load test measures the broker and does not judge it.
    configuration.toleratesExcess = true
    configuration.toleratesUnasked = true
    configuration.wantsAssignedID = false
    return configuration
  }
}
