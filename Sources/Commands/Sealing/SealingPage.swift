// apus-sealing(7): what stands in an envelope, byte by byte.

import OptionTable

extension Program {
  static var sealing: ReferencePage {
    ReferencePage(
      title: "apus-sealing", section: 7, summary: "Sealed and signed messages of apus.",
      description: [
        "'apus pub --seal KEY' encrypts payloads, '--sign KEY' signs messages, and 'apus sub --open KEY' "
          + "and '--verify KEY' take only those.  The broker and everybody else who is in between sees "
          + "topic and properties, the length of the payload, and which keys are used.",
        "A message is refused when anything in it was changed or cut off, when it comes on another topic, "
          + "with other user properties, content type, response topic or correlation data, and when it was "
          + "received before.  So bridges and servers that rename topics make messages that cannot be "
          + "opened; shared subscriptions and topic aliases change nothing.  A refused message gives no "
          + "output and one line on standard error, and the exit status becomes 65.",
        "Sealing for x25519 keys proves nothing about who sent a message, since anybody has the public half: "
          + "--sign does.  Who has a symmetric key can write as well as read.",
        "With --seal and --sign the payload is encrypted first and then signed.  So a signature can be "
          + "verified without opening anything, and what is signed says whom it is for: nobody who opens a "
          + "message can pass it on in a new envelope under the old signature.  The signer's identifier is "
          + "bound by the encryption, so that nobody can put another signature in place of the first.",
        "Each run of a publisher has a number of its own, by chance, and counts its messages.  The subscriber "
          + "remembers for each run the highest count and which of the 1024 below it came, since messages of "
          + "different QoS overtake one another.  Without --state it remembers only what it saw itself.  With "
          + "it at most 1024 runs are in the file; then the one that was silent longest is forgotten, and "
          + "of unknown runs nothing is taken that is not newer.  The file is written when the messages that came "
          + "have been printed: after a crash just then the last ones may be taken again.  "
          + "With --exec a message counts as received when its command is started.",
        "With 'apus pub --outbox' a message is sealed when it is stored, which is its time of sending: one "
          + "that waits there until subscribers with --state have forgotten a later run is refused.",
        "A message that the broker delivers again (DUP) or has retained is not shown a second time either, but "
          + "that is no reason for another exit status, nor for --strict to end: 'passed over' is reported.  "
          + "So with --state a retained message is shown to one run only.  A publisher that sends a message "
          + "of QoS 1 again after a loss may have it delivered twice as two messages: the second is refused "
          + "as replayed.  So is the second copy where a broker sends one for each of two subscriptions that "
          + "overlap.",
        "All cryptography is OpenSSL's.",
      ],
      tables: [keyFile, carriage, header, derivation, vectors],
      examples: [
        Example("apus key new --type x25519 plant.key", "makes a key to open with"),
        Example("apus key public plant.key >plant.pub", "makes the half to seal with for it"),
        Example("apus key new --type ed25519 me.key", "makes a key to sign with"),
        Example(
          "apus pub --seal plant.pub --seal audit.pub --sign me.key -t plant/a -m open",
          "seals for two and signs"),
        Example(
          "apus sub --open plant.key --verify me.pub --state seen -t 'plant/#'",
          "opens, and notices replays in later runs too"),
      ],
      seeAlso: ["apus-key", "apus-pub", "apus-rr", "apus-sub"])
  }

  private static let keyFile = ReferencePage.Table(
    "Key files",
    [
      Definition(
        "apus-key-1 TYPE HALF BASE64",
        "One line.  TYPE is aes-256-gcm, chacha20-poly1305, x25519, ed25519 or hmac-sha256, HALF is secret "
          + "or public, and BASE64 the 32 bytes of the key as RFC 7748 and RFC 8032 have them."),
      Definition(
        "Identifier",
        "The first 8 bytes of SHA-256(\"apus-key-1 TYPE\" 00 public half) for pairs, of "
          + "HMAC-SHA-256(key, \"apus-key-1 TYPE\" 00) for others."),
    ])

  private static let carriage = ReferencePage.Table(
    "Where an envelope is",
    [
      Definition(
        "MQTT 5",
        "The head is in the user property apus-seal, in base64.  Of a sealed message the content type is "
          + "application/vnd.apus.sealed, and there is no payload format indicator: its own are in the "
          + "head.  The payload is the body."),
      Definition("MQTT 3.1.1, 3.1", "The payload is the head and the body behind it."),
      Definition(
        "Body",
        "The encrypted payload and 16 bytes of tag; of a message that is only signed, the payload."),
    ])

