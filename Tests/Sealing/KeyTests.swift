import Sealing
import TestSupport
import Testing

@Suite("Keys") struct KeyTests {
  @Test("come back from their text", arguments: KeyType.allCases) func text(_ type: KeyType) throws
  {
    let key = try #require(Key.generate(type))
    #expect(key.isSecret)
    #expect(try Key(text: key.text.utf8) == key)
    #expect(try Key(text: key.text.utf8.dropLast()) == key)
    #expect(try #require(Key.generate(type)) != key)
    guard let half = key.publicHalf else {
      #expect(!type.isPair)
      return
    }
    #expect(type.isPair && !half.isSecret && half.id == key.id)
    #expect(try Key(text: half.text.utf8) == half)
  }

  static let damaged: [(String, KeyFault)] = [
    ("", .notAKey), ("-----BEGIN PRIVATE KEY-----", .notAKey), ("apus-key", .notAKey),
    ("apus-key-2 x25519 secret AA==", .version("apus-key-2")), ("apus-key-1", .damaged),
    ("apus-key-1 rsa secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", .type("rsa")),
    ("apus-key-1 x25519 secret AA==", .damaged),
    ("apus-key-1 x25519 hidden AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", .damaged),
    ("apus-key-1 aes-256-gcm public AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", .damaged),
    ("apus-key-1 x25519 secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=", .damaged),
    ("apus-key-1 x25519 secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", .damaged),
    ("apus-key-1 x25519  secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", .damaged),
    ("apus-key-1 x25519 secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= x", .damaged),
    ("apus-key-1 x25519 secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n", .damaged),
  ]

  @Test("anything else is told", arguments: damaged) func damage(_ text: String, _ fault: KeyFault)
  {
    #expect(throws: fault) { try Key(text: text.utf8) }
  }

  @Test("a changed letter is another key, or none") func letters() throws {
    let key = try #require(Key.generate(.ed25519))
    let text = Array(key.text.utf8)
    for place in text.indices.dropLast() {
      var changed = text
      changed[place] ^= 1
      if let other = try? Key(text: changed) { #expect(other != key) }
    }
  }
}
