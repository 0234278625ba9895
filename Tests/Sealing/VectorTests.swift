import Foundation
import Sealing
import TestSupport
import Testing

/// The vectors of apus-sealing(7), which Tests/Vectors/sealing.py has made by itself.
@Suite("Test vectors of sealing") struct VectorTests {
  struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let message: Message
    let random: String
    let sequence: Int
    let time: UInt64
    let open: [String]
    let verify: [String]
    let sealed: Sealed
    var testDescription: String { name }

    struct Message: Decodable, Sendable {
      let topic: String
      let payload: String
      let seal: [String]?
      let sign: String?
      let contentType: String?
      let text: Bool?
      let others: String?

      enum CodingKeys: String, CodingKey {
        case topic, payload, seal, sign, text, others
        case contentType = "content_type"
      }
    }

    struct Sealed: Decodable, Sendable {
      let head: String
      let body: String
      let v311: String
    }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Vectors")
  static let all = Result {
    try JSONDecoder().decode(
      [Vector].self, from: Data(contentsOf: folder.appendingPathComponent("sealing.json")))
  }

  @Test("are there") func count() throws { #expect(try Self.all.get().count == 7) }

  @Test("are made, and opened", arguments: (try? all.get()) ?? [], Form.allCases)
  func vector(_ vector: Vector, _ form: Form) throws {
    let message = vector.message
    let key = { (text: String) in try Key(text: text.utf8) }
    var sealer = try Sealer(
      (message.seal ?? []).map(key), signer: message.sign.map(key), random: bytes(vector.random))
    let binding = Binding(
      topic: Array(message.topic.utf8), contentType: message.contentType.map { Array($0.utf8) },
      isText: message.text ?? false, others: bytes(message.others ?? ""))
    let mail = try Mail(bytes(message.payload), binding, by: &sealer, form, time: vector.time)
    if form == .property {
      #expect(mail.head.map { String(decoding: $0, as: UTF8.self) } == vector.sealed.head)
      #expect(mail.body == bytes(vector.sealed.body))
    } else {
      #expect(mail.body == bytes(vector.sealed.v311))
    }
    var opener = try Opener(
      vector.open.map(key), verifiers: vector.verify.map(key), allowsPlain: false)
    #expect(try mail.open(by: &opener).get() == bytes(message.payload))
  }

  @Test("Python's cryptography package agrees") func python() throws {
    let program = try RunningProgram([
      "python3", Self.folder.appendingPathComponent("sealing.py").path, "check",
      Self.folder.appendingPathComponent("sealing.json").path,
    ])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.outputText == "7 vectors\n")
  }

  private func bytes(_ hex: String) -> [UInt8] {
    stride(from: 0, to: hex.utf8.count, by: 2).compactMap { place in
      UInt8(hex.dropFirst(place).prefix(2), radix: 16)
    }
  }
}
