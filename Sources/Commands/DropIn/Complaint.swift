/// What is wrong with a command line, in mosquitto's words.
struct Complaint: Error, Hashable, Sendable {
  /// Whole lines, the last without its newline; empty ones among them.
  private let text: String
  var pointer: Pointer

  /// What follows the text.
  enum Pointer: Hashable, Sendable {
    case none
    /// A line that names `--help`.
    case toHelp
    /// The help itself, on standard output.
    case usage
  }

  /// - Parameter spaced: the text brings a blank line of its own; some of mosquitto's do, some don't.
  init(_ text: String, spaced: Bool = true) {
    self.text = "Error: \(text)" + (spaced ? "\n" : "")
    pointer = .toHelp
  }

  /// - Parameter text: all that is said.
  init(verbatim text: String, pointer: Pointer = .none) {
    self.text = text
    self.pointer = pointer
  }

  /// What goes to standard error.
  func text(_ tool: Tool) -> String {
    pointer == .toHelp ? text + "\n\nUse '\(tool.name) --help' to see usage." : text
  }
}
