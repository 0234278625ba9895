// connect, disconnect, use.

import MQTTProtocol
import MQTTSession
import OptionTable
import Transport

extension Builtin {
  static var connecting: [Builtin] {
    [
      Builtin(
        "connect", "Connect to a broker.", synopsis: ["[OPTION...]"],
        details: [
          "Takes the options of 'apus pub' that say where the broker is and how to connect, and those of "
            + "files and profiles.  A connection that is lost comes back, with its subscriptions."
        ],
        grammar: .options({ Option.connectTable }, readsFiles: true)
      ) { (shell, call) throws(Failure) in try shell.connect(call) },
      Builtin(
        "disconnect", "Leave the broker, or that of the connection NAME.", synopsis: ["[NAME]"]
      ) { (shell, call) throws(Failure) in try shell.disconnect(call) },
      Builtin("use", "Make the connection NAME the one that commands are for.", synopsis: ["NAME"])
      {
        (shell, call) throws(Failure) in try shell.use(call)
      },
    ]
  }
}

extension Option {
  static var connectTable: [Option] {
    let none = ["qos", "quiet"]
    let session = sessionOptions.filter { !none.contains($0.description.long ?? "") }
    return [connectionName] + connectionOptions + serverOptions + loginOptions + session
      + lossOptions + willOptions + tlsOptions + routeOptions + fileOptions + endings
  }

  private static var connectionName: Option {
    Option(
      long: "as", value: .text("NAME"), group: .connection, commands: ["connect"],
      summary: "What the connection is called, where there are several (default main)."
    ) { (word, settings) throws(OptionError) in
      let isName = !word.bytes.isEmpty && word.bytes.allSatisfy(Self.mayName)
      if !isName || word.bytes[0] == UInt8(ascii: "-") {
        throw OptionError("'\(word.shown)' is no name: letters, digits, '-', '_' and '.'")
      }
      settings.shell.connectionName = word.bytes
    }
  }

  private static func mayName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}

extension Shell {
  func connect(_ call: Builtin.Call) throws(Failure) {
    var settings = call.settings
    do throws(OptionError) {
      try settings.connection.heedProxyVariables()
      try settings.checkConnection()
    } catch {
      throw Failure(.usage, "connect: \(error.text)")
    }
    let name = settings.shell.connectionName ?? Array("main".utf8)
    if let there = connection(named: name), !there.isClosed {
      throw Failure(
        .usage,
        "connect: '\(there.name)' is a connection to \(there.endpoint) already: disconnect it, or give "
          + "this one another name with --as")
    }
    let connection = makeConnection(String(decoding: name, as: UTF8.self), settings)
    for warning in settings.connection.tlsWarnings { console.tell("warning: \(warning)") }
    do throws(Failure) {
      let isThere = try pump(until: Connecting.deadline(settings)) { () throws(Failure) in
        connection.isConnected || connection.isClosed
      }
      if !isThere { throw Failure(.timedOut, "\(connection.endpoint): timed out") }
      if let failure = connection.failure { throw failure }
    } catch {
      connection.leave()
      remove(connection)
      throw error
    }
  }

  func disconnect(_ call: Builtin.Call) throws(Failure) {
    var connection = try named(call.operands, "disconnect")
    if connection == nil { connection = try needsConnection("disconnect") }
    guard let connection else { return }
    for one in connection.subscriptions.all { endSubscription(to: one.filter, of: connection) }
    connection.leave()
    remove(connection)
  }

  func use(_ call: Builtin.Call) throws(Failure) {
    guard let connection = try named(call.operands, "use") else {
      let names = connections.map(\.name).joined(separator: ", ")
      let hint = names.isEmpty ? "" : ": \(names)"
      throw Failure(.usage, "use: a connection's name is needed\(hint)")
    }
    use(connection)
  }

  /// The connection that the only word names; nil where there is no word.
  private func named(_ words: [Argument], _ command: String) throws(Failure) -> ShellConnection? {
    try checkCount(words, atMost: 1, command)
    guard let word = words.first else { return nil }
    if let connection = connection(named: word.bytes) { return connection }
    let meant = nearest(to: word.bytes, among: connections.map(\.name))
    throw Failure(
      .usage, "\(command): there is no connection '\(word.shown)'\(didYouMean(meant))")
  }

  /// - Throws: where there are more words than a command takes.
  func checkCount(_ words: [Argument], atMost most: Int, _ command: String) throws(Failure) {
    guard words.count > most else { return }
    throw Failure(.usage, "\(command): unexpected argument '\(words[most].shown)'")
  }

  // MARK: For commands that need a connection

  func needsConnection(_ command: String) throws(Failure) -> ShellConnection {
    guard let current else {
      throw Failure(.usage, "\(command): not connected: 'connect -h HOST' makes a connection")
    }
    return current
  }

  /// The current connection once it stands; one that was lost is waited for.
  ///
  /// - Parameter limit: when to give up.
  func standingConnection(
    _ command: String, until limit: Instant?
  ) throws(Failure) -> ShellConnection {
    let connection = try needsConnection(command)
    if connection.isConnected { return connection }
    let patience = Duration.seconds(connection.settings.connection.connectTimeout)
    let deadline = limit ?? MonotonicClock.now() + patience
    let isThere = try pump(until: deadline) { () throws(Failure) in
      connection.isConnected || connection.isClosed
    }
    if connection.isConnected { return connection }
    throw Failure(
      isThere ? connection.failure?.status ?? .connectionLost : .timedOut,
      "\(command): not connected to \(connection.endpoint)"
        + (isThere ? ": 'disconnect', then 'connect'" : ""))
  }
}
