import CLinux
import Glibc

/// The words of the command line where the system keeps them for others to see.  They lie one behind the other.
package enum ProcessWords {
  /// - Returns: their bytes, which may be changed.
  package static func all() -> [UnsafeMutableRawBufferPointer] {
    var words: [UnsafeMutableRawBufferPointer] = []
    var next = apus_first_word()
    while let word = next, words.count < CommandLine.argc {
      let length = strlen(word)
      words.append(UnsafeMutableRawBufferPointer(start: word, count: length))
      next = word + length + 1
    }
    return words
  }
}
