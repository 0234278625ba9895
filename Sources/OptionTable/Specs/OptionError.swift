/// What is wrong with a command line, in one line of text.
package struct OptionError: Error, Hashable, Sendable, CustomStringConvertible {
  package var text: String

  package init(_ text: String) {
    self.text = text
  }

  package var description: String { text }
}
