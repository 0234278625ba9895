// `apus repl`: what a session of the shell holds, and how its commands are run.

import Glibc
import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Transport

/// A session: connections, the messages they brought, and what the user has set.
///
/// Commands come in by `run`, output goes to the console.  Whoever waits for something else, such as a key,
/// waits for `watches` and `due` too, and calls `step` then.
final class Shell {
  let console: any ShellConsole
  let stop: StopSignals
  /// In the order in which they were made.
  private(set) var connections: [ShellConnection] = []
  /// The one that commands are for.
  private(set) var current: ShellConnection?
  private var made = 0
  let log = MessageLog()
  var format = MessageFormat.topicAndPayload
  var muted: [TopicFilter] = []
  /// Messages that came and were not shown.
  var unread = 0
  var variables: [String: [UInt8]] = [:]
  /// Words that go before those of a command.
  var defaults: [CommandName: [Argument]] = [:]
  var aliases: [String: [UInt8]] = [:]
  /// The words of the last pub, and how often each template ran.
  var lastPublish: [Argument] = []
  var templateRuns: [[UInt8]: Int] = [:]
  /// Sinks whose subscription is over and that have not ended yet.
  var endingSinks: [any MessageSink] = []
  /// The one among them that a command writes to, whose failure is that command's.
  var ownSink: (any MessageSink)?
  /// What `exit` asks for.
  var exit: ExitStatus?
  /// Commands do not end at the first that fails.
  var keepsGoing = false
  /// Of the first command that failed.
  var failed: ExitStatus?
  /// Why nobody can read the output any more.
  var outputFailure: Failure?
  /// Commands come from standard input: programs get none.
  var readsStandardInput = false
  /// Files and aliases that are being run.
  var depth = 0
  /// The lines typed so far; a script has none.
  var history: () -> [[UInt8]] = { [] }
  /// Something of what a prompt shows is another now.
  var onChange: () -> Void = {}

  init(_ console: any ShellConsole, stop: StopSignals) {
    self.console = console
    self.stop = stop
  }

  // MARK: Connections

  /// Begins to connect; the connection is the current one from now on.
  func makeConnection(_ name: String, _ settings: Settings) -> ShellConnection {
    made += 1
    let connection = ShellConnection(made, name, settings, stop: stop, observer: self)
    connections.removeAll { $0.name == name }
    connections.append(connection)
    use(connection)
    connection.open()
    return connection
  }

  func use(_ connection: ShellConnection?) {
    current = connection
    onChange()
  }

  func remove(_ connection: ShellConnection) {
    connections.removeAll { $0 === connection }
    if current === connection { use(connections.last) }
  }

  func connection(named name: [UInt8]) -> ShellConnection? {
    connections.first { $0.name.utf8.elementsEqual(name) }
  }

  // MARK: Output

  /// Shows text of the shell's own, in which nothing comes unescaped from outside.
  func emit(_ text: String) {
    var text = text
    text.withUTF8 { console.emit(UnsafeRawBufferPointer($0)) }
  }

  /// Leaves all servers.
  func end() {
    for connection in connections {
      connection.leave()
      for one in connection.subscriptions.all { endSubscription(to: one.filter, of: connection) }
    }
    connections = []
    current = nil
    finishSinks()
  }
}
