/// When the messages were due and sent that are on the wire, by packet identifier.
struct SendTimes: Sendable {
  struct Entry: Sendable {
    var id: UInt16 = 0
    /// Nanoseconds of the monotonic clock.
    var due: Int64 = 0
    var sent: Int64 = 0
    var isCounted = false
  }

  /// A power of two, since identifiers are used one after the other.
  private var entries: [Entry] = []

  mutating func insert(_ entry: Entry) {
    if entries.isEmpty { entries = [Entry](repeating: Entry(), count: 64) }
    while true {
      let place = Int(entry.id) & (entries.count - 1)
      if entries[place].id == 0 || entries[place].id == entry.id {
        entries[place] = entry
        return
      }
      // Two identifiers at one place: some are acknowledged late, or the window is larger.
      grow()
    }
  }

  mutating func remove(_ id: UInt16) -> Entry? {
    if entries.isEmpty { return nil }
    let place = Int(id) & (entries.count - 1)
    let entry = entries[place]
    if entry.id != id { return nil }
    entries[place].id = 0
    return entry
  }

  private mutating func grow() {
    let old = entries
    entries = [Entry](repeating: Entry(), count: 2 * old.count)
    for entry in old where entry.id != 0 { entries[Int(entry.id) & (entries.count - 1)] = entry }
  }
}
