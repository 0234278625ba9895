/// What `apus config` prints: options as a file of options, each behind a comment that tells where it
/// comes from.
extension CommandDescription {
  /// One option that no longer counts, or holds a secret, is a comment itself.
  package func listing(of gathered: Gathered) -> String {
    var later: Set<Int> = []
    var entries: [String] = []
    for occurrence in gathered.occurrences.reversed() {
      let option = options[occurrence.index]
      let isOverridden =
        later.contains(occurrence.index) || option.isOneSet && gathered.replaces(occurrence)
      if occurrence.undoes || !option.repeats { later.insert(occurrence.index) }
      if occurrence.undoes || !option.isForFiles { continue }
      let masked = option.secret?.mask(occurrence.values) ?? occurrence.values
      let isMasked = masked != occurrence.values
      let remark = isOverridden ? ", overridden" : isMasked ? ", secret" : ""
      let line = option.line(masked)
      entries.append(
        """
        # \(occurrence.origin.shown)\(remark)
        \(isOverridden || isMasked ? "# " : "")\(line)

        """)
    }
    return entries.reversed().joined()
  }
}

extension OptionDescription {
  /// The option as a line of a file.
  package func line(_ values: [Argument]) -> String {
    let words = value.isSingle ? values.map(\.asRestOfLine) : values.map(\.quoted)
    return ([name.shown] + words).joined(separator: " ")
  }
}

extension Origin {
  fileprivate var shown: String {
    switch self {
    case .commandLine: "command line"
    case .file(let name, let line): "\(name):\(line)"
    }
  }
}
