import OptionTable

extension Option {
  /// Which files of options are read before the command line.
  static var fileOptions: [Option] {
    [
      Option(
        short: "o", long: "options", value: .file("FILE"), names: .optionsFile, group: .files,
        commands: .all + [.config],
        summary: "Read options from FILE instead of the default files.",
        details: "apus-config(5) describes such files.  '-o /dev/null' does without."
      ),
      Option(
        long: "profile", value: .profile("NAME"), names: .profile, group: .files,
        commands: .all + [.config],
        summary: "Read options from apus/profiles/NAME in the configuration folder as well.",
        details: "It is read after the other files."
      ),
    ]
  }
}
