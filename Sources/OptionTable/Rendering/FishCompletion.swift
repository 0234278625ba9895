/// Completion for fish: one `complete` line a name.
extension ProgramSpec {
  package func fishCompletion() -> String {
    """
    # Completion of \(name) for fish.
    # Written by 'make generate' from the option table: change that instead.

    # True while the command is still to be named.
    function __\(name)_needs_command
        test (count (commandline -opc)) -eq 1
    end

    # True in the command named.
    function __\(name)_command
        set -l words (commandline -opc)
    \(fishPairs)    test (count $words) -ge 2; and test "$words[2]" = $argv[1]
    end

    # True when the words before the cursor end in an option, one of the names in the first
    # argument, and the words in the others; * is any word.
    function __\(name)_after
        set -l words (commandline -opc)
        set -l start (math (count $words) - (count $argv) + 1)
        test $start -ge 2; or return 1
        contains -- $words[$start] (string split ' ' -- $argv[1]); or return 1
        for i in (seq 2 (count $argv))
            set -l word $words[(math $start + $i - 1)]
            test "$argv[$i]" = '*'; or test "$argv[$i]" = "$word"; or return 1
        end
    end

    # True when the line begins with these words.
    function __\(name)_begins
        set -l words (commandline -opc)
        set -l end (math (count $argv) + 1)
        test (count $words) -ge $end; and test "$words[2..$end]" = "$argv"
    end

    function __\(name)_profiles
        set -l folder $XDG_CONFIG_HOME
        test -n "$folder"; or set folder $HOME/.config
        for path in $folder/\(name)/profiles/*
            string replace -r '.*/' '' -- $path
        end
    end

    complete -c \(name) -f
    \(topLines.map { "complete -c \(name) \($0)\n" }.joined())
    \(commands.flatMap(fishLines).map { "complete -c \(name) \($0)\n" }.joined())
    """
  }

  /// Lines for commands that take another.
  private var fishPairs: String {
    pairs.map { outer, inner in
      """
          if test "$words[2]" = \(outer); and contains -- "$words[3]" \(inner.joined(separator: " "))
              set -e words[2]
          end

      """
    }.joined()
  }

  private var topLines: [String] {
    let names = commands.map(\.name.text.fishWord).joined(separator: " ").fishQuoted
    let only = "-n __\(name)_needs_command"
    return commands.map { command in
      let summary = command.plain(command.summary).fishQuoted
      return "\(only) -a \(command.name.text.fishWord.fishQuoted) -d \(summary)"
    } + [
      "\(only) -a help -d 'Explain a command.'",
      "\(only) -l help -d 'Print help and exit.'",
      "\(only) -l version -d 'Print the version and exit.'",
      "-n '__\(name)_after help' -a \(names)",
    ]
      + pairs.map { outer, inner in "-n '__\(name)_after \(outer)' -a \(fishList(inner))" }
  }

  private func fishLines(_ command: CommandDescription) -> [String] {
    let here = "__\(name)_command \(command.name.text)"
    var lines = fishOperands(command)
    for option in command.visibleOptions {
      let names = option.names.map { name in
        switch name {
        case .short(let letter): "-s \(letter)"
        case .long(let long): "-l \(long)"
        }
      }.joined(separator: " ")
      let summary = command.plain(option.summary).fishQuoted
      lines.append("-n \(here.fishQuoted) \(names)\(option.value.fishAction(name)) -d \(summary)")
      guard case .words(let words) = option.value else { continue }
      let spellings = option.names.map(\.shown).joined(separator: " ").fishQuoted
      words.walk { path, offers in
        guard !path.isEmpty, !offers.isEmpty else { return }
        let path = path.map { ($0 ?? "*").fishQuoted }.joined(separator: " ")
        let condition = "\(here); and __\(name)_after \(spellings) \(path)"
        lines.append("-n \(condition.fishQuoted) -a \(fishList(offers))")
      }
    }
    return lines
  }

  private func fishOperands(_ command: CommandDescription) -> [String] {
    let start = "__\(name)_begins \(command.name.text.fishWord)"
    if command.operands == .file { return ["-n \(start.fishQuoted) -F"] }
    let isFirst = "\(start); and test (count (commandline -opc)) -eq 2".fishQuoted
    return command.operands.actions.flatMap { action in
      let word = action.word.fishWord
      let summary = command.plain(action.summary).fishQuoted
      let line = "-n \(isFirst) -a \(word.fishQuoted) -d \(summary)"
      return action.files == .none ? [line] : [line, "-n \("\(start) \(word)".fishQuoted) -F"]
    }
  }
}

extension OptionValue {
  fileprivate func fishAction(_ program: String) -> String {
    switch self {
    case .none: ""
    case .text, .number: " -x"
    case .file: " -r -F"
    case .directory: " -x -a '(__fish_complete_directories (commandline -ct))'"
    case .profile: " -x -a '(__\(program)_profiles)'"
    case .host: " -x -a '(__fish_print_hostnames)'"
    case .oneOf(_, let values): " -x -a \(fishList(values))"
    case .words(.choice(_, let branches)): " -x -a \(fishList(branches.map(\.word)))"
    case .words: " -x"
    }
  }
}

/// Words for `-a`, which fish expands once more.
private func fishList(_ words: [String]) -> String {
  words.map(\.fishWord).joined(separator: " ").fishQuoted
}

extension String {
  fileprivate var fishQuoted: String {
    "'" + escaping { $0 == "'" || $0 == "\\" ? "\\\($0)" : nil } + "'"
  }

  fileprivate var fishWord: String {
    escaping { $0.isLetter || $0.isNumber || "-_./".contains($0) ? nil : "\\\($0)" }
  }
}
