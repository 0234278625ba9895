import Glibc
import OptionTable

extension Option {
  /// `--X-file`, `--X-env`, `--X-fd` and `--X-cmd`: a secret that stands elsewhere.
  ///
  /// - Parameters:
  ///   - name: X.
  ///   - secret: what it is, for help.
  ///   - take: the last of the four counts.
  static func secretOptions(
    _ name: String, _ secret: String, _ group: OptionGroup, commandDetails: String? = nil,
    take: @escaping @Sendable (SecretSource, inout Settings) -> Void
  ) -> [Option] {
    [
      Option(
        long: "\(name)-file", value: .file("FILE"), group: group, commands: .all,
        summary: "Read \(secret) from FILE, which others must not be able to read."
      ) { (word, settings) throws(OptionError) in take(.file(try word.path()), &settings) },
      Option(
        long: "\(name)-env", value: .text("NAME"), group: group, commands: .all,
        summary: "Take \(secret) from the environment variable NAME."
      ) { (word, settings) throws(OptionError) in take(.environment(try word.path()), &settings) },
      Option(
        long: "\(name)-fd", value: .number("N"), group: group, commands: .all,
        summary: "Read \(secret) from the open descriptor N, up to its end."
      ) { (word, settings) throws(OptionError) in
        take(.descriptor(try word.descriptor(), option: "--\(name)-fd"), &settings)
      },
      Option(
        long: "\(name)-cmd", value: .text("COMMAND"), group: group, commands: .all,
        summary: "Take \(secret) from what COMMAND prints.", details: commandDetails
      ) { (word, settings) throws(OptionError) in
        take(.command(try word.command(), option: "--\(name)-cmd"), &settings)
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
