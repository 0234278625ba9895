// What the manual says about the prompt: apus-repl(1).

import OptionTable

extension Section {
  static let prompt = Self(
    "At a terminal", [],
    [
      Definition(
        "The prompt",
        "names the server, the client identifier and the state: connected, offline and since when, reconnecting, "
          + "held up by a program or a file that takes no messages, and how many messages came that were not shown.  "
          + "It changes by itself.  Messages come above it."
      ),
      Definition(
        "Tab",
        "completes commands, options and their values, files, profiles, names of properties, and topics seen so "
          + "far, level by level; where there are several, it lists them."),
      Definition(
        "Ctrl-R",
        "searches the history, which no line enters that holds a password, or looks as if it did."),
      Definition(
        "Ctrl-C", "clears the line, or stops the command that is running; connections stay."),
      Definition("Ctrl-D", "on an empty line leaves, with DISCONNECT.  Ctrl-Z stops the program."),
      Definition(
        "Pasted text",
        "stands in the line as it is, and is run at Enter, not before.  (The terminal has to mark pastes; most "
          + "do.)"),
      Definition(
        "Other keys",
        "are those of Emacs or, with 'bind -v' in ~/.editrc, of vi: see editrc(5).  'apus:bind …' there is for "
          + "apus alone."),
    ])
}

extension [Definition] {
  static var promptEnvironment: Self {
    [
      Definition("NO_COLOR", "When it is not empty, the prompt has no colours."),
      Definition("EDITRC", "A file in place of ~/.editrc."),
      Definition("XDG_STATE_HOME", "Holds apus/history in place of ~/.local/state."),
    ]
  }
}
