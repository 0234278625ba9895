// Numbers as C's library reads them.

import Glibc
import OptionTable

extension Argument {
  /// `atoi`: white space, a sign, digits; what follows is ignored, and no number is 0.
  var atoi: Int32 { Int32(truncatingIfNeeded: atol) }

  var atol: Int {
    withCString { strtol($0, nil, 10) }
  }

  /// `atof`.
  var atof: Double {
    withCString { strtod($0, nil) }
  }

  /// A whole word that `strtoll` reads, in any of C's notations.
  ///
  /// - Returns: nil when something else stands in it.
  var wholeNumber: Int64? {
    withCString { start in
      var end: UnsafeMutablePointer<CChar>?
      let number = strtoll(start, &end, 0)
      guard let end, end.pointee == 0, end != start else { return nil }
      return Int64(number)
    }
  }

  private func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    bytes.cString.withUnsafeBufferPointer { buffer in
      // The buffer has its final zero at least.
      buffer.baseAddress.map(body) ?? body([0])
    }
  }
}
