import MQTTProtocol
import Transport

/// What is asked: one message, or a line of standard input after the other.
struct RequestSource: ~Copyable {
  private var message: [UInt8]?
  private var lines: LineReader?

  init(_ payload: Payload) {
    switch payload {
    case .message(let bytes): message = bytes
    case .lines(let input, let separator):
      lines = LineReader(input, separator: separator, limit: VariableByteInteger.maximum)
    case .file: message = nil
    }
  }

  /// Nothing more is to be asked.
  var isFinished: Bool {
    mutating get { lines?.isFinished ?? (message == nil) }
  }

  /// Calls `body` with the next payload and takes it away when `body` returns true.
  ///
  /// - Returns: false when there is none for now, or `body` returned false.
  mutating func take(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Bool
  ) throws(Failure) -> Bool {
    if let message {
      let isTaken = try message.withUnsafeBufferPointer { (bytes) throws(Failure) -> Bool in
        try body(UnsafeRawBufferPointer(bytes))
      }
      if isTaken { self.message = nil }
      return isTaken
    }
    guard let line = lines?.first(), try body(line) else { return false }
    lines?.removeFirst(line.count)
    return true
  }

  /// Where the next payload comes from, when it has to be waited for.
  var watch: Watch? {
    mutating get {
      guard lines?.isAtEnd == false, lines?.first() == nil else { return nil }
      return (lines?.descriptor).map { Watch($0, .readable) }
    }
  }

  /// Reads once.
  mutating func read(number: Int) throws(Failure) {
    try lines?.read(naming: "request \(number)")
  }
}
