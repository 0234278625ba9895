// What ps and /proc/PID/cmdline show of us.

import Glibc
import OptionTable
import Transport

enum CommandLineWords {
  /// Overwrites the secrets of options where other users can read them, and keeps them out of core files.
  static func hideSecrets(_ occurrences: [Occurrence], of command: CommandSpec<Settings>) {
    for occurrence in occurrences {
      for (value, shown) in command.secrets(in: occurrence) {
        if occurrence.origin == .commandLine {
          hide(value, behind: shown)
        } else {
          CoreDumps.forbid()
        }
      }
    }
  }

  /// - Parameter word: a whole one, or the end of an option's (`-Psecret`, `--pw=secret`).
  static func hide(_ word: Argument, behind shown: Argument) {
    CoreDumps.forbid()
    ProcessWords.forEach { place in
      let isAttached =
        place.first == UInt8(ascii: "-") && place.reversed().starts(with: word.bytes.reversed())
      guard place.elementsEqual(word.bytes) || isAttached else { return }
      let tail = UnsafeMutableRawBufferPointer(rebasing: place.suffix(word.bytes.count))
      for index in tail.indices {
        tail[index] = index < shown.bytes.count ? shown.bytes[index] : 0
      }
    }
  }
}
