// Arbitrary bytes as envelopes, by themselves and around true ones, and as key and state files.

import Sealing

private let keys: [Key] = KeyType.allCases.compactMap { type in
  Key(type, secret: [UInt8](repeating: 7, count: 32))
}
private let binding = Binding(topic: [0x61])

/// The first byte selects what the rest is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let kind = input.first else { return 0 }
  let bytes = Array(input.dropFirst())
  switch kind % 5 {
  case 0: checkPayload(bytes)
  case 1: checkHead(bytes)
  case 2: checkChanged(bytes, kind)
  case 3:
    if let key = try? Key(text: bytes) { precondition(try! Key(text: key.text.utf8) == key) }
  default:
    if let memory = ReplayGuard(bytes) {
      precondition(memory.encoded.count <= ReplayGuard.mostBytes)
    }
  }
  return 0
}

private func opener() -> Opener {
  try! Opener(
    keys.filter(\.type.seals), verifiers: keys.filter { !$0.type.seals }, allowsPlain: true)
}

/// Nobody who lacks the keys makes an envelope: what is taken is taken as it is.
private func checkPayload(_ bytes: [UInt8]) {
  var body = bytes
  var opener = opener()
  body.withUnsafeMutableBytes { body in
    let delivery = Opener.Delivery(binding, head: nil, payload: body, isRepetition: false)
    guard let opened = try? opener.open(delivery) else { return }
    precondition(opened.payload.elementsEqual(bytes), "an envelope from nowhere")
  }
}

private func checkHead(_ bytes: [UInt8]) {
  var body: [UInt8] = Array("a payload and sixteen bytes".utf8)
  var opener = opener()
  // Half of the time in base64, so that there is something to parse.
  let text = bytes.first.map { $0 % 2 == 0 } ?? false ? Array(Base64.text(bytes).utf8) : bytes
  text.withUnsafeBytes { text in
    body.withUnsafeMutableBytes { body in
      let delivery = Opener.Delivery(binding, head: text, payload: body, isRepetition: false)
      precondition((try? opener.open(delivery)) == nil, "a head from nowhere")
    }
  }
}

/// A true envelope with pieces changed: places and what to write there.
private func checkChanged(_ bytes: [UInt8], _ kind: UInt8) {
  let seals = keys.filter(\.type.seals)
  let signers = keys.filter { !$0.type.seals }
  var sealer = try! Sealer(
    [seals[Int(kind / 5) % 3]], signer: kind > 127 ? signers[Int(kind / 15) % 2] : nil,
    random: [UInt8](repeating: 3, count: Sealer.randomLength))
  let envelope = sealer.begin(binding, time: 1)
  var body: [UInt8] = Array("payload".utf8)
  let end = body.withUnsafeMutableBytes { body in
    var pass = try! envelope.pass()
    try! pass.transform(body)
    return try! pass.finish()
  }
  let whole = try! envelope.head(end) + body + end.tag
  var changed = whole
  for place in stride(from: 0, to: bytes.count - 1, by: 2) {
    changed[Int(bytes[place]) % changed.count] ^= bytes[place + 1]
  }
  let isChanged = changed != whole
  let startsAsOne = changed.starts(with: [0xff, 0x41, 0x50, 0x53])
  var opener = opener()
  changed.withUnsafeMutableBytes { changed in
    let delivery = Opener.Delivery(binding, head: nil, payload: changed, isRepetition: false)
    let isOpened = (try? opener.open(delivery)) != nil
    precondition(isOpened == !isChanged || !startsAsOne, "a changed envelope was opened")
  }
}
