import OptionTable

extension OptionGroup {
  static let outbox = OptionGroup("Outbox", order: 3)
}

extension Option {
  /// Of a publisher.
  static var storingOptions: [Option] {
    [
      outboxOption(commands: [.pub]),
      Option(
        long: "no-wait", group: .outbox, commands: [.pub],
        summary: "When another process sends from the outbox: store and return at once.",
        details: "Without it a run waits until its own messages are delivered."
      ) { settings in settings.outboxing.waits = false },
      Option(
        long: "require-delivery", group: .outbox, commands: [.pub],
        summary: "Exit with status 75 when messages of this run are still queued at its end."
      ) { settings in settings.outboxing.requiresDelivery = true },
      Option(
        long: "max-size", value: .number("BYTES"), group: .outbox, commands: [.pub],
        summary: "Store nothing that makes the outbox hold more than BYTES: status 73.",
        details: "Counted are topics, properties and payloads."
      ) { (word, settings) throws(OptionError) in
        settings.outboxing.mostBytes = try word.integer(in: 1...Int.max)
      },
      Option(
        long: "max-age", value: .number("SECONDS"), group: .outbox, commands: [.pub],
        summary: "Drop these messages, with a line that says so, when they are not sent in SECONDS."
      ) { (word, settings) throws(OptionError) in
        settings.outboxing.mostSeconds = try word.decimal(in: 0.001...3_000_000_000)
      },
    ]
  }

  /// All options of `apus outbox` but those that every command has.
  static var outboxTable: [Option] {
    let connecting =
      connectionOptions + serverOptions + loginOptions + sessionOptions + lossOptions + willOptions
      + tlsOptions
      + routeOptions
    let ofTheRun = ["protocol-version", "timeout", "debug", "quiet", "retries"]
    return [outboxOption(commands: [.outbox])] + [
      Option(
        long: "all", group: .outbox, commands: [.outbox],
        summary: "drop: take out all messages."
      ) { settings in settings.outboxing.dropsAll = true },
      Option(
        long: "json", group: .outbox, commands: [.outbox],
        summary: "ls, stats: print JSON, one object a line."
      ) { settings in settings.outboxing.showsJSON = true },
    ]
      + connecting.filter { option in
        RememberedOptions.isRemembered(option.description)
          || ofTheRun.contains(option.description.long ?? "")
      }
  }

  private static func outboxOption(commands: [CommandName]) -> Option {
    Option(
      long: "outbox", value: .directory("DIR"), group: .outbox, commands: commands,
      summary: "Keep messages in DIR until they are delivered; apus-outbox(1) tells how.",
      details: "DIR is made when it is not there."
    ) { (word, settings) throws(OptionError) in
      let path = try word.string()
      if path.isEmpty { throw OptionError("the path is empty") }
      settings.outboxing.path = path
    }
  }
}
