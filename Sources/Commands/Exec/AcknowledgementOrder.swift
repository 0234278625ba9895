/// Which acknowledgements may leave when messages are done with in another order than they came in:
/// each only behind all before it [MQTT-4.6.0-2].
struct AcknowledgementOrder {
  /// The acknowledgements of messages that were taken, oldest first; those before `front` are let go.
  private var numbers: [Int] = []
  private var front = 0
  private var done: Set<Int> = []

  mutating func begin(_ number: Int) { numbers.append(number) }

  mutating func end(_ number: Int) {
    done.insert(number)
    while front < numbers.count, done.remove(numbers[front]) != nil { front += 1 }
    if front == numbers.count || front > 1000 {
      numbers.removeFirst(front)
      front = 0
    }
  }

  /// The last one that may leave; those of messages that nobody took among them.
  var last: Int { front < numbers.count ? numbers[front] - 1 : .max }
}
