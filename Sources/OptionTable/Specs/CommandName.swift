/// The word that picks a command: `pub` in `apus pub`.
package struct CommandName: Hashable, Sendable, ExpressibleByStringLiteral {
  package var text: String

  package init(stringLiteral text: String) {
    self.text = text
  }
}
