/// A heading under which help and manual list options, the smallest order first.
package struct OptionGroup: Hashable, Sendable {
  package var title: String
  package var order: Int

  package init(_ title: String, order: Int) {
    self.title = title
    self.order = order
  }

  /// Where `--help` and `--version` stand: last.
  package static let help = OptionGroup("Help", order: .max)
}
