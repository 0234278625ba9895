// From the words of a command line to what they ask for.

import Glibc
import OptionTable

/// What one command line asks for.
struct Invocation {
  let arguments: ArraySlice<Argument>
  private(set) var reporter: Reporter
  private var work = Work.nothing
  private var mistake: OptionError?
  private var warnings: [String] = []
  /// Kept to the end: to take a table of options apart takes as long as to make it.
  private var spec: CommandSpec<Settings>?

  init(_ arguments: ArraySlice<Argument>) {
    self.arguments = arguments
    reporter = Reporter(command: nil)
    if arguments.isEmpty {
      // Somebody sits there.
      if isatty(0) == 1, isatty(1) == 1 { work = .shell(ReplRun(reporter)) }
      return
    }
    do throws(OptionError) { try read() } catch { mistake = error }
  }

  private mutating func read() throws(OptionError) {
    // The maker of manual pages and completions is no command for users: it is not in the table.
    if arguments.first == "generate" {
      work = .generate(arguments.dropFirst())
      return
    }
    switch try Dispatch(arguments, among: Program.commands) {
    case .version: work = .version
    case .help(let command): work = command.map { .help($0) } ?? .overview
    case .run(let command, let words): try read(command, words)
    }
  }

  private mutating func read(
    _ command: CommandName, _ words: ArraySlice<Argument>
  ) throws(OptionError) {
    reporter.command = command.text
    switch command {
    case .key: work = try KeyCommand.work(words)
    case .repl: work = try shell(words)
    case .config: work = try ConfigListing.work(words)
    case .bench:
      if let reports = try ReportCommand.work(words) {
        work = reports
      } else {
        let (mode, options) = try BenchCommand.split(words)
        try read(command, options) { (settings) throws(OptionError) in
          .bench(try BenchCommand(mode, settings))
        }
      }
    case .outbox:
      let (action, options) = try OutboxCommand.split(words)
      try read(command, options) { (settings) throws(OptionError) in
        .outbox(try OutboxCommand(action, settings))
      }
    default:
      try read(command, words) { (settings) throws(OptionError) in
        try Self.work(command, settings)
      }
    }
  }

  /// Reads the options of a command that talks to a broker.
  ///
  /// - Parameter checked: the work with settings that fit together.
  private mutating func read(
    _ command: CommandName, _ words: ArraySlice<Argument>,
    _ checked: (Settings) throws(OptionError) -> Work
  ) throws(OptionError) {
    var defaults = Settings()
    if command == .rr || command == .tls { defaults.connection.version = .v5 }
    let spec = Program.spec(for: command)
    self.spec = spec
    let parser = Parser(spec, of: Program.spec)
    var gathered = try parser.gather(words, files: ConfigFiles(for: command).read)
    CommandLineWords.hideSecrets(gathered.occurrences, of: spec)
    let folder = RememberedOptions.folder(in: gathered)
    if let folder { gathered = RememberedOptions.join(gathered, folder, parser) }
    var filling = command == .pub ? try TemplateFilling(gathered) : nil
    try filling?.fill(&gathered)
    switch try parser.apply(gathered, to: defaults) {
    case .help: work = .help(command)
    case .version: work = .version
    case .run(var settings):
      do throws(OptionError) {
        try settings.decodeBinaryProperties()
        try settings.connection.heedProxyVariables()
        try settings.fillPayload(filling)
        work = try checked(settings)
        if case .publish = work, folder != nil {
          let options = RememberedOptions(gathered, Option.table(for: command), settings)
          work = .store(settings, options)
        }
      } catch {
        // What does not go together need not all stand in the line.
        let hint = "; 'apus config \(command.text)' shows what files say"
        throw OptionError(error.text + (gathered.usesFiles ? hint : ""))
      }
      reporter.isQuiet = settings.isQuiet
      warnings = settings.connection.tlsWarnings
    }
  }

  /// What follows are words of the shell, which reads them itself.
  private func shell(_ words: ArraySlice<Argument>) throws(OptionError) -> Work {
    let spec = Program.spec(for: .repl)
    let parser = Parser(spec, takesOperands: true, of: Program.spec)
    let gathered = parser.gather(words)
    CommandLineWords.hideSecrets(gathered.occurrences, of: spec)
    switch try parser.apply(gathered, to: Settings()) {
    case .help: return .help(.repl)
    case .version: return .version
    case .run(let settings): return .shell(try ReplRun(settings, gathered.operands, reporter))
    }
  }

  private static func work(
    _ command: CommandName, _ settings: Settings
  ) throws(OptionError) -> Work {
    if settings.explains || command == .tls {
      try settings.checkConnection()
      return .explain(settings)
    }
    switch command {
    case .pub:
      try settings.checkForPublishing()
      return .publish(settings)
    case .rr:
      try settings.checkForRequesting()
      return settings.requesting.isServing ? .subscribe(settings) : .request(settings)
    default:
      try settings.checkForSubscribing()
      return .subscribe(settings)
    }
  }

  func perform() throws(Failure) -> ExitStatus {
    if let mistake { throw Failure(.usage, mistake.text) }
    for warning in warnings { reporter.say("warning: \(warning)") }
    switch work {
    case .nothing:
      try StandardOutput.print(Program.spec.help(), to: 2)
      return .usage
    case .overview: try StandardOutput.print(Program.spec.help())
    case .version: try StandardOutput.print("apus \(Program.version)\n")
    case .show(let text): try StandardOutput.print(text)
    case .help(let command):
      try StandardOutput.print(Program.spec.help(for: Program.spec(for: command).description))
    case .generate(let words): try generate(words)
    case .key(let command): try command.perform()
    case .publish(let settings):
      var publisher = try Publisher(settings, reporter)
      return try publisher.run()
    case .store(let settings, let options):
      let run = try OutboxRun(settings, reporter, remembering: options)
      return try run.run()
    case .outbox(let command): return try command.perform(reporter)
    case .bench(let command): return try command.perform(reporter)
    case .reports(let command): try command.perform()
    case .request(let settings):
      var requester = try Requester(settings, reporter)
      return try requester.run()
    case .shell(let run): return try run.run()
    case .explain(let settings): return try Explainer(settings).run()
    case .subscribe(let settings):
      var subscriber = try Subscriber(settings, reporter)
      return try subscriber.run()
    }
    return .success
  }
}
