// Which of several servers comes next.

/// The servers of a run, in rounds: in each every one of them has its turn.
struct ServerOrder {
  /// Those that were asked for, or where they have moved to for good.
  private var servers: [Server]
  private let isRandom: Bool
  private(set) var current: Server
  /// Still to come in this round.
  private var waiting: [Server] = []
  /// References that were followed since a connection stood for a while.
  private var hops = 0

  /// Brokers that send us on and on lead nowhere.
  static let mostHops = 5

  init(_ servers: [Server], isRandom: Bool) {
    self.servers = servers
    self.isRandom = isRandom
    current = servers.first ?? Server("localhost")
    beginRound()
  }

  var isSeveral: Bool { servers.count > 1 }
  var mayFollow: Bool { hops < Self.mostHops }
  /// Turns of this round that are left, the current one among them.
  var turns: Int { waiting.count + 1 }

  mutating func beginRound() { begin(isRandom ? servers.shuffled() : servers) }

  /// The server that was lost has its turn last.
  mutating func beginRoundAfterLoss() {
    var others = isRandom ? servers.shuffled() : servers
    if let place = others.firstIndex(of: current) {
      others = Array(others[(place + 1)...] + others[...place])
    }
    begin(others)
  }

  /// - Returns: false at the end of the round.
  mutating func next() -> Bool {
    if waiting.isEmpty { return false }
    current = waiting.removeFirst()
    return true
  }

  /// Puts the servers that a broker refers to before all others of the round.
  mutating func follow(_ references: [Server], forGood: Bool) {
    hops += 1
    if forGood { servers = references }
    begin(references + (forGood ? [] : waiting))
  }

  /// The connection stood for a while.
  mutating func settle() { hops = 0 }

  private mutating func begin(_ round: [Server]) {
    waiting = round
    _ = next()
  }
}
