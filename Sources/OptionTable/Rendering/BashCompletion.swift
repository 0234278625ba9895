/// Completion for bash: cases made from the table, and a reader that walks the words before the
/// cursor as the parser would.
///
/// `state` is what those words leave open: `pub` (an option of pub may follow), `pub/qos` (its
/// value), `pub/property/publish` (the word after that word), or `--` (no options any more).
extension ProgramSpec {
  package func bashCompletion() -> String {
    let cases = commands.map { BashCases($0, function: "_\(name)") }
    let names = commands.map(\.name.text.singleQuoted).joined(separator: " ")
    return """
      # Completion of \(name) for bash.
      # Written by 'make generate' from the option table: change that instead.

      # An option opens its value.
      _\(name)_open() {
        case $command:$1 in
      \(indented(cases.flatMap(\.open)))
          *) state=$command ;;
        esac
      }

      # A word is a value, and perhaps opens another.
      _\(name)_step() {
        case $state:$1 in
          --:*) ;;
      \(indented(cases.flatMap(\.step)))
          *) state=$command ;;
        esac
      }

      # Offers an operand, by those before it.
      _\(name)_operands() {
        case $place in
      \(indented(commands.flatMap { $0.bashOperands("_\(name)") }))
        esac
      }

      _\(name)_offer() {
        case $state in
      \(indented(cases.flatMap(\.offer)))
        esac
      }

      \(bashReader(names: names))
      complete -F _\(name) \(name)

      """
  }

  /// Lines for commands that take another.
  private var bashPairs: String {
    pairs.map { outer, inner in
      let patterns = inner.map(\.singleQuoted).joined(separator: "|")
      return """
          if [[ $command == \(outer) ]]; then
            ((last == 2)) && _\(name)_words \(inner.map(\.singleQuoted).joined(separator: " "))
            case ${words[2]} in
              \(patterns)) ((last > 2)) && command=${words[2]} first=3 ;;
            esac
          fi

        """
    }.joined()
  }

  /// The part that is the same for every table.
  private func bashReader(names: String) -> String {
    """
    _\(name)_words() {
      local word
      for word; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$prefix$word")
      done
    }

    # Names that compgen knows: files, directories, hosts.
    _\(name)_names() {
      local word
      # In quotation marks only bash itself leaves a variable one.
      if [[ $1 != hostname && $cur == *'$'* ]]; then
        compopt -o "$([[ $1 == file ]] && echo default || echo dirnames)" 2>/dev/null
        return
      fi
      while IFS= read -r word; do
        COMPREPLY+=("$prefix$word")
      done < <(compgen -A "$1" -- "$cur")
      [[ $1 == hostname ]] || compopt -o filenames 2>/dev/null
    }

    _\(name)_profiles() {
      local path word
      for path in "${XDG_CONFIG_HOME:-${HOME-}/.config}/\(name)/profiles"/*; do
        printf -v word %q "${path##*/}"
        [[ -f $path ]] && _\(name)_words "$word"
      done
    }

    # Bash cuts words at = and : too, and puts what is offered in the place of the last piece.
    _\(name)_join() {
      local rest=${COMP_LINE-} piece i
      for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if ((i > 0)) && [[ -n $piece && $rest == "$piece"* ]]; then
          cut=${words[-1]}
          words[-1]+=$piece
          [[ $piece == [=:] ]] && cut=${words[-1]}
        else
          words+=("$piece")
          cut=
          rest=${rest#"${rest%%[![:space:]]*}"}
        fi
        rest=${rest#"$piece"}
      done
    }

    # Reads one word.
    _\(name)_read() {
      local i
      if [[ $state != "$command" ]]; then
        [[ $state == -- ]] && place+=/$1
        _\(name)_step "$1"
        return
      fi
      case $1 in
        --) state=-- ;;
        --*=*)
          _\(name)_open "${1%%=*}"
          _\(name)_step "${1#*=}"
          ;;
        --*) _\(name)_open "$1" ;;
        -*)
          for ((i = 1; i < ${#1}; i++)); do
            _\(name)_open "-${1:i:1}"
            [[ $state == "$command" ]] && continue
            ((i + 1 < ${#1})) && _\(name)_step "${1:i+1}"
            return
          done
          ;;
        *) place+=/$1 ;;
      esac
    }

    _\(name)() {
      local words=() cut= last i
      _\(name)_join
      last=$((${#words[@]} - 1))
      COMPREPLY=()
      _\(name)_complete
      for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$cut"}; done
    }

    _\(name)_complete() {
      local cur=${words[last]} command=${words[1]} first=2 prefix= state place i
      if ((last == 1)); then
        _\(name)_words \(names) help --help --version
        return
      fi
      if [[ $command == help ]]; then
        ((last == 2)) && _\(name)_words \(names)
        return
      fi
    \(bashPairs)  state=$command place=$command
      for ((i = first; i < last; i++)); do
        _\(name)_read "${words[i]}"
      done
      if [[ $state == "$command" && $cur == --*=* ]]; then
        _\(name)_open "${cur%%=*}"
        [[ $state == "$command" ]] && return
        prefix=${cur%%=*}=
        cur=${cur#*=}
      elif ((first == 2)) && [[ $state == "$command" || $state == -- ]] && [[ $cur != -* ]]; then
        _\(name)_operands
        ((${#COMPREPLY[@]})) && return
      fi
      _\(name)_offer
    }

    """
  }
}

