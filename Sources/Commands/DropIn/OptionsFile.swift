// Mosquitto's options files: `OPTION VALUE` lines, taken word for word.

import OptionTable
import Transport

/// Where a tool's options file is, and what stands in it.
enum OptionsFile {
  /// The words of each line of the tool's file; none where there is no file.
  static func lines(_ words: ArraySlice<Argument>, _ tool: Tool) throws(Complaint) -> [[Argument]] {
    guard let path = try path(in: words, tool),
      let file = try? InputFile(path: path, name: Argument(bytes: path).shown),
      let text = try? file.readAll(limit: 1 << 20, until: nil, stop: nil)
    else { return [] }
    return lines(of: text)
  }

  /// The file that `-o` names, or the default one.  Mosquitto looks for `-o` before it reads anything,
  /// wherever it stands.
  private static func path(in words: ArraySlice<Argument>, _ tool: Tool) throws(Complaint)
    -> [UInt8]?
  {
    var path: [UInt8]?
    for index in words.indices where words[index] == "-o" {
      guard index + 1 < words.endIndex else {
        throw Complaint("-o argument given but no options file specified.")
      }
      if path != nil { throw Complaint("Duplicate -o argument given.") }
      path = words[index + 1].bytes
    }
    if let path { return path }
    if let home = EnvironmentVariable.bytes("XDG_CONFIG_HOME") {
      return home + Array("/\(tool.name)".utf8)
    }
    return EnvironmentVariable.bytes("HOME").map { $0 + Array("/.config/\(tool.name)".utf8) }
  }

  /// The words of each line: an option, and all that stands behind the first space as its value.
  private static func lines(of text: [UInt8]) -> [[Argument]] {
    text.split(separator: UInt8(ascii: "\n")).compactMap { line in
      if line.first == UInt8(ascii: "#") { return nil }
      var rest = line[...]
      while rest.last == UInt8(ascii: "\r") { rest.removeLast() }
      rest = rest.drop { $0 == UInt8(ascii: " ") }
      if rest.isEmpty { return nil }
      let space = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
      let value = rest[space...].dropFirst()
      return [rest[..<space], value].filter { !$0.isEmpty }.map { Argument(bytes: Array($0)) }
    }
  }
}
