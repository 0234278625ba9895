/// A setting or a circumstance, by name.  Secrets never become one.
package struct Fact: Hashable, Sendable {
  package var name: String
  package var value: Value

  package enum Value: Hashable, Sendable {
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  package init(_ name: String, _ number: some BinaryInteger) {
    self.name = name
    value = .integer(Int64(clamping: number))
  }

  package init(_ name: String, _ number: Double) {
    self.name = name
    value = .real(number)
  }

  package init(_ name: String, _ text: String) {
    self.name = name
    value = .text(text)
  }
}

extension Fact.Value {
  package var text: String {
    switch self {
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .text(let text): text
    }
  }
}
