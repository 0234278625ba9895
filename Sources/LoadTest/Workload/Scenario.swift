// Phases from a plain file.

extension Phase {
  /// Reads a scenario: a line for each phase, `NAME SECONDS [clients N[..M]] [rate N[..M]]`.
  ///
  /// - Throws: what is wrong, and in which line.
  package static func scenario(_ text: String) throws(WorkloadFault) -> [Phase] {
    var phases: [Phase] = []
    // A carriage return and a line feed are one Character.
    let lines = text.drop { $0 == "\u{feff}" }.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      if words.isEmpty { continue }
      do {
        let phase = try Phase(words, after: phases.last)
        if phase.isWarmUp, phases.contains(where: { !$0.isWarmUp }) {
          throw WorkloadFault("warmup stands at the beginning only")
        }
        phases.append(phase)
        if phases.reduce(0, { $0 + $1.duration }) > longest {
          throw WorkloadFault("all phases together are longer than a year")
        }
      } catch {
        throw WorkloadFault("line \(index + 1): \(error)")
      }
    }
    if phases.allSatisfy(\.isWarmUp) { throw WorkloadFault("there is no phase that counts") }
    return phases
  }

  /// A year, in nanoseconds.
  private static let longest: Int64 = 31_536_000_000_000_000

  private init(_ words: [Substring], after last: Phase?) throws(WorkloadFault) {
    guard words.count >= 2, let seconds = Double(words[1]), seconds > 0,
      seconds <= Double(Self.longest / 1_000_000_000)
    else {
      throw WorkloadFault("behind the name of a phase stand its seconds, above 0, at most a year's")
    }
    var clients = Ends(last?.clients.last ?? 0, last?.clients.last ?? 0)
    var rate = Ends(last?.rate.last ?? 0, last?.rate.last ?? 0)
    var at = 2
    while at < words.count {
      guard at + 1 < words.count else { throw WorkloadFault("'\(words[at])' without a number") }
      let ends = try Self.ends(words[at + 1])
      switch words[at] {
      case "clients":
        guard let first = Int(exactly: ends.first), let end = Int(exactly: ends.last),
          max(first, end) <= MessageHeader.mostClients
        else { throw WorkloadFault("'\(words[at + 1])' is no number of clients") }
        clients = Ends(first, end)
      case "rate": rate = ends
      default: throw WorkloadFault("'\(words[at])' is not clients or rate")
      }
      at += 2
    }
    if last == nil, max(clients.first, clients.last) == 0 {
      throw WorkloadFault("the first phase says how many clients there are: clients N")
    }
    self.init(
      name: String(words[0]), duration: Int64(seconds * 1e9), clients: clients, rate: rate)
    isWarmUp = words[0] == "warmup"
  }

  private static func ends(_ word: Substring) throws(WorkloadFault) -> Ends<Double> {
    var parts = [word]
    if let dots = word.indices.first(where: { word[$0...].hasPrefix("..") }) {
      parts = [word[..<dots], word[dots...].dropFirst(2)]
    }
    let numbers = parts.compactMap { Double($0) }
    guard numbers.count == parts.count, let first = numbers.first, let last = numbers.last,
      numbers.allSatisfy({ $0 >= 0 && $0 <= 1e9 })
    else { throw WorkloadFault("'\(word)' is not N or N..M, numbers from 0 to 1000000000") }
    return Ends(first, last)
  }
}
