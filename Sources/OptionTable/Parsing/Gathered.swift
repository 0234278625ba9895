/// The options of files and of a command line in their order, found but not yet applied.
package struct Gathered: Sendable {
  package var occurrences: [Occurrence] = []
  /// Words of the command line that belong to no option.
  package var operands: [Argument] = []
  /// Why nothing was read behind them.
  package var mistake: OptionError?

  /// Those that count: not the ones that a later `--no-X` undoes, nor these.
  package var inForce: [Occurrence] {
    if !occurrences.contains(where: \.undoes) { return occurrences }
    var undone: Set<Int> = []
    let kept = occurrences.reversed().filter { occurrence in
      if occurrence.undoes { undone.insert(occurrence.index) }
      return !undone.contains(occurrence.index)
    }
    return kept.reversed()
  }

  /// A later file, or the command line, has the option too: of one that makes a set, only that set counts.
  package func replaces(_ occurrence: Occurrence) -> Bool {
    guard let last = occurrences.last(where: { $0.index == occurrence.index }) else { return false }
    return last.origin.source != occurrence.origin.source
  }

  /// Some come from a file.
  package var usesFiles: Bool { occurrences.contains { $0.origin != .commandLine } }

  /// Nothing counts behind a mistake.
  mutating func append(_ more: Gathered) {
    if mistake != nil { return }
    occurrences += more.occurrences
    operands += more.operands
    mistake = more.mistake
  }
}
