import Foundation
import MQTTProtocol
import Rendering
import TestSupport
import Testing

/// Each specifier, flag and escape of the format language.
@Suite("-F") struct MessageFormatTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let format: String
    let text: String
    var testDescription: String { format }
    init(_ format: String, _ text: String) {
      self.format = format
      self.text = text
    }
  }

  static let fields = [
    Row("", ""), Row("plain", "plain"), Row("%%", "%"), Row("%5%", "%"),
    Row("%p", "message"), Row("%t %p", "home/lamp message"),
    Row("%q%r", "21"), Row("%5q|%5r", "2|1"),
    Row("%l|%3l|%03l|%-3l|", "7|  7|007|7  |"), Row("%m|%5m|%05m", "12|   12|00012"),
    Row("%11t|%-11t|%.4t|%11.4t|%-6.4t|", "  home/lamp|home/lamp  |home|       home|home  |"),
    Row("%011t", "  home/lamp"),
    Row("%9p|%09p|%-9p|%3p|%.3p|%5.3p", "  message|00message|message  |message|mes|  mes"),
    Row("%x", "6d657373616765"), Row("%X", "6D657373616765"),
    Row("%.1x", "6 d 6 5 7 3 7 3 6 1 6 7 6 5"), Row("%.2x", "6d 65 73 73 61 67 65"),
    Row("%.2:X", "6D:65:73:73:61:67:65"), Row("%.4_x", "6d65_7373_6167_65"),
    Row("%.100x", "6d657373616765"), Row("%.0x", "6d657373616765"),
    Row(
      "%18x|%-18x|%018x|%3x",
      "    6d657373616765|6d657373616765    |00006d657373616765|6d657373616765"),
    Row("%22.2:x", "  6d:65:73:73:61:67:65"),
    Row("%A %C %E %F %R %S %D %P", "3 text/plain 60 1 answer/me 9 id k:v k:w"),
    Row("%3A|%03A|%-3A|", "  3|003|3  |"), Row("%12C|%.4C|", "  text/plain|text|"),
    Row("%11R|%-11R|%.6R|", "  answer/me|answer/me  |answer|"),
  ]

  static let escapes = [
    Row("\\\\ \\n\\r\\t\\v\\a\\e\\0", "\\ \n\r\t\u{b}\u{7}\u{1b}\0"), Row("a\\nb", "a\nb"),
    Row("@@", "@"), Row("@%", "%"), Row("é", "é"),
  ]

  @Test(arguments: fields + escapes) func `what a format prints`(_ row: Row) throws {
    let message = Sample {
      $0.qos = .exactlyOnce
      $0.retain = true
      $0.packetID = 12
      $0.properties = properties(
        Property(.payloadFormatIndicator, 1), Property(.messageExpiryInterval, 60),
        Property(.contentType, "text/plain"), Property(.responseTopic, "answer/me"),
        Property(.correlationData, Array("id".utf8)), Property(.subscriptionIdentifier, 9),
        Property(.topicAlias, 3), Property(user: "k", "v"), Property(user: "k", "w"))
    }
    #expect(try message.text(as: row.format) == row.text)
  }

  @Test func `what a message does not have leaves the width blank`() throws {
    #expect(
      try Sample().text(as: "%A|%C|%E|%F|%R|%S|%P|%D|%3A|%03A|%03E|%-03S|%4C|%04C|%4R|%4P|%4D|")
        == "||||||||   |000|000|   |    |    ||||")
  }

  @Test(arguments: [
    ("%", FormatFault.incompleteSpecifier), ("%0", .incompleteSpecifier),
    ("%-", .incompleteSpecifier), ("%1", .incompleteSpecifier), ("%.", .incompleteSpecifier),
    ("%.1", .incompleteSpecifier), ("%.2:", .incompleteSpecifier), ("@", .incompleteSpecifier),
    ("x%p%", .incompleteSpecifier), ("%Z", .invalidSpecifier(0x5a)),
    ("%--5p", .invalidSpecifier(0x2d)), ("%0-5l", .invalidSpecifier(0x2d)),
    ("%:x", .invalidSpecifier(0x3a)), ("%\0", .invalidSpecifier(0)), ("\\", .incompleteEscape),
    ("\\q", .invalidEscape(0x71)), ("%10000p", .numberTooLarge),
    ("%.99999999999999999999999x", .numberTooLarge), ("%é", .invalidSpecifier(0xc3)),
  ]) func `what is no format`(_ format: String, _ fault: FormatFault) {
    #expect(throws: fault) { _ = try MessageFormat(Array(format.utf8)) }
    #expect(!fault.description.contains("\n"))
  }

  @Test func `no bytes make the compiler trap, and a format that compiles runs`() {
    var random = Generator(seed: 7)
    let letters = Array("%%%%@\\-0123456789.: ACDEFIJPRSUXdfjlmpqrtxN\u{0}é".utf8)
    for _ in 0..<10_000 {
      let format = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? 0
      }
      guard var compiled = try? MessageFormat(format) else { continue }
      var output = ByteBuffer()
      [0x61, 0xff].withUnsafeBytes { bytes in
        _ = compiled.append(MessageParts(topic: bytes, payload: bytes), to: &output)
      }
    }
  }

  // MARK: Numbers

  @Test func `eight and four bytes as IEEE 754`() throws {
    let pi = Sample { sample in sample.payload = withUnsafeBytes(of: Double.pi) { Array($0) } }
    #expect(
      try pi.text(as: "%d|%.2d|%8.1d|%08.1d|%-8.1d|") == "3.141593|3.14|     3.1|000003.1|3.1     |"
    )
    let half = Sample { sample in sample.payload = withUnsafeBytes(of: Float(-0.5)) { Array($0) } }
    #expect(try half.text(as: "%f|%.0f|%.3f") == "-0.500000|-0|-0.500")
    let huge = Sample { sample in
      sample.payload = withUnsafeBytes(of: Double.greatestFiniteMagnitude) { Array($0) }
    }
    #expect(try huge.text(as: "%9999.9999d").utf8.count == 309 + 1 + 9999)
    #expect(try Sample().shown(as: "<%d>").problem == .wrongLength(expected: 8, found: 7))
    #expect(try Sample().text(as: "<%f>") == "<>")
  }

  // MARK: Time

  @Test func `all times of a message are one moment in local time`() throws {
    let text = try Sample().text(as: "%U|%I|@s|@N|@Y-@m-@dT@H:@M:@S@z|%26I|%.4I")
    let parts = text.split(separator: "|").map(String.init)
    #expect(parts[0] == "\(parts[2]).\(parts[3])")
    #expect(parts[3].utf8.count == 9)
    #expect(parts[1] == parts[4])
    #expect(parts[5] == "  " + parts[1])
    #expect(parts[6] == String(parts[1].prefix(4)))
    let date = DateFormatter()
    date.dateFormat = "yyyy-MM-dd'T'HH:mm:ssZ"
    let moment = try #require(date.date(from: parts[1]))
    #expect(Int(moment.timeIntervalSince1970) == Int(parts[2]))
    #expect(abs(moment.timeIntervalSinceNow) < 60)
  }
}
