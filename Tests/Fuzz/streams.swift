// Arbitrary bytes as what a WebSocket server, a web server or a proxy says, in pieces of every size.

import StreamProtocols

/// The first byte selects who speaks, the second how large the pieces are.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard input.count >= 2 else { return 0 }
  let size = Int(input[1]) + 1
  let bytes = input[2...]
  switch input[0] % 3 {
  case 0: checkFrames(bytes, size)
  case 1: checkHead(bytes, size)
  default: checkSOCKS(bytes, size, hasLogin: input[0] & 0x80 != 0)
  }
  return 0
}

/// However the bytes are cut, the same comes of them.
private func checkFrames(_ bytes: ArraySlice<UInt8>, _ size: Int) {
  var whole = FrameReader()
  var cut = FrameReader()
  let payload = unwrap(bytes, by: &whole, max(bytes.count, 1))
  precondition(payload == unwrap(bytes, by: &cut, size), "another payload")
  precondition(whole.ending == cut.ending && whole.ping == cut.ping, "another end")
  precondition(payload.count <= bytes.count, "payload from nowhere")
  precondition(whole.ping?.count ?? 0 <= 125, "a ping too long")
}

private func unwrap(
  _ bytes: ArraySlice<UInt8>, by reader: inout FrameReader, _ size: Int
) -> [UInt8] {
  var payload: [UInt8] = []
  var rest = bytes
  while !rest.isEmpty {
    var piece = Array(rest.prefix(size))
    rest = rest.dropFirst(piece.count)
    let count = piece.withUnsafeMutableBytes { reader.unwrap($0) }
    payload += piece[..<count]
  }
  return payload
}

private func checkHead(_ bytes: ArraySlice<UInt8>, _ size: Int) {
  var head = HTTPHead()
  var rest = bytes
  while head.wanted > 0, !rest.isEmpty {
    let piece = rest.prefix(min(size, head.wanted))
    rest = rest.dropFirst(piece.count)
    do { try head.receive(piece) } catch { return }
  }
  if head.wanted > 0 { return }
  precondition((100...999).contains(head.status))
  let upgrade = Upgrade(host: "a", path: "/", fields: [], protocols: ["mqtt"], nonce: [])
  try? upgrade.check(head)
  try? HTTPConnect(to: "a:1", login: nil).check(head)
}

private func checkSOCKS(_ bytes: ArraySlice<UInt8>, _ size: Int, hasLogin: Bool) {
  let login = hasLogin ? SOCKS5.Login(user: [1], password: [2]) : nil
  var socks = SOCKS5(to: .name([0x61]), port: 1, login: login)
  var rest = bytes
  while socks.wanted > 0, !rest.isEmpty {
    let piece = rest.prefix(min(size, socks.wanted))
    rest = rest.dropFirst(piece.count)
    do { try socks.receive(piece) } catch { return }
    precondition(socks.wanted >= 0 && socks.wanted <= 257)
  }
}
