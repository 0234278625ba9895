/// Numbers of one to four bytes, seven bits each.  MQTT 5 §1.5.5, MQTT 3.1.1 §2.2.3.
package enum VariableByteInteger {
  /// 268,435,455, the largest number that four bytes hold.
  package static let maximum = 0x0fff_ffff

  /// How many bytes `number` takes, 1 to 4 (5 above `maximum`, which nothing may send).
  package static func width(_ number: Int) -> Int {
    switch number {
    case ..<0x80: 1
    case ..<0x4000: 2
    case ..<0x20_0000: 3
    case ...maximum: 4
    default: 5
    }
  }
}
