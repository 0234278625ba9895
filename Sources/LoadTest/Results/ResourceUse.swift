/// What a process took in the measured time.
package struct ResourceUse: Hashable, Sendable {
  /// Seconds of processor time, user and system.
  package var processorTime: Double
  /// The most memory it had, in bytes (VmHWM).
  package var memory: Int64

  package init(processorTime: Double, memory: Int64) {
    self.processorTime = processorTime
    self.memory = memory
  }

  /// Two clients' use together.
  func adding(_ other: Self) -> Self {
    var sum = self
    sum.processorTime += other.processorTime
    sum.memory.addClamping(other.memory)
    return sum
  }
}
