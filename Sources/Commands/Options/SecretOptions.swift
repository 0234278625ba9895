import Glibc
import OptionTable

extension Option {
  /// An option's long name and its summary, as they stand: putting them together would cost every start.
  typealias Naming = (long: String, summary: String)

  /// `--X-file`, `--X-env`, `--X-fd` and `--X-cmd`: a secret that stands elsewhere.
  ///
  /// - Parameter take: the last of the four counts.
  static func secretOptions(
    _ group: OptionGroup, file: Naming, environment: Naming, descriptor: Naming, command: Naming,
    commandDetails: String? = nil,
    take: @escaping @Sendable (SecretSource, inout Settings) -> Void
  ) -> [Option] {
    [
      Option(
        long: file.long, value: .file("FILE"), group: group, commands: .all, summary: file.summary
      ) { (word, settings) throws(OptionError) in take(.file(try word.path()), &settings) },
      Option(
        long: environment.long, value: .text("NAME"), group: group, commands: .all,
        summary: environment.summary
      ) { (word, settings) throws(OptionError) in take(.environment(try word.path()), &settings) },
      Option(
        long: descriptor.long, value: .number("N"), group: group, commands: .all,
        summary: descriptor.summary
      ) { (word, settings) throws(OptionError) in
        take(.descriptor(try word.descriptor(), option: "--\(descriptor.long)"), &settings)
      },
      Option(
        long: command.long, value: .text("COMMAND"), group: group, commands: .all,
        summary: command.summary, details: commandDetails
      ) { (word, settings) throws(OptionError) in
        take(.command(try word.command(), option: "--\(command.long)"), &settings)
      },
    ]
  }
}

extension Argument {
  /// Text that the C library takes: not empty, without a NUL.
  func path() throws(OptionError) -> String {
    if bytes.isEmpty { throw OptionError("the value is empty") }
    return try string()
  }

  /// For `/bin/sh -c`.
  func command() throws(OptionError) -> [UInt8] {
    if bytes.isEmpty { throw OptionError("the command is empty") }
    return bytes
  }

  /// One that we were given: now, before any number is our own.
  fileprivate func descriptor() throws(OptionError) -> CInt {
    let number: CInt = try integer(in: 0...65_535)
    if number == 1 || number == 2 || fcntl(number, F_GETFD) < 0 {
      throw OptionError(
        "descriptor \(number) is not open for it; N</path/to/file opens it in a shell")
    }
    if number > 2 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    return number
  }

  /// The secret is asked for at the terminal.
  var isPrompt: Bool { bytes == [UInt8(ascii: "-")] }
}

extension Secret {
  /// The whole value, unless it only says that somebody is asked.
  static let wholeUnlessPrompt = Secret { $0.map { $0.isPrompt ? $0 : mask } }
}
