// template: messages that are kept to be published again.

import Glibc
import OptionTable
import Rendering
import Transport

extension Builtin {
  static var template: Builtin {
    Builtin(
      "template", "Keep a publish under a name, and do it again.",
      synopsis: ["", "save NAME [OPTION...]", "run NAME [KEY=VALUE...] [OPTION...]"],
      details: [
        "'save' keeps the options of the last pub, or its own, in apus/templates/NAME of the configuration "
          + "folder.  In them {{n}} stands for how often the template ran, {{now}} for the time, {{uuid}} for a "
          + "new identifier, {{rand 0 100}} for a whole number in that range, {{env NAME}} for a variable of "
          + "the environment, and {{KEY}} for what 'run' says.  Without words it lists the templates.  'apus "
          + "pub --template NAME' publishes one too."
      ]
    ) { (shell, call) throws(Failure) in try shell.template(call) }
  }
}

extension Shell {
  func template(_ call: Builtin.Call) throws(Failure) {
    guard let action = call.operands.first else {
      for name in ConfigFiles(for: nil).names(in: .template) {
        emit(SafeText.escaped(name.utf8) + "\n")
      }
      return
    }
    guard action == "save" || action == "run" else {
      throw Failure(.usage, "template: '\(action.shown)' is not save or run")
    }
    guard call.operands.count > 1 else {
      throw Failure(.usage, "template: \(action.shown) needs a name")
    }
    let words = call.operands.dropFirst(2)
    if action == "save" {
      try saveTemplate(call.operands[1], words)
    } else {
      try runTemplate(call.operands[1], words)
    }
  }

  private func saveTemplate(_ name: Argument, _ words: ArraySlice<Argument>) throws(Failure) {
    let options = words.isEmpty ? lastPublish[...] : words
    if options.isEmpty {
      throw Failure(.usage, "template: there was no pub yet whose options could be saved")
    }
    let spec = Builtin.publish.spec
    let parser = Parser(spec, of: Builtin.program)
    let gathered = parser.gather(options)
    do throws(OptionError) {
      if let mistake = gathered.mistake { throw mistake }
      let table = spec.description.options
      let lines = gathered.inForce.map { table[$0.index].line($0.values) + "\n" }
      let files = ConfigFiles(for: nil)
      let path = try files.path(of: name, in: .template)
      try write(Array(lines.joined().utf8), to: path, folder: files.path(of: .template) ?? [])
    } catch {
      throw Failure(.usage, "template: \(error.text)")
    }
  }

  private func write(
    _ bytes: [UInt8], to path: [UInt8], folder: [UInt8]
  ) throws(OptionError) {
    for end in folder.indices.dropFirst() where folder[end] == UInt8(ascii: "/") {
      _ = mkdir(folder[..<end].cString, 0o777)
    }
    _ = mkdir(folder.cString, 0o700)
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
    let file = Glibc.open(path.cString, flags, 0o600)
    let shown = Argument(bytes: path).shown
    if file < 0 { throw OptionError("\(TransportError.file(name: shown, errno: errno))") }
    defer { close(file) }
    if !DurableFile.write(bytes, to: file) {
      throw OptionError("\(TransportError.file(name: shown, errno: errno))")
    }
  }

  private func runTemplate(_ name: Argument, _ words: ArraySlice<Argument>) throws(Failure) {
    let values = words.prefix { $0.bytes.first != UInt8(ascii: "-") }
    var call = Builtin.Call()
    do throws(OptionError) {
      var file = try ConfigFiles(for: nil).template(name)
      // Where the broker is, is the connection's affair here.
      file.isOwn = false
      let parser = Parser(Builtin.publish.spec, of: Program.spec)
      var gathered = try parser.gather(words[values.endIndex...]) { _ in [file] }
      var filling = try TemplateFilling(
        file: file.name, Array(values), count: templateRuns[name.bytes] ?? 0)
      try filling.fill(&gathered)
      guard case .run(var settings) = try parser.apply(gathered, to: .on(current)) else {
        return emit(Builtin.template.help)
      }
      try settings.decodeBinaryProperties()
      try settings.fillPayload(filling)
      call.settings = settings
    } catch {
      throw Failure(.usage, "template: \(error.text)")
    }
    templateRuns[name.bytes, default: 0] += call.settings.publishing.repeatCount
    try publish(call)
  }
}
