// status, topics, messages, show, save, mute, unmute, format: what was seen, and how it is shown.

import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Transport

extension Builtin {
  static var looking: [Builtin] {
    [
      Builtin("status", "Tell about the connections, and what their servers allow.") {
        (shell, call) throws(Failure) in try shell.status(call)
      },
      Builtin(
        "topics", "Show the topics seen, as a tree.", synopsis: ["[FILTER]"],
        details: [
          "Beside each topic stand the number of its messages, how many come in a second, how long ago the last "
            + "one came, and its payload."
        ]
      ) { (shell, call) throws(Failure) in try shell.showTopics(call) },
      Builtin(
        "messages", "Look back at messages.",
        synopsis: ["[FILTER] [-n N]", "[FILTER] [-n N] > FILE", "[FILTER] [-n N] | COMMAND"],
        details: [
          "Shows the last 20, or N, with their numbers for 'show'.  The last 100,000 messages are kept, but no "
            + "more than 16 MiB."
        ],
        grammar: .options({ Option.messagesTable }, takesOperands: true)
      ) { (shell, call) throws(Failure) in try shell.listMessages(call) },
      Builtin("show", "Show all of a message: properties, JSON, bytes.", synopsis: ["NUMBER"]) {
        (shell, call) throws(Failure) in try shell.showMessage(call)
      },
      Builtin(
        "save", "Write the messages that are kept into a file.", synopsis: ["FILE [FILTER]"]
      ) { (shell, call) throws(Failure) in try shell.save(call) },
      Builtin("mute", "Don't show messages of FILTER; they are kept.", synopsis: ["[FILTER...]"]) {
        (shell, call) throws(Failure) in try shell.mute(call)
      },
      Builtin("unmute", "Show messages of FILTER, or all, again.", synopsis: ["[FILTER...]"]) {
        (shell, call) throws(Failure) in try shell.unmute(call)
      },
      Builtin(
        "format", "Show messages as FORMAT says.", synopsis: ["[FORMAT]"],
        details: ["apus-formats(7) describes it.  Without FORMAT it is '%t %p' again."]
      ) { (shell, call) throws(Failure) in try shell.setFormat(call) },
    ]
  }
}

extension Option {
  static var messagesTable: [Option] {
    [
      Option(
        short: "n", value: .number("N"), group: .selection, commands: ["messages"],
        summary: "Show the last N messages."
      ) { (word, settings) throws(OptionError) in
        settings.shell.limit = try word.integer(in: 1...Int.max)
      }
    ] + endings
  }
}

extension Shell {
  /// Reads the topic filters that a command was given.
  func filters(_ words: [Argument], _ command: String) throws(Failure) -> [TopicFilter] {
    var filters: [TopicFilter] = []
    do throws(OptionError) {
      for word in words { filters.append(try word.topicFilter()) }
    } catch {
      throw Failure(.usage, "\(command): \(error.text)")
    }
    return filters
  }

  // MARK: Topics

  func showTopics(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "topics")
    let filter = try filters(call.operands, "topics").first
    let connection = try needsConnection("topics")
    let tree = TopicTree(connection.topics.topics, filter)
    try tree.forEachRow(at: MonotonicClock.now()) { (row) throws(Failure) in
      emit(row)
      try awaitRoom()
    }
    if connection.topics.forgotten > 0 {
      emit("(\(connection.topics.forgotten) topics that were silent for longer are forgotten)\n")
    }
  }

  // MARK: Messages

  private var sheet: MessageSheet {
    let isSeveral = connections.count > 1
    let names = isSeveral ? connections.map { ($0.id, $0.name) } : []
    return MessageSheet(log: log, names: Dictionary(uniqueKeysWithValues: names))
  }

  private var exposure: Exposure { console.isTerminal ? .terminal : .exact }

  func listMessages(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "messages")
    let filter = try filters(call.operands, "messages").first
    guard let outlet = call.outlet else {
      let sheet = sheet
      for number in numbers(of: filter, last: call.settings.shell.limit ?? 20) {
        guard let entry = log[number] else { continue }
        var output = ByteBuffer()
        output.append(Array(sheet.head(of: entry).utf8))
        format?.append(log.parts(of: entry), exposure, to: &output)
        console.emit(output.bytes)
        try awaitRoom()
      }
      unread = 0
      return onChange()
    }
    guard let sink = try sink(outlet) else { return }
    try write(numbers(of: filter, last: call.settings.shell.limit ?? Int.max), to: sink)
  }

  private func numbers(of filter: TopicFilter?, last: Int) -> [Int] {
    var numbers: [Int] = []
    var number = log.next - 1
    while numbers.count < last, let entry = log[number] {
      if filter?.matches(log.topic(of: entry)) ?? true { numbers.append(number) }
      number -= 1
    }
    return numbers.reversed()
  }

  func save(_ call: Builtin.Call) throws(Failure) {
    guard let path = call.operands.first else { throw Failure(.usage, "save: a file is needed") }
    try checkCount(call.operands, atMost: 2, "save")
    let filter = try filters(Array(call.operands.dropFirst()), "save").first
    let sink = try FileSink(path.bytes, name: path.shown, appends: false)
    try write(numbers(of: filter, last: Int.max), to: sink)
  }

  /// Hands messages to a sink and waits until it has ended.
  private func write(_ numbers: [Int], to sink: any MessageSink) throws(Failure) {
    for number in numbers {
      guard let entry = log[number] else { continue }
      var output = ByteBuffer()
      format?.append(log.parts(of: entry), .exact, to: &output)
      sink.append(output.bytes)
      if sink.isFull { try sink.flush() }
    }
    sink.close()
    endingSinks.append(sink)
    ownSink = sink
    defer { ownSink = nil }
    do throws(Failure) {
      try pump { () throws(Failure) in
        try sink.flush()
        return sink.isDone
      }
    } catch {
      endingSinks.removeAll { $0 === sink }
      throw error
    }
  }

  func showMessage(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "show")
    let number: Int
    do throws(OptionError) {
      guard let word = call.operands.first else {
        throw OptionError("the number of a message is needed, as 'messages' lists it")
      }
      number = try word.integer(in: 1...Int.max)
    } catch {
      throw Failure(.usage, "show: \(error.text)")
    }
    guard let entry = log[number] else {
      let kept = log.count == 0 ? "none is kept" : "\(log.first) to \(log.next - 1) are kept"
      throw Failure(.usage, "show: there is no message \(number): \(kept)")
    }
    var output = ByteBuffer()
    sheet.append(entry, exposure, to: &output)
    console.emit(output.bytes)
  }

  // MARK: What is shown

  func mute(_ call: Builtin.Call) throws(Failure) {
    if call.operands.isEmpty {
      return emit(muted.map { SafeText.escaped($0.bytes) + "\n" }.joined())
    }
    for filter in try filters(call.operands, "mute") where !muted.contains(filter) {
      muted.append(filter)
    }
  }

  func unmute(_ call: Builtin.Call) throws(Failure) {
    let filters = try filters(call.operands, "unmute")
    muted.removeAll { filters.isEmpty || filters.contains($0) }
  }

  func setFormat(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "format")
    guard let word = call.operands.first else {
      format = .topicAndPayload
      return
    }
    do throws(FormatFault) { format = try MessageFormat(word.bytes) } catch {
      throw Failure(.usage, "format: '\(word.shown)': \(error)")
    }
  }
}
