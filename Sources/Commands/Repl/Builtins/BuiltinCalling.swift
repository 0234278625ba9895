// From words to a call of a command.

import MQTTProtocol
import OptionTable
import Transport

extension Builtin {
  /// Reads the words behind the command's name.
  ///
  /// - Parameter base: what holds before the first option.
  /// - Returns: nil when they asked for help, which was given.
  func call(
    _ words: [Argument], from base: Settings, in shell: Shell
  ) throws(Failure) -> Call? {
    var call = Call()
    guard case .options(_, let takesOperands, let readsFiles) = grammar else {
      call.operands = words
      return call
    }
    do throws(OptionError) {
      let own = Parser(spec, takesOperands: takesOperands, of: Self.program)
      var gathered = own.gather(words[...])
      if readsFiles, gathered.mistake == nil { gathered = try gatherWithFiles(words[...]) }
      if spec.holdsSecret(gathered.occurrences) { CoreDumps.forbid() }
      switch try own.apply(gathered, to: base) {
      case .help:
        shell.emit(help)
        return nil
      case .version:
        shell.emit("apus \(Program.version)\n")
        return nil
      case .run(var settings):
        try settings.decodeBinaryProperties()
        call.settings = settings
        call.operands = gathered.operands
      }
    } catch {
      throw Failure(.usage, "\(name.text): \(error.text)")
    }
    return call
  }

  /// What files say of other commands' options does not matter.
  private func gatherWithFiles(_ words: ArraySlice<Argument>) throws(OptionError) -> Gathered {
    let parser = Parser(spec, of: Program.spec)
    let command: CommandName? = Program.commands.contains(name) ? name : nil
    return try parser.gather(words) { (sources) throws(OptionError) in
      try ConfigFiles(for: command).read(sources).map { file in
        var file = file
        file.isOwn = false
        return file
      }
    }
  }

  /// What `help NAME` prints.
  var help: String { Self.program.help(for: spec.description, manual: "apus-repl") }
}

extension CommandSpec<Settings> {
  /// Something in them is not for everybody's eyes.
  func holdsSecret(_ occurrences: [Occurrence]) -> Bool {
    occurrences.contains { !secrets(in: $0).isEmpty }
  }
}
