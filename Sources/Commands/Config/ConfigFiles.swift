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
    let name = word.shown
    if word.bytes.isEmpty || word.bytes[0] == UInt8(ascii: ".")
      || word.bytes.contains(UInt8(ascii: "/"))
    {
      throw OptionError("--profile: '\(name)' is no profile's name: no '/', no '.' in front")
    }
    guard let folder else {
      throw OptionError("--profile: neither XDG_CONFIG_HOME nor HOME says where profiles are")
    }
    let profiles = folder + "/profiles".utf8
    let place = try place(profiles + "/".utf8 + word.bytes)
    if place.file == nil {
      let hint = nearest(to: word.bytes, among: Self.names(in: profiles))
      throw OptionError(
        "--profile: there is no file '\(place.name)'"
          + (hint.map { " (did you mean '\(Argument(bytes: Array($0.utf8)).shown)'?)" } ?? ""))
    }
    return place
  }

  /// What a shell hands over by a name: `<(…)` is /dev/fd/63, a link that stands for the descriptor.
  private static func descriptor(_ path: Argument) -> CInt? {
    let text = path.text ?? ""
    if text == "/dev/stdin" { return 0 }
    let folder = ["/dev/fd/", "/proc/self/fd/"].first { text.hasPrefix($0) }
    return folder.flatMap { CInt(text.dropFirst($0.count)) }.flatMap { $0 < 0 ? nil : $0 }
  }

  private static func names(in folder: [UInt8]) -> [String] {
    guard let directory = opendir(folder.map { CChar(bitPattern: $0) } + [0]) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = Glibc.readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name.first != "." { names.append(name) }
    }
    return names.sorted()
  }

  /// `$XDG_CONFIG_HOME/apus`, or `$HOME/.config/apus`; what is no absolute path does not count.
  private static func folder() -> [UInt8]? {
    if let folder = absolute("XDG_CONFIG_HOME") { return folder + "/apus".utf8 }
    return absolute("HOME").map { $0 + "/.config/apus".utf8 }
  }

  private static func absolute(_ variable: String) -> [UInt8]? {
    guard let value = getenv(variable), value[0] == CChar(bitPattern: UInt8(ascii: "/")) else {
      return nil
    }
    return [UInt8](UnsafeRawBufferPointer(start: value, count: strlen(value)))
  }
}

extension ConfigFile {
  fileprivate func file(_ name: String, isOwn: Bool) -> OptionFile {
    OptionFile(name: name, bytes: bytes, isOwn: isOwn, isPrivate: isPrivate)
  }
}
