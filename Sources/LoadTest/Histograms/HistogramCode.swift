// HdrHistogram's compressed V2 encoding, which its implementations in other languages read.

import Histogram
import MQTTProtocol
import Rendering

/// Why a text is no histogram that apus can add to its own.
package struct HistogramFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ text: String) { description = text }
}

/// A histogram as base64 text.
///
/// Layout: a cookie and the length of what follows; in a zlib stream a cookie, the length of the counts,
/// an offset, the significant digits, the lowest and the highest value, a ratio; and the counts of all slots
/// from the lowest value on, each a signed number in ZigZag and LEB128, runs of empty slots as their
/// negative length.
package enum HistogramCode {
  private static let cookie: UInt32 = 0x1c84_9313
  private static let compressedCookie: UInt32 = 0x1c84_9314
  private static let headerSize = 40
  /// Slots up to 2^53 ns, beyond which nothing was measured; our histograms have three digits.
  private static let mostSlots = 45 << 10

  package static func text(_ histogram: LatencyHistogram) -> String {
    var counts = ByteBuffer(capacity: 4096)
    append(countsOf: histogram, to: &counts)
    var body = ByteBuffer(capacity: counts.count + headerSize)
    body.append(cookie)
    body.append(UInt32(truncatingIfNeeded: counts.count))
    body.append(0 as UInt32)
    body.append(UInt32(histogram.numberOfSignificantValueDigits.rawValue))
    body.append(wide: histogram.lowestDiscernibleValue)
    // Equal counts have equal texts, however the memory has grown: the last value with as many bits.
    body.append(wide: UInt64.max >> UInt64((histogram.maxRecorded | 2047).leadingZeroBitCount))
    body.append(wide: (1.0 as Double).bitPattern)
    body.append(counts.bytes)
    let stream = StoredDeflate.stream(body.bytes)
    var code = ByteBuffer(capacity: stream.count + 8)
    code.append(compressedCookie)
    code.append(UInt32(truncatingIfNeeded: stream.count))
    code.append(stream)
    var text = ByteBuffer(capacity: code.count * 4 / 3 + 4)
    text.append(base64: code.bytes)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private static func append(countsOf histogram: LatencyHistogram, to output: inout ByteBuffer) {
    var next: UInt64 = 0
    histogram.forEachCount { value, count in
      // Empty slots between the last one and this.
      var empty: Int64 = 0
      while next < value {
        empty += 1
        next = histogram.nextNonEquivalentForValue(next)
      }
      if empty > 0 { output.append(signed: -empty) }
      output.append(signed: Int64(clamping: count))
      next = histogram.nextNonEquivalentForValue(value)
    }
  }

  /// Reads what `text` wrote.
  ///
  /// - Parameters:
  ///   - lowest: the exact lowest value, which slots do not keep.
  ///   - highest: the exact highest one.
  package static func histogram(
    _ text: String, lowest: UInt64, highest: UInt64
  ) throws(HistogramFault) -> LatencyHistogram {
    var code = ByteBuffer()
    let isBase64 = Array(text.utf8).withUnsafeBytes { code.append(decoding: $0) }
    var outer = NumberReader(code.array[...])
    guard isBase64, outer.u32() == compressedCookie,
      outer.u32() == UInt32(exactly: outer.rest.count)
    else {
      throw HistogramFault("it is not in HdrHistogram's compressed V2 encoding")
    }
    guard let body = StoredDeflate.content(outer.rest) else {
      throw HistogramFault("it was damaged, or compressed by another program")
    }
    var reader = NumberReader(body[...])
    guard reader.u32() == cookie, let length = reader.u32(), reader.u32() == 0,
      reader.u32() == 3, reader.u64() == 1, reader.u64() != nil, reader.u64() != nil,
      length == UInt32(exactly: reader.rest.count)
    else { throw HistogramFault("its slots are not those of apus: three digits from 1 on") }
    let slots = try slots(&reader)
    return try histogram(slots, lowest: lowest, highest: highest)
  }

  private struct Slot {
    var value: UInt64
    var count: UInt64
  }

  private static func slots(_ reader: inout NumberReader) throws(HistogramFault) -> [Slot] {
    let layout = LatencyHistogram(numberOfSignificantValueDigits: .three)
    var slots: [Slot] = []
    var place: Int64 = 0
    var value: UInt64 = 0
    var total: Int64 = 0
    while !reader.isAtEnd {
      guard let number = reader.signed(), number > -Int64(mostSlots) else { throw damaged }
      let step = number < 0 ? -number : 1
      place += step
      if place > mostSlots { throw damaged }
      if number > 0 {
        let (sum, overflow) = total.addingReportingOverflow(number)
        // Sums of several reports stay countable.
        if overflow || sum > 1 << 50 { throw damaged }
        total = sum
        slots.append(Slot(value: value, count: UInt64(number)))
      }
      for _ in 0..<step { value = layout.nextNonEquivalentForValue(value) }
    }
    return slots
  }

  private static let damaged = HistogramFault("its counts make no sense")

  private static func histogram(
    _ slots: [Slot], lowest: UInt64, highest: UInt64
  ) throws(HistogramFault) -> LatencyHistogram {
    var histogram = LatencyHistogram(numberOfSignificantValueDigits: .three)
    guard let first = slots.first, let last = slots.last else { return histogram }
    guard lowest <= highest, histogram.lowestEquivalentForValue(lowest) == first.value,
      histogram.lowestEquivalentForValue(highest) == last.value,
      slots.count > 1 || first.count > 1 || lowest == highest
    else { throw HistogramFault("min and max are not in it") }
    // Any value of a slot counts there; at the ends stand the exact ones.
    for slot in slots.dropFirst().dropLast() { histogram.record(slot.value, count: slot.count) }
    histogram.record(lowest, count: slots.count > 1 ? first.count : 1)
    let atHighest = slots.count > 1 ? last.count : last.count - 1
    if atHighest > 0 { histogram.record(highest, count: atHighest) }
    return histogram
  }
}
