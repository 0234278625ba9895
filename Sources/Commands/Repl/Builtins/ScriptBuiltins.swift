// echo, sleep, help, exit: what needs no connection.

import MQTTProtocol
import OptionTable
import Rendering
import Transport

extension Builtin {
  static var scripting: [Builtin] {
    [
      Builtin("echo", "Print words.", synopsis: ["[WORD...]"]) { (shell, call) in shell.echo(call)
      },
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

  func sleep(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "sleep")
    let seconds: Double
    do throws(OptionError) {
      guard let word = call.operands.first else {
        throw OptionError("seconds are needed, such as 0.5")
      }
      seconds = try word.decimal(in: 0...1_000_000)
    } catch {
      throw Failure(.usage, "sleep: \(error.text)")
    }
    try pump(until: MonotonicClock.now() + .seconds(seconds)) { false }
  }

  func help(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "help")
    guard let word = call.operands.first else { return emit(Builtin.overview) }
    if word == "!" { return emit("\(Builtin.foreign.name)\n\n\(Builtin.foreign.summary)\n") }
    emit(try Builtin.named(word).help)
  }

  func exit(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "exit")
    do throws(OptionError) {
      let status: Int32? = try call.operands.first?.integer(in: 0...255)
      exit = status.map { ExitStatus(rawValue: $0) } ?? failed ?? .success
    } catch {
      throw Failure(.usage, "exit: \(error.text)")
    }
  }
}
