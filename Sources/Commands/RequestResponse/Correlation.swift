// Which request an answer belongs to.

import MQTTProtocol
import MQTTSession

/// Correlation data for the requests of one run: a prefix that nobody can guess, so that no answer to
/// another run is taken, and the request's number.  It is text, so that a service written in shell can
/// send it back.
struct Correlation {
  private let prefix: [UInt8]

  private static let prefixLength = 20
  private static let digits = 12

  init() {
    prefix = RandomText.letters(Self.prefixLength)
  }

  /// Correlation data in which the number is still to be written.
  var property: Property? {
    Property(.correlationData, prefix + [UInt8](repeating: UInt8(ascii: "0"), count: Self.digits))
  }

  /// Correlation data with the number in it.
  func property(of number: Int) -> Property? {
    let digits = Array(String(number).utf8)
    let zeroes = [UInt8](
      repeating: UInt8(ascii: "0"), count: max(0, Self.digits - digits.count))
    return Property(.correlationData, prefix + zeroes + digits)
  }

  /// Makes a message that has `property` as its last one the request with that number.
  func write(_ number: Int, into publication: inout Publication) {
    withUnsafeTemporaryAllocation(byteCount: Self.digits, alignment: 1) { text in
      var rest = number
      for place in (0..<Self.digits).reversed() {
        text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      publication.overwritePropertiesEnd(UnsafeRawBufferPointer(text))
    }
  }

  /// The number of the request that the data belongs to; nil when it is none of ours.
  func number(in data: UnsafeRawBufferPointer) -> Int? {
    guard data.count == Self.prefixLength + Self.digits, data.starts(with: prefix) else {
      return nil
    }
    var number = 0
    for byte in data[Self.prefixLength...] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }
}
