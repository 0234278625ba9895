import OptionTable

extension Builtin {
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
