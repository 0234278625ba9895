// Arbitrary bytes as a file of options: what the reader finds in it, what `apus config` lists, and whether
// the values make settings that a command can work with.  And as one of mosquitto's options files.

import Glibc
import LoadTest
import OptionTable
import Rendering

@testable import Commands
@testable import Transport

/// The first byte selects the command and whose file it is, the second what is done with the settings.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  guard input.count >= 2 else { return 0 }
  let reader = Int(input[0] & 15) % (tables.count + Tool.allCases.count)
  if reader >= tables.count {
    readAsMosquitto(input[2...], Tool.allCases[reader - tables.count])
    return 0
  }
  let table = tables[reader]
  let isOwn = input[0] & 16 != 0
  let isPrivate = input[0] & 32 == 0
  let gathered = table.read(Array(input[2...]), isOwn: isOwn, isPrivate: isPrivate)
  if let mistake = gathered.mistake { checkLine(mistake) }
  table.checkListing(of: gathered)
  do throws(OptionError) { try table.use(gathered, input[1]) } catch { checkLine(error) }
  return 0
}

private let program = Program.spec
private let tables = [CommandName].all.map { Table(for: $0) }

private func readAsMosquitto(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ tool: Tool) {
  let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text))
  let file = try! MemoryFile.make(holding: bytes)
  defer { close(file) }
  _ = DropIn(tool, ["-o", Argument(stringLiteral: "/dev/fd/\(file)")])
}

/// Standard error gets one line, whatever is in the file.
private func checkLine(_ error: OptionError) {
  let line = SafeText.escaped(error.text.utf8)
  precondition(!line.isEmpty && line.utf8.allSatisfy { $0 >= 0x20 }, "no line of text")
}

/// A command's options.  They take long to make.
private struct Table: Sendable {
  private let command: CommandName
  private let spec: CommandSpec<Settings>
  private let description: CommandDescription

  init(for command: CommandName) {
    self.command = command
    spec = Program.spec(for: command)
    description = spec.description
  }

  func read(_ text: [UInt8], isOwn: Bool, isPrivate: Bool) -> Gathered {
    var reader = FileReader(description.options, of: { description }, { program })
    return reader.read(OptionFile(name: "file", bytes: text, isOwn: isOwn, isPrivate: isPrivate))
  }

  /// What is listed is a file that says the same.
  func checkListing(of gathered: Gathered) {
    let listing = description.listing(of: gathered)
    let again = read(Array(listing.utf8), isOwn: true, isPrivate: true)
    precondition(again.mistake == nil, "the listing cannot be read")
    let listed = again.occurrences.map { Setting(index: $0.index, values: $0.values) }
    precondition(listed == shown(of: gathered), "the listing says something else")
  }

  /// Without what is overridden, and without secrets.
  private func shown(of gathered: Gathered) -> [Setting] {
    let inForce = gathered.inForce
    return inForce.indices.compactMap { place in
      let occurrence = inForce[place]
      let option = description.options[occurrence.index]
      let isLast = inForce[place...].dropFirst().allSatisfy { $0.index != occurrence.index }
      let isSecret = option.secret.map { $0.mask(occurrence.values) != occurrence.values } ?? false
      if isSecret || !(isLast || option.repeats) { return nil }
      return Setting(index: occurrence.index, values: occurrence.values)
    }
  }

  private struct Setting: Equatable {
    let index: Int
    let values: [Argument]
  }

  /// Up to where the command would begin to work.
  func use(_ gathered: Gathered, _ selector: UInt8) throws(OptionError) {
    var settings = Settings()
    if command == .rr || command == .tls { settings.connection.version = .v5 }
    let parser = Parser(spec, of: program)
    guard case .run(var settings) = try parser.apply(gathered, to: settings) else { return }
    try settings.decodeBinaryProperties()
    switch command {
    case .bench:
      let modes = LoadPlan.Mode.allCases
      _ = try BenchCommand(modes[Int(selector) % modes.count], settings)
    case .outbox: _ = try OutboxCommand(.flush, settings)
    case .pub: try settings.checkForPublishing()
    case .rr: try settings.checkForRequesting()
    case .sub: try settings.checkForSubscribing()
    default: try settings.checkConnection()
    }
  }
}
