// What the program is called as one of mosquitto's clients.

import OptionTable
import Transport

/// One command line of mosquitto_pub, mosquitto_sub or mosquitto_rr.
struct DropIn {
  private let tool: Tool
  private(set) var reporter = Reporter(command: nil)
  private var work: Result<Work, Complaint>

  private enum Work {
    case help, version
    case run(Settings)
  }

  init(_ tool: Tool, _ words: ArraySlice<Argument>) {
    self.tool = tool
    reporter.personality = .dropIn(tool)
    do throws(Complaint) {
      work = .success(try Self.read(words, tool))
    } catch {
      work = .failure(error)
    }
    if case .success(.run(let settings)) = work { reporter.isQuiet = settings.isQuiet }
  }

  private static func read(
    _ words: ArraySlice<Argument>, _ tool: Tool
  ) throws(Complaint) -> Work {
    var wishes = Wishes(tool)
    let rules = Rule.all
    let table = Option.table(for: tool.command)
    for line in try OptionsFile.lines(words, tool) + [Array(words)] {
      switch try wishes.read(line[...], rules, table) {
      case .help: return .help
      case .version: return .version
      case nil: continue
      }
    }
    hideSecrets(of: wishes, in: words)
    return .run(try wishes.agreed())
  }

  /// What ps shows is nobody's output: here the program does better.
  private static func hideSecrets(of wishes: Wishes, in words: ArraySlice<Argument>) {
    var secrets = [wishes.password, wishes.tls.psk].compactMap { $0 }.map { ($0, Secret.mask) }
    for word in words {
      let isURL = word.bytes.indices.contains { word.bytes[$0...].starts(with: "://".utf8) }
      guard isURL else { continue }
      let shown = Secret.login.mask([word])[0]
      if shown != word { secrets.append((word, shown)) }
    }
    if secrets.isEmpty { return }
    CoreDumps.forbid()
    let all = CommandLineWords()
    for (word, shown) in secrets { all.hide(word, behind: shown) }
  }

  func perform() throws(Failure) -> ExitStatus {
    switch work {
    case .success(.help): try StandardOutput.print(tool.help)
    case .success(.version): try StandardOutput.print(tool.version)
    case .success(.run(let settings)): return try run(settings)
    case .failure(let complaint):
      reporter.say(complaint.text(tool))
      if complaint.pointer == .usage { try StandardOutput.print(tool.help) }
    }
    return .usage
  }

  private func run(_ settings: Settings) throws(Failure) -> ExitStatus {
    switch tool {
    case .pub:
      var publisher = try Publisher(settings, reporter)
      return try publisher.run()
    case .sub:
      var subscriber = try Subscriber(settings, reporter)
      return try subscriber.run()
    case .rr:
      var requester = try Requester(settings, reporter)
      return try requester.run()
    }
  }
}
