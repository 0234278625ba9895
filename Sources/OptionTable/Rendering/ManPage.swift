/// Manual pages in mdoc.
extension ProgramSpec {
  /// The page of the program: what it is, its commands, the whole table of exit statuses.
  package func manPage() -> String {
    var page = ManPageWriter(program: self, title: name, summary: summary)
    page.section("SYNOPSIS")
    page.lines.append(".Nm")
    page.lines.append(".Ar COMMAND")
    page.lines.append(".Op Ar OPTION ...")
    page.section("DESCRIPTION")
    page.paragraphs(description.isEmpty ? [summary] : description) { Roff.escaped($0) }
    page.lines.append(".Bl -tag -width Ds")
    for command in commands {
      page.lines.append(".It Xr \(name)-\(command.name.text) 1")
      page.lines += Roff.lines(command.marked(command.summary))
    }
    page.lines.append(".El")
    page.definitions("ENVIRONMENT", environment, macro: "Ev")
    page.definitions("FILES", files, macro: "Pa")
    page.definitions("EXIT STATUS", exitStatuses, macro: "Sy")
    page.seeAlso(commands.map { "\(name)-\($0.name.text)" } + seeAlso)
    return page.text
  }

  /// The page of one command.
  package func manPage(for command: CommandDescription) -> String {
    let title = "\(name)-\(command.name.text)"
    var page = ManPageWriter(program: self, title: title, summary: command.plain(command.summary))
    page.section("SYNOPSIS")
    for form in command.synopsis {
      page.lines.append(".Nm \(Roff.argument("\(name) \(command.name.text)"))")
      // No sentences, though some words end in dots.
      page.lines += wrapped(markedSynopsis(form), width: Roff.width)
    }
    page.section("DESCRIPTION")
    page.paragraphs(command.description.isEmpty ? [command.summary] : command.description) {
      command.marked($0)
    }
    page.section("OPTIONS")
    for (group, options) in command.groups {
      page.lines.append(".Ss \(Roff.argument(group.title))")
      page.lines.append(".Bl -tag -width Ds")
      for option in options { page.option(option, of: command) }
      page.lines.append(".El")
    }
    for section in command.sections {
      page.section(section.heading.uppercased())
      page.paragraphs(section.paragraphs) { command.marked($0) }
      page.list(section.definitions, macro: "Sy")
    }
    page.transcript(command.transcript)
    page.definitions("ENVIRONMENT", command.environment, macro: "Ev")
    page.definitions("FILES", command.files, macro: "Pa")
    if command.exitStatuses.isEmpty {
      page.section("EXIT STATUS")
      page.lines += ["The table is in", ".Xr \(Roff.escaped(name)) 1 ."]
    } else {
      page.definitions("EXIT STATUS", command.exitStatuses, macro: "Sy")
    }
    page.examples(command.examples) { command.marked($0) }
    page.seeAlso([name] + command.seeAlso)
    return page.text
  }

  /// A page of reference.
  package func manPage(for reference: ReferencePage) -> String {
    var page = ManPageWriter(
      program: self, title: reference.title, section: reference.section,
      summary: reference.summary)
    page.section("DESCRIPTION")
    page.paragraphs(reference.description) { Roff.escaped($0) }
    for table in reference.tables {
      page.definitions(table.heading.uppercased(), table.definitions, macro: "Sy")
    }
    page.examples(reference.examples) { Roff.escaped($0) }
    page.seeAlso([name] + reference.seeAlso)
    return page.text
  }
}

extension CommandDescription {
  /// A text of the table in roff: references in bold.
  fileprivate func marked(_ text: String) -> String {
    TextPart.parts(of: text).map { part in
      switch part {
      case .text(let text): Roff.escaped(text)
      case .reference(let key): Roff.bold(option(for: key)?.name.shown ?? "{\(key)}")
      }
    }.joined()
  }
}

