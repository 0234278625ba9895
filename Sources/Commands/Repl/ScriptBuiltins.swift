// echo, exit, help: what needs no connection.

import MQTTProtocol
import OptionTable
import Rendering

extension Builtin {
  static var messaging: [Builtin] {
    [
      Builtin(
        "pub", "Publish a message.", synopsis: ["[OPTION...] -t TOPIC (-m PAYLOAD | -f FILE | -n)"],
        details: ["Is done when the message is where its quality of service wants it."],
        grammar: .options({ Option.shellPublishTable }, readsFiles: true)
      ) { (shell, call) throws(Failure) in try shell.publish(call) },
      Builtin(
        "sub", "Subscribe; messages are shown as they come.",
        synopsis: [
          "[OPTION...] -t FILTER...", "[OPTION...] -t FILTER... > FILE",
          "[OPTION...] -t FILTER... | COMMAND",
        ],
        details: [
          "'> FILE' writes the messages into a file and '>> FILE' behind what is in it; '| COMMAND' hands them "
            + "to a program.  They are not shown then."
        ],
        grammar: .options({ Option.shellSubscribeTable }, readsFiles: true)
      ) { (shell, call) throws(Failure) in try shell.subscribe(call) },
      Builtin("unsub", "Unsubscribe.", synopsis: ["FILTER..."]) { (shell, call) throws(Failure) in
        try shell.unsubscribe(call)
      },
      Builtin("subs", "List subscriptions.") { (shell, call) throws(Failure) in
        try shell.listSubscriptions(call)
      },
      Builtin(
        "wait", "Wait for a message.", synopsis: ["FILTER [--timeout SECONDS] [--match TEXT]"],
        details: [
          "A message counts that came since the subscription was made and that no 'wait' has had yet, so "
            + "that it cannot come too early.  Its topic and payload are in $topic and $payload then.  When "
            + "none comes in time the status is 27."
        ],
        grammar: .options({ Option.waitTable }, takesOperands: true)
      ) { (shell, call) throws(Failure) in try shell.wait(call) },
    ]
  }

  static var scripting: [Builtin] {
    [
      Builtin("echo", "Print words.", synopsis: ["[WORD...]"]) { (shell, call) in shell.echo(call) },
      Builtin("sleep", "Wait for a while; messages are shown.", synopsis: ["SECONDS"]) {
        (shell, call) throws(Failure) in try shell.sleep(call)
      },
      Builtin("help", "List the commands, or tell about one.", synopsis: ["[COMMAND]"]) {
        (shell, call) throws(Failure) in try shell.help(call)
      },
      Builtin("exit", "Leave all brokers and end the shell.", synopsis: ["[STATUS]"]) {
        (shell, call) throws(Failure) in try shell.exit(call)
      },
    ]
  }
}

extension Shell {
  func echo(_ call: Builtin.Call) {
    let line = Array(call.operands.map(\.bytes).joined(separator: [UInt8(ascii: " ")]))
    emit(shown: line + [UInt8(ascii: "\n")])
  }

  /// Shows bytes that may come from anywhere.
  func emit(shown bytes: [UInt8]) {
    guard console.isTerminal else { return bytes.withUnsafeBytes { console.emit($0) } }
    var output = ByteBuffer()
    bytes.withUnsafeBytes { output.append($0, .text) }
    console.emit(output.bytes)
  }

  func help(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "help")
    guard let word = call.operands.first else { return emit(Builtin.overview) }
    emit(try Builtin.named(word).help)
  }

  func exit(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "exit")
    do throws(OptionError) {
      let status: Int32 = try call.operands.first?.integer(in: 0...255) ?? 0
      exit = ExitStatus(rawValue: status)
    } catch {
      throw Failure(.usage, "exit: \(error.text)")
    }
  }
}
