extension CommandSpec {
  /// An option's values that nobody should see, each with what may be shown in its place.
  package func secrets(in occurrence: Occurrence) -> [(value: Argument, shown: Argument)] {
    guard let secret = options[occurrence.index].description.secret else { return [] }
    let pairs = zip(occurrence.values, secret.mask(occurrence.values))
    return pairs.filter { $0 != $1 }.map { (value: $0, shown: $1) }
  }
}
