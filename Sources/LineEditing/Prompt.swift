/// What stands before the line.  Text from outside may be in it: nothing of it acts on the terminal.
package struct Prompt: Hashable, Sendable {
  package struct Piece: Hashable, Sendable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  package enum Style: Hashable, Sendable {
    case plain
    case bold
    case good
    case warning
    case bad

    /// The sequence that begins it (SGR, ECMA-48 §8.3.117).
    var sequence: String {
      switch self {
      case .plain: ""
      case .bold: "\u{1b}[1m"
      case .good: "\u{1b}[32m"
      case .warning: "\u{1b}[33m"
      case .bad: "\u{1b}[31m"
      }
    }
  }

  package var pieces: [Piece]

  package init(_ pieces: [Piece]) { self.pieces = pieces }
}
