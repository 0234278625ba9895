/// What a caller does after an option was applied.
package enum Applied: Hashable, Sendable {
  case goOn
  case help
  case version
}

extension CommandSpec {
  /// Does what the option does, whatever grammar it was read with.
  ///
  /// - Throws: what the effect threw, prefixed with the option as it was typed.
  @inlinable package func apply(
    _ occurrence: Occurrence, to settings: inout Settings
  ) throws(OptionError) -> Applied {
    do throws(OptionError) {
      switch options[occurrence.index].effect {
      case .flag(let effect): try effect(&settings)
      case .value(let effect): try effect(occurrence.values.first ?? "", &settings)
      case .words(let effect): try effect(occurrence.values, &settings)
      case .help: return .help
      case .version: return .version
      case .source: break
      }
    } catch {
      throw OptionError("\(occurrence.origin.prefix)\(occurrence.name.shown): \(error.text)")
    }
    return .goOn
  }
}
