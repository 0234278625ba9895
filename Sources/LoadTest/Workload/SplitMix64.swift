import Glibc

/// A generator of random numbers that costs little, one for each thread (Steele, Lea and Flood 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// In `0..<1`.
  package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Exponentially distributed with mean 1: the time between events of a Poisson process of rate 1.
  package mutating func exponential() -> Double { -log(1 - fraction()) }
}
