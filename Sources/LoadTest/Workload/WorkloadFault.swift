/// What is wrong with a template, a distribution, a row of a table or a line of a scenario.
package struct WorkloadFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ text: String) { description = text }
}
