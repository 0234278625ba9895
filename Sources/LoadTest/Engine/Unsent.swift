// Messages that were due and never left, which are no messages sent.

extension Worker {
  /// A connection ends: what its output still has was counted as sent and does not leave.
  func withdraw(_ client: LoadClient) {
    let waiting = client.publishes ? client.cut.messages(in: client.session.output.bytes) : 0
    let count = min(waiting, client.next)
    client.cut = OutputCut()
    client.written = client.next
    if count == 0 { return }
    tally.withdraw(count)
    // The session keeps what is to be acknowledged.
    if qos != .atMostOnce { client.withheld += count }
  }

  /// The session sends on the next connection what the last one had no time for.
  func readmit(_ client: LoadClient) {
    if client.withheld == 0 { return }
    tally.readmit(client.withheld, second: now < end ? Int((now - countFrom) / 1_000_000_000) : nil)
    client.withheld = 0
  }

  /// The run is over: what still waits for its turn counts.
  func countUnsent() {
    for client in crowd {
      let count = client.backlog.count(from: countFrom)
      tally.messages.unsent += count
      tally.expected += count * client.receivers
    }
    let count = untaken
    tally.messages.unsent += count
    let receivers = crowd.reduce(0) { $0 + $1.receivers }
    tally.expected += count * receivers / Int64(max(1, crowd.count))
  }

  /// Of what the schedule said was due before the end, this thread's share of what nobody came to, as at rates
  /// that no machine keeps up with.
  private var untaken: Int64 {
    guard dueLeft > 0, start != .max, end != .max, let due = schedule?.next, start + due < end
    else { return 0 }
    let count = schedule?.count(from: max(0, countFrom - start), to: end - start) ?? 0
    return min(count, dueLeft) / Int64(parts)
  }
}
