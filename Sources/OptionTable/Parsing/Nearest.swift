/// Returns the name that was probably meant: one that is a slip of the finger away, or begins with what
/// was typed, or is two slips away.
package func nearest(to typed: [UInt8], among names: [String]) -> String? {
  var best: (name: String, distance: Int)?
  for name in names {
    let bytes = Array(name.utf8)
    // Two slips in a word of three letters make any other word of three letters.
    let allowed = min(2, min(bytes.count, typed.count) / 2)
    guard abs(bytes.count - typed.count) <= allowed else { continue }
    let distance = slips(from: typed, to: bytes)
    if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
  }
  if let best, best.distance < 2 { return best.name }
  let longer = typed.count > 1 ? names.first { $0.utf8.starts(with: typed) } : nil
  return longer ?? best?.name
}

/// What an error ends with that has a name to suggest; nothing without one.
package func didYouMean(_ name: String?) -> String { name.map { " (did you mean '\($0)'?)" } ?? "" }

/// Returns how many letters were left out, added, exchanged or swapped with their neighbour
/// (Damerau and Levenshtein's distance; no letter is touched twice).
func slips(from typed: [UInt8], to name: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...name.count)
  for (row, letter) in typed.enumerated() {
    var current = [row + 1]
    for (column, wanted) in name.enumerated() {
      var least = min(
        last[column + 1] + 1, current[column] + 1, last[column] + (letter == wanted ? 0 : 1))
      if row > 0, column > 0, letter == name[column - 1], typed[row - 1] == wanted {
        least = min(least, beforeLast[column - 1] + 1)
      }
      current.append(least)
    }
    beforeLast = last
    last = current
  }
  return last[name.count]
}
