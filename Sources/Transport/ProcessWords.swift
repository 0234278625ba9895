import CLinux
import Glibc

/// The words of the command line where the system keeps them for others to see.  They lie one behind the other.
package enum ProcessWords {
  /// - Parameter body: may change the bytes of a word, not its length.
  package static func forEach(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
    var next = apus_first_word()
    for _ in 0..<CommandLine.argc {
      guard let word = next else { return }
      let length = strlen(word)
      body(UnsafeMutableRawBufferPointer(start: word, count: length))
      next = word + length + 1
    }
  }
}