  private static let header = ReferencePage.Table(
    "Head",
    [
      Definition("0: 4 bytes", "FF 41 50 53."),
      Definition("4: 1 byte", "01, the version."),
      Definition(
        "5: 1 byte",
        "How it is sealed: 00 not, 01 AES-256-GCM, 02 ChaCha20-Poly1305, 03 X25519 and AES-256-GCM."
      ),
      Definition("6: 1 byte", "How it is signed: 00 not, 01 Ed25519, 02 HMAC-SHA-256."),
      Definition(
        "7: 1 byte",
        "Flags of a sealed message, else 00: 01 the payload is UTF-8 text (payload format indicator 1), "
          + "02 there is a content type."),
      Definition("8: 16 bytes", "The sender's run, by chance."),
      Definition("24: 8 bytes", "The sequence number in that run, from 1, highest byte first."),
      Definition("32: 8 bytes", "The time of sending in milliseconds since 1970."),
      Definition("With flag 02", "2 bytes of length, and the content type."),
      Definition("Sealed 01, 02", "8 bytes: the key's identifier."),
      Definition(
        "Sealed 03",
        "32 bytes of public key, made for this run; 1 byte: the number of recipients; for each of them 8 "
          + "bytes of key identifier and 48 bytes of wrapped content key."),
      Definition("Signed", "8 bytes: the signer's identifier."),
      Definition(
        "Signature", "64 bytes of Ed25519 or 32 of HMAC.  What is before it is the header."),
    ])

  private static let derivation = ReferencePage.Table(
    "Computation",
    [
      Definition(
        "context",
        "The header; 2 bytes of length and the topic; then as MQTT 5 encodes properties, each if it is "
          + "there: 01 01 for text, 03 and the content type, 08 and the response topic, 09 and the "
          + "correlation data, 26 and each other user property in their order.  Content type and text "
          + "are those of the message, not those of the envelope."),
      Definition(
        "content key",
        "HKDF-SHA-256 with 32 bytes of output: secret, the symmetric key or the key that was wrapped; salt, "
          + "the sender's run; info, \"apus-sealing-1 content\" 00 and byte 5 of the head."),
      Definition("nonce", "4 bytes 00 and the sequence number."),
      Definition(
        "body",
        "The cipher over the payload by content key and nonce, with context as associated data."),
      Definition(
        "wrapped content key",
        "AES-256-GCM over 32 bytes by chance, nonce 00, no associated data; the key is HKDF-SHA-256 of "
          + "X25519's shared secret, salt the sender's run, info \"apus-sealing-1 wrap\" 00, the run's "
          + "public key, the recipient's public key."),
      Definition(
        "signature",
        "Over \"apus-sealing-1 signature\" 00 and SHA-256(context, body), by Ed25519 or HMAC-SHA-256."
      ),
    ])

  /// The first and the fifth of Tests/Vectors/sealing.json, which has more.
  static let vectors = ReferencePage.Table(
    "Test vectors",
    [
      Definition("Blanks", "are for the page: there are none in any of these but the keys."),
      Definition("topic, payload", "plant/a/temperature, 21.5"),
      Definition("time, sequence number", "1790000000123, 1"),
      Definition("run", "ca3be1dc842bd47b1c2d76b60d7544e5"),
      Definition(
        "key to seal with",
        "apus-key-1 aes-256-gcm secret 6e1NkJusbqZwtFZTFNxu4b/poTPOasMQMvdD+/glO2Y="),
      Definition(
        "MQTT 5, apus-seal",
        "/0FQUwEBAADKO+HchCvUexwtdrYNdUTl AAAAAAAAAAEAAAGgxFBse8l5+YbvMibl"),
      Definition("MQTT 5, payload", "61a6dfbf1ffa6dd31cc02f0acbae9e8c 3800f871"),
      Definition(
        "MQTT 3.1.1, payload",
        "ff41505301010000ca3be1dc842bd47b 1c2d76b60d7544e50000000000000001 "
          + "000001a0c4506c7bc979f986ef3226e5 61a6dfbf1ffa6dd31cc02f0acbae9e8c "
          + "3800f871"),
      Definition(
        "key to sign with",
        "apus-key-1 ed25519 secret bcUyjvrj5iG3/bMY0EAnBGpTFVYu22NT1kSrv9Hx3gc="),
      Definition(
        "signed only, MQTT 3.1.1",
        "ff41505301000100ca3be1dc842bd47b 1c2d76b60d7544e50000000000000001 "
          + "000001a0c4506c7b0a279279a37ae880 46313d9eb6a99ce2f445c6ae679c732f "
          + "a9a06cf3a164c59ac0a5718c2c1cf0d5 e0750abf4afd790d38ae398fc4651f8b "
          + "c3b0313e7b8fe1a8ac9f4e64f1347809 32312e35"),
    ])
}
