// From argv to an exit status.

import Glibc
import LoadTest
import OptionTable
import Transport

/// Runs the program with the words of its command line and ends the process.
package func run() -> Never {
  occupyStandardDescriptors()
  // As bytes: the standard library would repair what is not UTF-8.
  let arguments = ProcessWords.all().map { Argument(bytes: [UInt8]($0)) }
  if let (tool, words) = Tool.called(arguments) {
    let call = DropIn(tool, words)
    end(call.reporter) { () throws(Failure) in try call.perform() }
  }
  let invocation = Invocation(arguments.dropFirst())
  end(invocation.reporter) { () throws(Failure) in try invocation.perform() }
}

private func end(_ reporter: Reporter, _ work: () throws(Failure) -> ExitStatus) -> Never {
  do {
    exit(try work().rawValue)
  } catch {
    reporter.say(error.text)
    if let signal = error.signal { dieBy(signal) }
    exit(error.status.rawValue)
  }
}

/// What one command line asks for.
private struct Invocation {
  let arguments: ArraySlice<Argument>
  private(set) var reporter: Reporter
  private var work = Work.nothing
  private var mistake: OptionError?
  private var warnings: [String] = []
  /// Kept to the end: to take a table of options apart takes as long as to make it.
  private var spec: CommandSpec<Settings>?

  private enum Work {
    case nothing, overview, version
    case help(CommandName)
    case generate(ArraySlice<Argument>)
    case show(String)
    case key(KeyCommand)
    case publish(Settings)
    case store(Settings, RememberedOptions)
    case outbox(OutboxCommand)
    /// Twice as large as the others.
    indirect case bench(BenchCommand)
    case reports(ReportCommand)
    case subscribe(Settings)
    case request(Settings)
    case explain(Settings)
    case shell(ReplRun)
  }

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
    if command == .key {
      switch try KeyCommand.outcome(words) {
      case .help: work = .help(command)
      case .version: work = .version
      case .run(let key): work = .key(key)
      }
      return
    }
    if command == .bench, let outcome = try ReportCommand.outcome(words) {
      switch outcome {
      case .help: work = .help(command)
      case .version: work = .version
      case .run(let reports): work = .reports(reports)
      }
      return
    }
    if command == .repl { return try readShell(words) }
    if command == .config {
      switch try ConfigListing.outcome(words) {
      case .help: work = .help(command)
      case .version: work = .version
      case .text(let text): work = .show(text)
      }
      return
    }
    var words = words
    var action: OutboxCommand.Action?
    if command == .outbox { (action, words) = try OutboxCommand.split(words) }
    var mode: LoadPlan.Mode?
    if command == .bench { (mode, words) = try BenchCommand.split(words) }
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
        if command == .outbox {
          work = .outbox(try OutboxCommand(action, settings))
        } else if command == .bench {
          work = .bench(try BenchCommand(mode, settings))
        } else {
          work = try checked(settings, for: command)
        }
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
  private mutating func readShell(_ words: ArraySlice<Argument>) throws(OptionError) {
    let spec = Program.spec(for: .repl)
    let parser = Parser(spec, takesOperands: true, of: Program.spec)
    let gathered = parser.gather(words)
    CommandLineWords.hideSecrets(gathered.occurrences, of: spec)
    switch try parser.apply(gathered, to: Settings()) {
    case .help: work = .help(.repl)
    case .version: work = .version
    case .run(let settings):
      work = .shell(try ReplRun(settings, gathered.operands, reporter))
    }
  }

  private func checked(
    _ settings: Settings, for command: CommandName
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

/// A standard descriptor that the parent closed would become the socket's number, and messages would
/// go to the broker.  Opened the wrong way round, it fails as a closed one does.
private func occupyStandardDescriptors() {
  for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDWR)] as [(CInt, CInt)] {
    if fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", mode) }
  }
}

/// Ends the process by the signal that ended its work, so that the shell sees it.
private func dieBy(_ number: CInt) {
  signal(number, SIG_DFL)
  var set = sigset_t()
  sigemptyset(&set)
  sigaddset(&set, number)
  pthread_sigmask(SIG_UNBLOCK, &set, nil)
  raise(number)
}
