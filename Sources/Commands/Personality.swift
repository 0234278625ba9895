/// Whose manners the program has; `mosquitto-compat.md` tells where they differ.
enum Personality: Hashable, Sendable {
  /// What misleads is mended.
  case apus
  /// One of mosquitto's clients, for scripts that cannot tell.
  case dropIn(Tool)

  var tool: Tool? {
    if case .dropIn(let tool) = self { tool } else { nil }
  }
}
