// What ps and /proc/PID/cmdline show of us.

import Glibc
import OptionTable
import Transport

/// The words of the command line where other users can read them, as long as none has changed.
struct CommandLineWords {
  private let places = ProcessWords.all()

  /// Overwrites the secrets of options, and keeps them out of core files.
  static func hideSecrets(_ occurrences: [Occurrence], of command: CommandSpec<Settings>) {
    var words: CommandLineWords?
    for occurrence in occurrences {
      for (value, shown) in command.secrets(in: occurrence) {
        CoreDumps.forbid()
        if occurrence.origin != .commandLine { continue }
        let all = words ?? CommandLineWords()
        all.hide(value, behind: shown)
        words = all
      }
    }
  }

  /// - Parameter word: a whole one, or the end of an option's (`-Psecret`, `--pw=secret`).
  func hide(_ word: Argument, behind shown: Argument) {
    for place in places {
      let isAttached =
        place.first == UInt8(ascii: "-") && place.reversed().starts(with: word.bytes.reversed())
      guard isAttached || place.elementsEqual(word.bytes) else { continue }
      let tail = UnsafeMutableRawBufferPointer(rebasing: place.suffix(word.bytes.count))
      for index in tail.indices {
        tail[index] = index < shown.bytes.count ? shown.bytes[index] : 0
      }
    }
  }
}
