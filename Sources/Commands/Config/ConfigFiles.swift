// Which files of options go before a command line.

import Glibc
import OptionTable

/// The files that a command reads, in their order.
struct ConfigFiles {
  /// Nil for those that all commands read.
  let command: CommandName?
  /// `…/apus`, or nil when the environment names no place.
  private let folder = ConfigFiles.folder()

  init(for command: CommandName?) { self.command = command }

  /// A file that was looked for, and what was in it if it was there.
  struct Place {
    let name: String
    let file: OptionFile?
  }

  /// - Throws: when a file that is named is not there, or one that is there cannot be used.
  func read(_ sources: OptionSources) throws(OptionError) -> [OptionFile] {
    try look(for: sources).compactMap(\.file)
  }

  func look(for sources: OptionSources) throws(OptionError) -> [Place] {
    var places: [Place] = []
    if let path = sources.optionsFile {
      places.append(try optionsFile(path))
    } else if let folder {
      places.append(try place(folder + "/config".utf8))
      if let command { places.append(try place(folder + "/\(command.text)".utf8, isOwn: true)) }
    }
    if let name = sources.profile { places.append(try profile(name)) }
    if let name = sources.template {
      let file = try template(name)
      places.append(Place(name: file.name, file: file))
    }
    return places
  }

  private func place(_ path: [UInt8], isOwn: Bool = false) throws(OptionError) -> Place {
    let name = Argument(bytes: path).shown
    return Place(name: name, file: try ConfigFile.read(path).map { $0.file(name, isOwn: isOwn) })
  }

  private func optionsFile(_ path: Argument) throws(OptionError) -> Place {
    let name = path.shown
    if let descriptor = Self.descriptor(path) {
      let file = try ConfigFile.read(inherited: descriptor, name)
      return Place(name: name, file: file.file(name, isOwn: false))
    }
    let place = try place(path.bytes)
    if place.file == nil { throw OptionError("-o: there is no file '\(name)'") }
    return place
  }

  private func profile(_ word: Argument) throws(OptionError) -> Place {
    let place = try named(.profile, word)
    if place.file != nil { return place }
    throw missing(.profile, word, place)
  }

  /// A template for messages, `--template NAME`.
  func template(_ word: Argument) throws(OptionError) -> OptionFile {
    let place = try named(.template, word)
    guard let file = place.file else { throw missing(.template, word, place) }
    return file
  }

  /// Files that have names, in a folder of their own.
  enum Collection {
    case profile, template

    fileprivate var option: String { self == .profile ? "--profile" : "--template" }
    fileprivate var folder: String { self == .profile ? "profiles" : "templates" }
    fileprivate var noun: String { self == .profile ? "profile" : "template" }
  }

  private func named(_ collection: Collection, _ word: Argument) throws(OptionError) -> Place {
    try place(path(of: word, in: collection), isOwn: collection == .template)
  }

  /// Where the file of that name is, or would be.
  func path(of word: Argument, in collection: Collection) throws(OptionError) -> [UInt8] {
    if word.bytes.isEmpty || word.bytes[0] == UInt8(ascii: ".")
      || word.bytes.contains(UInt8(ascii: "/"))
    {
      throw OptionError(
        "\(collection.option): '\(word.shown)' is no \(collection.noun)'s name: no '/', no '.' in front"
      )
    }
    guard let folder = path(of: collection) else {
      throw OptionError(
        "\(collection.option): neither XDG_CONFIG_HOME nor HOME says where \(collection.folder) are"
      )
    }
    return folder + "/".utf8 + word.bytes
  }

  func path(of collection: Collection) -> [UInt8]? {
    folder.map { $0 + "/\(collection.folder)".utf8 }
  }

  func names(in collection: Collection) -> [String] {
    let all = path(of: collection).map(Self.entries) ?? []
    return all.filter { $0.first != "." }.sorted()
  }

  private func missing(
    _ collection: Collection, _ word: Argument, _ place: Place
  ) -> OptionError {
    let meant = nearest(to: word.bytes, among: names(in: collection))
      .map { Argument(bytes: Array($0.utf8)).shown }
    return OptionError(
      "\(collection.option): there is no file '\(place.name)'\(didYouMean(meant))")
  }

  /// What a shell hands over by a name: `<(…)` is /dev/fd/63, a link that stands for the descriptor.
  private static func descriptor(_ path: Argument) -> CInt? {
    let text = path.text ?? ""
    if text == "/dev/stdin" { return 0 }
    let folder = ["/dev/fd/", "/proc/self/fd/"].first { text.hasPrefix($0) }
    return folder.flatMap { CInt(text.dropFirst($0.count)) }.flatMap { $0 < 0 ? nil : $0 }
  }

  /// The names in a folder, those with a dot in front too; none where it cannot be read.
  static func entries(of folder: [UInt8]) -> [String] {
    guard let directory = opendir(folder.cString) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = Glibc.readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      names.append(name)
    }
    return names
  }

  /// `$XDG_CONFIG_HOME/apus`, or `$HOME/.config/apus`; what is no absolute path does not count.
  private static func folder() -> [UInt8]? {
    if let folder = EnvironmentVariable.folder("XDG_CONFIG_HOME") {
      return folder + "/apus".utf8
    }
    return EnvironmentVariable.folder("HOME").map { $0 + "/.config/apus".utf8 }
  }
}

extension ConfigFile {
  fileprivate func file(_ name: String, isOwn: Bool) -> OptionFile {
    OptionFile(name: name, bytes: bytes, isOwn: isOwn, isPrivate: isPrivate)
  }
}
