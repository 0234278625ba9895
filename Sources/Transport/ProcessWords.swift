import CStartUp
import Glibc

/// The words of the command line where the system keeps them for others to see.
package enum ProcessWords {
  /// - Returns: their bytes, which may be changed.
  package static func all() -> [UnsafeMutableRawBufferPointer] {
    var words: [UnsafeMutableRawBufferPointer] = []
    guard var next = apus_words() else { return words }
    while let word = next.pointee {
      words.append(UnsafeMutableRawBufferPointer(start: word, count: strlen(word)))
      next += 1
    }
    return words
  }
}
