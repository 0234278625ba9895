// Bytes that nobody meant: changed, cut and made up.  None may trap, and what decodes all the same
// has to survive the way back.

import Foundation
import MQTTProtocol
import TestSupport
import Testing

@Suite("Hostile bytes") struct HostileBytesTests {
  /// Every byte of every valid packet with each bit turned, and as 0x00 and 0xff.
  @Test(arguments: ProtocolVersion.allCases) func oneByteChanged(_ version: ProtocolVersion) {
    var decoded = 0
    for row in DecoderTable.valid where row.version == version {
      for place in row.bytes.indices {
        let byte = row.bytes[place]
        for change in (0..<8).map({ byte ^ (1 << $0) }) + [0x00, 0xff] {
          var bytes = row.bytes
          bytes[place] = change
          if survives(bytes, version) { decoded += 1 }
        }
      }
    }
    #expect(decoded > 1000)
  }

  /// Every valid body cut at every place, under a length that admits it.
  @Test(arguments: ProtocolVersion.allCases) func bodyCut(_ version: ProtocolVersion) throws {
    for row in DecoderTable.valid where row.version == version {
      let header = try row.bytes.withUnsafeBytes {
        try FixedHeader(in: $0, at: 0, limit: .max, version)
      }
      let body = row.bytes[try #require(header).size...]
      for count in 0..<body.count {
        let cut = frame(row.bytes[0], Array(body.prefix(count)))
        if !survives(cut, version) {
          #expect(throws: MalformedPacket.self, "\(row) cut to \(count)") {
            try decode(cut, version)
          }
        }
      }
    }
  }

  @Test(arguments: ProtocolVersion.allCases) func noise(_ version: ProtocolVersion) {
    var random = Generator(seed: 0x4d51_5454)
    for _ in 0..<20_000 {
      _ = survives(random.bytes(Int.random(in: 0...24, using: &random)), version)
    }
  }

  /// Noise behind a true header gets further than noise alone.
  @Test(arguments: ProtocolVersion.allCases) func noiseInABody(_ version: ProtocolVersion) {
    var random = Generator(seed: 0x6e6f_6973)
    let firsts: [UInt8] = [
      0x10, 0x20, 0x30, 0x32, 0x34, 0x40, 0x50, 0x62, 0x70, 0x82, 0x90, 0xa2, 0xb0, 0xe0, 0xf0,
    ]
    for first in firsts {
      for _ in 0..<1_000 {
        // Small numbers make lengths that fit.
        let body = random.bytes(Int.random(in: 0...32, using: &random)).map { $0 & 0x2f }
        _ = survives(frame(first, body), version)
      }
    }
  }

  /// What Tests/Fuzz/decode.swift begins with: a byte for the version, and packets.
  @Test func corpus() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fuzz/corpus/decode")
    var packets = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
      let version = ProtocolVersion.allCases[Int(try #require(bytes.first)) % 3]
      if survives(Array(bytes[1...]), version) { packets += 1 }
    }
    #expect(packets > 10)
  }

  /// True when `bytes` decode; then what they decode to encodes and decodes to itself.
  private func survives(_ bytes: [UInt8], _ version: ProtocolVersion) -> Bool {
    guard let decoded = try? decode(bytes, version) else { return false }
    let again = decoded.packet.encoded(version)
    let back = Decoded(packet: decoded.packet, size: again.count)
    #expect((try? decode(again, version)) == back, "\(bytes)")
    return true
  }
}
