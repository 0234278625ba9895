/// A file of options that somebody has read.
package struct OptionFile: Sendable {
  /// As messages show it.
  package var name: String
  package var bytes: [UInt8]
  /// Belongs to one command: an option that only others know is a mistake.
  package var isOwn: Bool
  /// Nobody but its owner can read it, so that it may hold secrets.
  package var isPrivate: Bool

  package init(name: String, bytes: [UInt8], isOwn: Bool, isPrivate: Bool) {
    self.name = name
    self.bytes = bytes
    self.isOwn = isOwn
    self.isPrivate = isPrivate
  }
}

/// An option that names a file of options.
package enum OptionSource: Sendable {
  case optionsFile, profile, template
}

/// The files of options that a command line names.
package struct OptionSources: Hashable, Sendable {
  package var optionsFile: Argument?
  package var profile: Argument?
  package var template: Argument?

  package init(optionsFile: Argument? = nil, profile: Argument? = nil) {
    self.optionsFile = optionsFile
    self.profile = profile
  }

  mutating func set(_ source: OptionSource, _ occurrence: Occurrence) throws(OptionError) {
    let old =
      switch source {
      case .optionsFile: optionsFile
      case .profile: profile
      case .template: template
      }
    if old != nil { throw OptionError("option \(occurrence.name.shown) is there twice") }
    switch source {
    case .optionsFile: optionsFile = occurrence.values.first
    case .profile: profile = occurrence.values.first
    case .template: template = occurrence.values.first
    }
  }
}
