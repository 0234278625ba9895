/// When messages are due in an open loop: a clock that nobody's slowness stops.
struct Schedule: Sendable {
  private let phases: [Phase]
  /// When each phase begins, in nanoseconds from the start of the run.
  private let starts: [Int64]
  /// Messages that are due before each phase.
  private let before: [Double]
  /// A part of the whole rate.
  private let share: Double
  private let isPoisson: Bool
  private var phase = 0
  /// Which message of the whole run is next, in messages of this part.
  private var number: Double

  /// - Parameters:
  ///   - share: of all messages, above 0 and at most 1.
  ///   - offset: of the first message, in `0...1` intervals between messages.
  init(
    _ phases: [Phase], share: Double, offset: Double, isPoisson: Bool, _ random: inout SplitMix64
  ) {
    self.phases = phases
    self.share = share
    self.isPoisson = isPoisson
    var starts: [Int64] = []
    var before: [Double] = []
    var time: Int64 = 0
    var count = 0.0
    for phase in phases {
      starts.append(time)
      before.append(count)
      time += phase.duration
      count += phase.messages * share
    }
    self.starts = starts
    self.before = before
    number = isPoisson ? random.exponential() : offset
  }

  /// When the next message is due, in nanoseconds from the start of the run; nil when there is none.
  var next: Int64? {
    mutating get {
      while phase < phases.count {
        let within = (number - before[phase]) / share
        if within < phases[phase].messages {
          let seconds = phases[phase].time(of: within)
          return starts[phase] + Int64(seconds * 1e9)
        }
        phase += 1
      }
      return nil
    }
  }

  mutating func advance(_ random: inout SplitMix64) {
    number += isPoisson ? random.exponential() : 1
  }
}