/// Options in bold, names of values in italics, brackets as they are.
private func markedSynopsis(_ form: String) -> String {
  var marked = ""
  var rest = form[...]
  while let first = rest.first {
    let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    if word.isEmpty {
      marked += Roff.escaped(String(first))
      rest = rest.dropFirst()
    } else {
      let isName = !word.contains { $0.isLowercase }
      marked +=
        first == "-"
        ? Roff.bold(String(word)) : isName ? Roff.italic(String(word)) : Roff.escaped(String(word))
      rest = rest[word.endIndex...]
    }
  }
  return marked
}

/// The lines of one page as they grow.
private struct ManPageWriter {
  var lines: [String]

  init(program: ProgramSpec, title: String, section: Int = 1, summary: String) {
    let summary = summary.hasSuffix(".") ? String(summary.dropLast()) : summary
    lines = [
      ".\\\" Written by 'make generate' from the option table: change that instead.",
      ".Dd \(program.date)",
      ".Dt \(Roff.escaped(title.uppercased())) \(section)",
      ".Os \(Roff.argument("\(program.name) \(program.version)"))",
      ".Sh NAME",
      ".Nm \(Roff.escaped(title))",
      ".Nd \(Roff.escaped(summary))",
    ]
  }

  var text: String { lines.map { "\($0)\n" }.joined() }

  mutating func section(_ title: String) {
    lines.append(".Sh \(title)")
  }

  mutating func paragraphs(_ paragraphs: [String], marked: (String) -> String) {
    for (index, paragraph) in paragraphs.enumerated() {
      if index > 0 { lines.append(".Pp") }
      lines += Roff.lines(marked(paragraph))
    }
  }

  mutating func option(_ option: OptionDescription, of command: CommandDescription) {
    let names = option.names.map { name in
      // Fl sets the first dash.
      "Fl \(Roff.argument(String(name.shown.dropFirst())))"
    }
    let places = option.value.places.map { place in
      (place.isOptional ? "Op Ar " : "Ar ") + Roff.argument(place.name)
    }
    let item = [names.joined(separator: " , ")] + places
    lines.append(".It \(item.joined(separator: " "))")
    paragraphs([option.summary, option.details].compactMap(\.self)) { command.marked($0) }
    if case .oneOf(let name, let values) = option.value {
      let values = values.map { Roff.bold($0) }.listed("or")
      lines += Roff.lines("\(Roff.italic(name)) is \(values).")
    }
  }

  mutating func transcript(_ shown: [String]) {
    guard !shown.isEmpty else { return }
    section("A SESSION")
    lines.append(".Bd -literal -offset indent")
    lines += shown.map { Roff.escaped($0) }
    lines.append(".Ed")
  }

  mutating func definitions(_ title: String, _ definitions: [Definition], macro: String) {
    guard !definitions.isEmpty else { return }
    section(title)
    list(definitions, macro: macro)
  }

  mutating func list(_ definitions: [Definition], macro: String) {
    guard !definitions.isEmpty else { return }
    lines.append(".Bl -tag -width Ds")
    for definition in definitions {
      lines.append(".It \(macro) \(Roff.argument(definition.term))")
      lines += Roff.lines(Roff.escaped(definition.meaning))
    }
    lines.append(".El")
  }

  mutating func examples(_ examples: [Example], marked: (String) -> String) {
    guard !examples.isEmpty else { return }
    section("EXAMPLES")
    for (index, example) in examples.enumerated() {
      if index > 0 { lines.append(".Pp") }
      lines += Roff.lines(marked(example.effect))
      lines.append(".Dl \(Roff.argument(example.command))")
    }
  }

  mutating func seeAlso(_ pages: [String]) {
    guard !pages.isEmpty else { return }
    section("SEE ALSO")
    let references = pages.map { page in
      let parts = page.split { "()".contains($0) }
      return (section: parts.count > 1 ? parts[1] : "1", name: parts.first ?? "")
    }
    for (index, page) in references.sorted(by: <).enumerated() {
      let comma = index < pages.count - 1 ? " ," : ""
      // Names of pages are taken as they stand.
      lines.append(".Xr \(page.name) \(page.section)\(comma)")
    }
  }
}
