// From argv to an exit status.

import Glibc
import OptionTable

/// Runs the program with the words of its command line and ends the process.
package func run() -> Never {
  occupyStandardDescriptors()
  let arguments = commandLine()
  let invocation = Invocation(arguments.dropFirst())
  do {
    exit(try invocation.perform().rawValue)
  } catch {
    invocation.reporter.say(error.text)
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

  private enum Work {
    case nothing, overview, version
    case help(CommandName)
    case generate(ArraySlice<Argument>)
    case publish(Settings)
    case subscribe(Settings)
    case request(Settings)
  }

  init(_ arguments: ArraySlice<Argument>) {
    self.arguments = arguments
    reporter = Reporter(command: nil)
    if arguments.isEmpty { return }
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
    var defaults = Settings()
    if command == .rr { defaults.connection.version = .v5 }
    switch try Parser(Program.spec(for: command), of: Program.spec).parse(words, into: defaults) {
    case .help: work = .help(command)
    case .version: work = .version
    case .run(let settings):
      switch command {
      case .pub:
        try settings.checkForPublishing()
        work = .publish(settings)
      case .rr:
        try settings.checkForRequesting()
        work = settings.requesting.isServing ? .subscribe(settings) : .request(settings)
      default:
        try settings.checkForSubscribing()
        work = .subscribe(settings)
      }
      reporter.isQuiet = settings.isQuiet
    }
  }

  func perform() throws(Failure) -> ExitStatus {
    if let mistake { throw Failure(.usage, mistake.text) }
    switch work {
    case .nothing:
      try print(Program.spec.help(), to: 2)
      return .usage
    case .overview: try print(Program.spec.help(), to: 1)
    case .version: try print("apus \(Program.version)\n", to: 1)
    case .help(let command):
      try print(Program.spec.help(for: Program.spec(for: command).description), to: 1)
    case .generate(let words): try generate(words)
    case .publish(let settings):
      var publisher = try Publisher(settings, reporter)
      return try publisher.run()
    case .request(let settings):
      var requester = try Requester(settings, reporter)
      return try requester.run()
    case .subscribe(let settings):
      var subscriber = try Subscriber(settings, reporter)
      return try subscriber.run()
    }
    return .success
  }

  private func print(_ text: String, to descriptor: CInt) throws(Failure) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        throw Failure(.outputFailed, "standard output: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// A standard descriptor that the parent closed would become the socket's number, and messages would
/// go to the broker.  Opened the wrong way round, it fails as a closed one does.
private func occupyStandardDescriptors() {
  for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDWR)] as [(CInt, CInt)] {
    if fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", mode) }
  }
}

/// The words as bytes: the standard library would repair what is not UTF-8.
private func commandLine() -> [Argument] {
  (0..<Int(CommandLine.argc)).compactMap { index in
    CommandLine.unsafeArgv[index].map { word in
      Argument(bytes: [UInt8](UnsafeRawBufferPointer(start: word, count: strlen(word))))
    }
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
