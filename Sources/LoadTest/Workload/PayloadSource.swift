/// Where the bytes of payloads come from.
package enum PayloadSource: Sendable {
  /// Bytes without meaning, which nobody can compress.
  case filler(PayloadSizes)
  case template(Template)
  /// Real payloads, one after the other and again from the beginning; never empty.
  case samples([[UInt8]])
}
