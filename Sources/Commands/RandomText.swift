/// Names that nobody else has.
enum RandomText {
  static func letters(_ count: Int) -> [UInt8] {
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    var random = SystemRandomNumberGenerator()
    return (0..<count).map { _ in letters[Int(random.next(upperBound: UInt(letters.count)))] }
  }
}
