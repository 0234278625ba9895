import Foundation
import OptionTable
import Testing

/// What is typed before the tab, and what the shell offers, in any order.
struct Completion: Sendable, CustomTestStringConvertible {
  var words: [String]
  var offers: [String]
  var testDescription: String { words.joined(separator: " ") + "<tab>" }

  init(_ words: [String], _ offers: [String]) {
    self.words = words
    self.offers = offers
  }
}

@Suite("Completion, in the shells themselves") struct CompletionTests {
  static let shared = [
    Completion(["se"], ["send"]),
    Completion(["help", ""], ["fetch", "send", "peek", "sort", "read"]),
    Completion(["send", "--profile", ""], ["plant-a", "plant-b"]),
    Completion(["send", "--profile", "plant-b"], ["plant-b"]),
    Completion(["peek", "se"], ["send"]),
    Completion(["peek", "--pro"], ["--profile"]),
    Completion(["peek", "send", "--re"], ["--register", "--retain"]),
    Completion(["peek", "send", "-q", "t"], ["two's"]),
    Completion(["peek", "fetch", "--fo"], ["--folder"]),
    Completion(["send", "--re"], ["--register", "--retain"]),
    Completion(["send", "--xy"], []),
    Completion(["send", "--fo"], []),
    Completion(["fetch", "--fo"], ["--folder"]),
    Completion(["send", "-q", ""], ["0", "1", "two's"]),
    Completion(["send", "--qos", ""], ["0", "1", "two's"]),
    Completion(["send", "-v", "--qos", "t"], ["two's"]),
    Completion(["send", "-m", ""], []),
    Completion(["send", "-q1", "--ret"], ["--retain"]),
    Completion(["send", "-vq", ""], ["0", "1", "two's"]),
    Completion(["send", "-D", ""], ["connect", "publish"]),
    Completion(["send", "--property", "c"], ["connect"]),
    Completion(["send", "-D", "publish", ""], ["format", "user-property"]),
    Completion(["send", "-D", "connect", ""], ["receive-maximum", "user-property"]),
    Completion(["send", "-v", "-D", "publish", "format", ""], ["0", "1"]),
    Completion(["send", "-D", "publish", "user-property", ""], []),
    Completion(["send", "-D", "publish", "format", "1", "--ret"], ["--retain"]),
    Completion(["send", "-f", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["fetch", "--folder", "/usr/loc"], ["local"]),
    Completion(["sort", ""], ["date", "stack", "sacks"]),
    Completion(["sort", "s"], ["stack", "sacks"]),
    Completion(["sort", "--prof"], ["--profile"]),
    Completion(["sort", "date", "--prof"], ["--profile"]),
    Completion(["sort", "date", "/usr/bin/bashb"], []),
    Completion(["sort", "-v", "s"], []),
    Completion(["sort", "stack", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["sort", "stack", "-v", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["sort", "sacks", "/usr/bin/bash", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["sort", "sacks", "/usr/bin/bash", "--prof"], ["--profile"]),
    Completion(["peek", "sort", "s"], []),
    Completion(["read", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["read", "-v", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["read", "-q", "t"], ["two's"]),
    Completion(["read", "--ver"], ["--version"]),
  ]

  static let readByOurselves = [
    Completion(["send", "-m", "-q", ""], Post.names(of: Post.send)),
    Completion(["send", "-Dpublish", "f"], ["format"]),
    Completion(["send", "--", "-"], []),
    Completion(["send", "--qos", "="], ["0", "1", "two's"]),
    Completion(["send", "--qos", "=", "t"], ["two's"]),
    Completion(["send", "--qos=t"], ["--qos=two's"]),
    Completion(["send", "--qos", "=", "1", "--ret"], ["--retain"]),
    Completion(["send", "--property", "=", "publish", "f"], ["format"]),
    Completion(["send", "--retain=t"], []),
    Completion(["help", "send", ""], []),
    Completion(["unknown", "-"], []),
    Completion(["sort", "stack", "/usr/bin/bash", "/usr/bin/bashb"], []),
    Completion(["sort", "sacks", "a", "--", "/usr/bin/bashb"], ["bashbug"]),
    Completion(["sort", "date", ""], ["--profile", "-v", "--help", "--version"]),
    Completion(["peek", "read", "/usr/bin/bashb"], []),
    Completion(["read", "/usr/bin/bash", ""], Post.names(of: Post.read)),
  ]

  /// The words offered.  Of a path the last part: zsh says no more.
  private func offers(_ output: String) -> Set<String> {
    let words = output.split(separator: "\n").map { line in
      let word = line.prefix { $0 != "\t" }
      return String(word.split(separator: "/").last ?? word)
    }
    return Set(words)
  }

  @Test("bash", arguments: shared + readByOurselves) func bash(_ row: Completion) throws {
    let script = """
      source "${!#}" || exit
      set -- "${@:1:$#-1}"
      COMP_WORDS=(post "$@")
      COMP_CWORD=$#
      # Around = bash cuts though no blank is there.
      COMP_LINE=post glue=' '
      for word; do
        [[ $word == = ]] && glue=
        COMP_LINE+=$glue$word
        [[ $word == = ]] && glue= || glue=' '
      done
      _post
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let output = try Shell.run(
      "bash", ["--norc", "-uc", script, "bash"] + row.words, on: Post.program.bashCompletion())
    #expect(offers(output) == Set(row.offers))
  }

  @Test("zsh", .enabled(if: Shell.has("zsh"), "zsh is not installed"), arguments: shared)
  func zsh(_ row: Completion) throws {
    let line = row.words.joined(separator: " ")
    let output = try Shell.run(
      "zsh", ["-f", "-c", Self.zshScript, "zsh", line], on: Post.program.zshCompletion())
    #expect(offers(output) == Set(row.offers))
  }

  @Test("fish", .enabled(if: Shell.has("fish"), "fish is not installed"), arguments: shared)
  func fish(_ row: Completion) throws {
    let script = "source $argv[-1]; complete -C \"post $argv[1]\""
    let line = row.words.joined(separator: " ")
    let output = try Shell.run(
      "fish", ["--no-config", "-c", script, line], on: Post.program.fishCompletion())
    #expect(offers(output) == Set(row.offers))
  }

  /// Types the line and a tab into an interactive zsh, whose compadd writes what it is given, and
  /// which leaves after the completion.
  private static let zshScript = #"""
    zmodload zsh/zpty
    zpty shell zsh -f -i
    () {
      zpty -w shell "script=${(q)2}; source $1"
      while zpty -r shell line && [[ $line != *@ready* ]]; do :; done
    } =(<<< '
      PROMPT= RPROMPT=
      autoload -Uz compinit; compinit -D -u
      source $script
      bindkey "^I" complete-word
      leave() { print -r - "@end"; exit }
      comppostfuncs=(leave)
      compadd() {
        if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
        typeset -a __offers
        builtin compadd -O __offers "$@"
        builtin compadd "$@"
        local result=$? word
        for word in $__offers; do print -r - "@offer:$word"; done
        return $result
      }
      print @ready
    ') $2
    zpty -w -n shell "post $1"$'\t'
    while zpty -r shell line && [[ $line != *@end* ]]; do
      [[ $line == *@offer:* ]] && print -r - ${${line#*@offer:}%%$'\r'*}
    done
    """#

}

extension Post {
  static func names(of command: CommandSpec<PostSettings>) -> [String] {
    command.description.options.filter { !$0.hidden }.flatMap(\.names).map(\.shown)
  }
}
