import Rendering

extension Comparison {
  /// A table for a terminal.
  package var text: String {
    var text = "A: \(Self.runs(a))  B: \(Self.runs(b))\n\n"
    text += TextTable([Self.head] + rows.map(words)).text
    if !differences.isEmpty {
      text += "\n" + TextTable([["differs", "A", "B"]] + differences.map(Self.safe)).text
    }
    return text
  }

  static let head = ["", "A", "B", "change", "95 % confidence", "verdict"]

  private static func runs(_ side: [Results]) -> String {
    side.count == 1 ? "1 run" : "\(side.count) runs"
  }

  private static func safe(_ row: [String]) -> [String] {
    row.map { SafeText.escaped($0.utf8) }
  }

  func words(_ row: Row) -> [String] {
    let range = row.range.map {
      "\(Self.signed($0.lowerBound)) to \(Self.signed($0.upperBound))"
    }
    return [
      row.name, row.quantity.words(row.before), row.quantity.words(row.after),
      row.change.map(Self.signed) ?? "", range ?? "", row.verdict.rawValue,
    ]
  }

  private static func signed(_ share: Double) -> String {
    let percent = Decimals.fixed(share * 100, 1)
    // What is rounded to nothing has no sign.
    return (share > 0 && percent != "0.0" ? "+" : "") + percent + " %"
  }
}
