/// When messages are due in an open loop: a clock that nobody's slowness stops.
struct Schedule: Sendable {
  private let phases: [Phase]
  /// When each phase begins, in nanoseconds from the start of the run.
  private let starts: [Int64]
  /// Messages that are due before each phase.
  private let before: [Double]
  private let isPoisson: Bool
  private var phase = 0
  /// Which message of the whole run is next.
  private var number: Double

  init(_ phases: [Phase], isPoisson: Bool, _ random: inout SplitMix64) {
    self.phases = phases
    self.isPoisson = isPoisson
    var starts: [Int64] = []
    var before: [Double] = []
    var time: Int64 = 0
    var count = 0.0
    for phase in phases {
      starts.append(time)
      before.append(count)
      time += phase.duration
      count += phase.messages
    }
    self.starts = starts
    self.before = before
    number = isPoisson ? random.exponential() : 0
  }

  /// When the next message is due, in nanoseconds from the start of the run; nil when there is none.
  var next: Int64? {
    mutating get {
      while phase < phases.count {
        let within = number - before[phase]
        if within < phases[phase].messages {
          let seconds = phases[phase].time(of: within)
          return starts[phase] + Int64(seconds * 1e9)
        }
        phase += 1
      }
      return nil
    }
  }

  /// How many messages from the next one on are due between two times, in nanoseconds from the start of the run; of
  /// those that are due by chance, how many are to be expected.
  func count(from first: Int64, to end: Int64) -> Int64 {
    // A message that is due at the end is due after it.
    let count = messages(by: end) - max(number, messages(by: first).rounded(.up))
    return Int64(clamping: max(0, count.rounded(.up)))
  }

  private func messages(by time: Int64) -> Double {
    var count = 0.0
    for (phase, start) in zip(phases, starts) where start < time {
      count += phase.messages(by: Double(min(phase.duration, time - start)) / 1e9)
    }
    return count
  }

  mutating func advance(_ random: inout SplitMix64) {
    number += isPoisson ? random.exponential() : 1
  }
}
