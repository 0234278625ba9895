import Sealing
import TestSupport
import Testing

@Suite("Replay") struct ReplayTests {
  let keys = Keys.all.first { $0.name == "chacha" }!

  private func mails(_ count: Int, seed: UInt64 = 1, time: UInt64 = 1000) throws -> [Mail] {
    var sealer = try keys.sealer(seed: seed)
    return try (0..<count).map { number in
      try Mail([UInt8(truncatingIfNeeded: number)], .plain, by: &sealer, .front, time: time)
    }
  }

  @Test("messages may overtake one another, and come once") func order() throws {
    var opener = try keys.opener()
    let mails = try mails(1500)
    var generator = Generator(seed: 5)
    var numbers = Array(mails.indices)
    // Within half the window.
    for start in stride(from: 0, to: 1500, by: 500) {
      numbers[start..<(start + 500)].shuffle(using: &generator)
    }
    for number in numbers { #expect((try? mails[number].open(by: &opener).get()) != nil) }
    for number in numbers {
      let isOld = number + Int(ReplayGuard.window) < 1500
      #expect(mails[number].open(by: &opener) == .failure(isOld ? .tooOld : .replayed))
    }
  }

  @Test("what is remembered passes from run to run") func state() throws {
    var first = try keys.opener()
    let mails = try mails(70)
    for mail in mails.prefix(65) { _ = try mail.open(by: &first).get() }
    #expect(first.replay.isChanged)
    let memory = try #require(ReplayGuard(first.replay.encoded))
    #expect(memory.encoded.count <= ReplayGuard.mostBytes)
    var second = try keys.opener(replay: memory)
    for mail in mails.prefix(65) { #expect(mail.open(by: &second) == .failure(.replayed)) }
    #expect(!second.replay.isChanged)
    for mail in mails.dropFirst(65) { #expect((try? mail.open(by: &second).get()) != nil) }
  }

  @Test("damaged memory is told from an empty one") func damage() throws {
    var opener = try keys.opener()
    for mail in try mails(3) { _ = try mail.open(by: &opener).get() }
    let bytes = opener.replay.encoded
    #expect(ReplayGuard([]) != nil)
    for length in 1..<bytes.count { #expect(ReplayGuard(Array(bytes[..<length])) == nil) }
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      #expect(ReplayGuard(changed) == nil)
    }
    #expect(ReplayGuard(bytes + [0]) == nil)
  }

  @Test("of forgotten senders nothing comes again") func bound() throws {
    var opener = try keys.opener()
    var firsts: [Mail] = []
    for seed in 0..<UInt64(ReplayGuard.mostSources + 10) {
      firsts += try mails(1, seed: seed + 10, time: 1000 + seed)
    }
    for mail in firsts { #expect((try? mail.open(by: &opener).get()) != nil) }
    #expect(opener.replay.encoded.count <= ReplayGuard.mostBytes)
    for mail in firsts.prefix(10) { #expect(mail.open(by: &opener) == .failure(.tooOld)) }
    for mail in firsts.dropFirst(10) { #expect(mail.open(by: &opener) == .failure(.replayed)) }
    let memory = try #require(ReplayGuard(opener.replay.encoded))
    var next = try keys.opener(replay: memory)
    for mail in firsts.prefix(10) { #expect(mail.open(by: &next) == .failure(.tooOld)) }
  }

  @Test("two runs with the same numbers are two senders") func runs() throws {
    var opener = try keys.opener()
    for seed in [1, 2] as [UInt64] {
      for mail in try mails(3, seed: seed) {
        #expect((try? mail.open(by: &opener).get()) != nil)
      }
    }
  }
}
