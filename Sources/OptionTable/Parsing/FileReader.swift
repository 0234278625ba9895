/// Finds the options in files, as apus-config(5) describes them.
package struct FileReader {
  let options: [OptionDescription]
  let command: () -> CommandDescription
  private let makeProgram: () -> ProgramSpec
  /// Asked only for an option that the command does not know.
  private lazy var program = makeProgram()

  package init(
    _ options: [OptionDescription], of command: @escaping () -> CommandDescription,
    _ program: @escaping () -> ProgramSpec
  ) {
    self.options = options
    self.command = command
    makeProgram = program
  }

  package mutating func read(_ file: OptionFile) -> Gathered {
    var gathered = Gathered()
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var rest = file.bytes.starts(with: mark) ? file.bytes.dropFirst(mark.count) : file.bytes[...]
    var number = 0
    while !rest.isEmpty, gathered.mistake == nil {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(line.count + 1)
      number += 1
      let origin = Origin.file(name: file.name, line: number)
      do throws(OptionError) {
        guard var occurrence = try read(line, of: file) else { continue }
        occurrence.origin = origin
        gathered.occurrences.append(occurrence)
      } catch {
        gathered.mistake = OptionError(origin.prefix + error.text)
      }
    }
    return gathered
  }

  /// - Returns: nil when nothing in the line is for the command.
  private mutating func read(
    _ text: ArraySlice<UInt8>, of file: OptionFile
  ) throws(OptionError) -> Occurrence? {
    guard let line = try OptionLine(text) else { return nil }
    let spelling = try line.spelling(command().longNames)
    if let found = options.find(spelling) {
      let values = try values(of: line, found, options[found.index], file)
      return Occurrence(
        index: found.index, name: found.name, values: values, undoes: found.undoes)
    }
    let mistake = GrammarError.unknown(spelling, word: line.name)
    if file.isOwn { throw OptionError(mistake.text(in: command(), of: program)) }
    for sibling in program.commands {
      guard let found = sibling.options.find(spelling) else { continue }
      _ = try values(of: line, found, sibling.options[found.index], file)
      return nil
    }
    let names = program.commands.flatMap(\.longNames)
    throw OptionError(spelling.unknown(in: line.name, among: names))
  }

  private func values(
    of line: OptionLine, _ found: FoundOption, _ option: OptionDescription, _ file: OptionFile
  ) throws(OptionError) -> [Argument] {
    let name = found.name.shown
    if !option.isForFiles { throw OptionError("\(name) works on the command line only") }
    let values = try line.values(of: found, option)
    if !file.isPrivate, option.secret?.isIn(values) == true {
      throw OptionError(
        "\(name) holds a secret, and other users may read the file: chmod 600 \(file.name)")
    }
    return values
  }
}