/// The cases of one command.
private struct BashCases {
  var open: [String] = []
  var step: [String] = []
  var offer: [String] = []

  init(_ command: CommandDescription, function: String) {
    let name = command.name.text
    for option in command.visibleOptions where option.value != .none {
      let root = "\(name)/\(option.key)"
      let patterns = option.names.map { "\(name):\($0.shown)".singleQuoted }
      open.append("\(patterns.joined(separator: "|"))) state=\(root.singleQuoted) ;;")
      option.value.words.walk { path, offers in
        let state = path.reduce(root) { "\($0)/\($1 ?? "*")" }
        if let last = path.last {
          let before = path.dropLast().reduce(root) { "\($0)/\($1 ?? "*")" }
          let pattern = "\(before):".singleQuoted + (last?.singleQuoted ?? "*")
          step.append("\(pattern)) state=\(state.singleQuoted) ;;")
        }
        let action: String? =
          switch option.value {
          case .oneOf(_, let values): call("words", values)
          case .file: call("names", ["file"])
          case .directory: call("names", ["directory"])
          case .host: call("names", ["hostname"])
          case .profile: "\(function)_profiles"
          case .words where !offers.isEmpty: call("words", offers)
          case .none, .text, .number, .words: nil
          }
        if let action { offer.append("\(state.singleQuoted)) \(action) ;;") }
      }
    }
    let names = command.visibleOptions.flatMap(\.names).map(\.shown)
    offer.append("\(name.singleQuoted)) \(call("words", names)) ;;")

    func call(_ action: String, _ words: [String]) -> String {
      "\(function)_\(action) \(words.map(\.singleQuoted).joined(separator: " "))"
    }
  }
}

extension CommandDescription {
  /// `place` is the command and the operands before the cursor: `bench/compare/a.json`.
  fileprivate func bashOperands(_ function: String) -> [String] {
    let start = name.text.singleQuoted
    if operands == .file { return ["\(start)) \(function)_names 'file' ;;"] }
    guard !operands.actions.isEmpty else { return [] }
    let words = operands.actions.map(\.word.singleQuoted).joined(separator: " ")
    let first = "\(start)) ((last == 2)) && \(function)_words \(words) ;;"
    return [first]
      + operands.actions.compactMap { action in
        let place = "\(name.text)/\(action.word)"
        return switch action.files {
        case .none: nil
        case .one: "\(place.singleQuoted)) \(function)_names 'file' ;;"
        case .several:
          "\(place.singleQuoted)|\("\(place)/".singleQuoted)*) \(function)_names 'file' ;;"
        }
      }
  }
}

private func indented(_ lines: [String]) -> String {
  lines.map { "    \($0)" }.joined(separator: "\n")
}
