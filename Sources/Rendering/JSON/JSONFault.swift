/// What is wrong with JSON.
package struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ text: String) { description = text }
}
