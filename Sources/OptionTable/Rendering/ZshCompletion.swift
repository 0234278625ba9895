/// Completion for zsh, on its own `_arguments`.
extension ProgramSpec {
  package func zshCompletion() -> String {
    let names = commands.map { command in
      let summary = command.plain(command.summary).escaping { $0 == "\\" ? "\\\\" : nil }
      return "\(command.name.text.escaping(zshColon)):\(summary)".singleQuoted
    }
    return """
      #compdef \(name)
      # Completion of \(name) for zsh.
      # Written by 'make generate' from the option table: change that instead.

      _\(name)_commands() {
        local -a commands=(
      \(names.map { "    \($0)" }.joined(separator: "\n"))
          "$@"
        )
        _describe command commands
      }

      # Offers word $2 of an option that takes several, by the words before it.
      _\(name)_words() {
        local place=$1
        local -i i
        for ((i = $2 - 1; i > 0; i--)); do place+=/${words[CURRENT - i]}; done
        case $place in
      \(commands.flatMap(zshPlaces).map { "    \($0)" }.joined(separator: "\n"))
        esac
      }

      # Offers what command $1 can do, which its first word says.
      _\(name)_actions() {
        ((CURRENT == 2)) && [[ -z $outer ]] || return
        local -a actions
        case $1 in
      \(commands.compactMap(zshActions).map { "    \($0)" }.joined(separator: "\n"))
        esac
        _describe action actions
      }

      # Offers an operand of command $1, by its first word.
      _\(name)_operands() {
        [[ -z $outer ]] || return
        case $1/${words[2]} in
      \(commands.flatMap(zshOperands).map { "    \($0)" }.joined(separator: "\n"))
        esac
      }

      _\(name)_profiles() {
        _files -W "${XDG_CONFIG_HOME:-$HOME/.config}/\(name)/profiles"
      }

      _\(name)() {
        local context state state_descr line outer
        typeset -A opt_args
        if ((CURRENT == 2)); then
          _\(name)_commands 'help:Explain a command.' \\
            '--help:Print help and exit.' '--version:Print the version and exit.'
          return
        fi
        local command=${words[2]}
        shift words
        ((CURRENT--))
      \(zshPairs)  case $command in
          help) ((CURRENT == 2)) && _\(name)_commands ;;
      \(commands.map(zshArguments).joined(separator: "\n"))
        esac
      }

      if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
        _\(name) "$@"
      else
        compdef _\(name) \(name)
      fi

      """
  }

  /// Lines for commands that take another.
  private var zshPairs: String {
    pairs.map { outer, inner in
      let patterns = inner.map(\.singleQuoted).joined(separator: "|")
      return """
          if [[ $command == \(outer) ]]; then
            ((CURRENT == 2)) && _\(name)_commands
            case ${words[2]} in
              \(patterns)) ((CURRENT > 2)) && outer=$command command=${words[2]} && shift words && ((CURRENT--)) ;;
            esac
          fi

        """
    }.joined()
  }

  private func zshArguments(_ command: CommandDescription) -> String {
    let specs = command.visibleOptions.flatMap { option in
      option.names.map { name in
        let summary = command.plain(option.summary).escaping(zshBracket)
        let values = zshValues(of: option, command)
        return "        \("*\(name.shown)\(sign(name, option))[\(summary)]\(values)".singleQuoted)"
      }
    }
    let lines = (specs + zshPositions(command)).joined(separator: " \\\n")
    return "    \(command.name.text.singleQuoted))\n      _arguments -s -S \\\n\(lines)\n      ;;"
  }

  /// Where operands stand.
  private func zshPositions(_ command: CommandDescription) -> [String] {
    let word = command.name.text
    if command.operands == .file { return ["        '1:file:{_\(name)_operands \(word)}'"] }
    guard !command.operands.actions.isEmpty else { return [] }
    return [
      "        '1:action:{_\(name)_actions \(word)}'",
      "        '*:operand:{_\(name)_operands \(word)}'",
    ]
  }

  private func zshActions(_ command: CommandDescription) -> String? {
    let actions = command.operands.actions.map { action in
      let summary = command.plain(action.summary).escaping { $0 == "\\" ? "\\\\" : nil }
      return "\(action.word.escaping(zshColon)):\(summary)".singleQuoted
    }
    guard !actions.isEmpty else { return nil }
    return "\(command.name.text.singleQuoted)) actions=(\(actions.joined(separator: " "))) ;;"
  }

  private func zshOperands(_ command: CommandDescription) -> [String] {
    let start = "\(command.name.text)/"
    if command.operands == .file { return ["\(start.singleQuoted)*) _files ;;"] }
    return command.operands.actions.filter { $0.files != .none }.map {
      "\("\(start)\($0.word)".singleQuoted)) _files ;;"
    }
  }

  /// How a value may be attached; the first of several words stands alone, so that the places of
  /// the others can be counted.
  private func sign(_ name: OptionName, _ option: OptionDescription) -> String {
    switch (option.value, name) {
    case (.none, _), (.words, _): ""
    case (_, .short): "+"
    case (_, .long): "="
    }
  }

  private func zshValues(of option: OptionDescription, _ command: CommandDescription) -> String {
    let message = option.value.placeholder.escaping(zshColon)
    switch option.value {
    case .none: return ""
    case .text, .number: return ":\(message): "
    case .file: return ":\(message):_files"
    case .directory: return ":\(message):_files -/"
    case .profile: return ":\(message):_\(name)_profiles"
    case .host: return ":\(message):_hosts"
    case .oneOf(_, let values):
      return ":\(message):(\(values.map { $0.escaping(zshWord) }.joined(separator: " ")))"
    case .words(let words):
      return words.places.enumerated().map { index, place in
        let root = "\(command.name.text)/\(option.key)"
        return (place.isOptional ? "::" : ":") + place.name.escaping(zshColon)
          + ":{_\(name)_words \(root) \(index + 1)}"
      }.joined()
    }
  }

  private func zshPlaces(_ command: CommandDescription) -> [String] {
    var places: [String] = []
    for option in command.visibleOptions {
      guard case .words(let words) = option.value else { continue }
      words.walk { path, offers in
        guard !offers.isEmpty else { return }
        let place = path.reduce("\(command.name.text)/\(option.key)".singleQuoted) {
          "\($0)/\($1?.singleQuoted ?? "*")"
        }
        let words = offers.map(\.singleQuoted).joined(separator: " ")
        places.append("\(place)) compadd -- \(words) ;;")
      }
    }
    return places
  }
}

private func zshBracket(_ character: Character) -> String? {
  "\\[]:".contains(character) ? "\\\(character)" : nil
}

private func zshColon(_ character: Character) -> String? {
  "\\:".contains(character) ? "\\\(character)" : nil
}

private func zshWord(_ character: Character) -> String? {
  character.isLetter || character.isNumber || "-_./".contains(character) ? nil : "\\\(character)"
}
