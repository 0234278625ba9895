/// A page of the manual that is about something other than a command: a language, a file.
package struct ReferencePage: Sendable {
  package var title: String
  /// Of the manual: 5 for files, 7 for everything else.
  package var section: Int
  /// One sentence.
  package var summary: String
  /// Paragraphs.
  package var description: [String]
  package var tables: [Table]
  package var examples: [Example]
  /// Names of further pages, `name` in section 1 or `name(7)`.
  package var seeAlso: [String]

  /// Words and what they mean, under a heading.
  package struct Table: Sendable {
    package var heading: String
    package var definitions: [Definition]

    package init(_ heading: String, _ definitions: [Definition]) {
      self.heading = heading
      self.definitions = definitions
    }
  }

  package init(
    title: String, section: Int, summary: String, description: [String], tables: [Table],
    examples: [Example] = [], seeAlso: [String] = []
  ) {
    self.title = title
    self.section = section
    self.summary = summary
    self.description = description
    self.tables = tables
    self.examples = examples
    self.seeAlso = seeAlso
  }
}
