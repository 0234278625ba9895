import OptionTable

extension Builtin {
  /// What is no command of ours.
  static let foreign = (
    name: "!COMMAND",
    summary: "Run a program by /bin/sh, up to the end of the line; its status counts."
  )

  /// What `help` prints.
  static var overview: String {
    let all = all
    let width = all.map(\.name.text.count).max() ?? 0
    let lines = all.map { builtin in
      let name = builtin.name.text
      return "  \(name)\(String(repeating: " ", count: width + 2 - name.count))\(builtin.summary)\n"
    }
    return "Commands:\n" + lines.joined()
      + "  !COMMAND runs a program, # begins a comment; 'help COMMAND' tells more.\n"
  }
}
