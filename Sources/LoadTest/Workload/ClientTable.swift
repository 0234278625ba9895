// Who the clients say they are, from a file of comma-separated values (RFC 4180).

/// A line of the table.
package struct ClientRow: Hashable, Sendable {
  package var clientID: [UInt8]
  package var userName: [UInt8]?
  package var password: [UInt8]?
}

extension ClientRow {
  /// - Throws: what is wrong, and in which line; never what stands there, for it may be a password.
  package static func table(_ bytes: [UInt8]) throws(WorkloadFault) -> [ClientRow] {
    var rows: [ClientRow] = []
    var known: Set<[UInt8]> = []
    // Spreadsheets begin with a byte order mark.
    var at = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var line = 1
    while at < bytes.count {
      let start = line
      let fields = try fields(bytes, &at, &line)
      if fields == [[]] { continue }
      guard fields.count <= 3 else {
        throw WorkloadFault("line \(start): more than ID,USER,PASSWORD")
      }
      if !known.insert(fields[0]).inserted {
        throw WorkloadFault("line \(start): the client identifier stands there a second time")
      }
      if fields[0].isEmpty { throw WorkloadFault("line \(start): the client identifier is empty") }
      rows.append(
        ClientRow(
          clientID: fields[0], userName: fields.count > 1 ? fields[1] : nil,
          password: fields.count > 2 ? fields[2] : nil))
    }
    return rows
  }

  private static func fields(
    _ bytes: [UInt8], _ at: inout Int, _ line: inout Int
  ) throws(WorkloadFault) -> [[UInt8]] {
    let quote = UInt8(ascii: "\"")
    let start = line
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    var wasQuoted = false
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isQuoted {
        if byte != quote {
          fields[fields.count - 1].append(byte)
        } else if at < bytes.count, bytes[at] == quote {
          fields[fields.count - 1].append(quote)
          at += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case quote where fields[fields.count - 1].isEmpty && !wasQuoted:
        isQuoted = true
        wasQuoted = true
      case UInt8(ascii: ","):
        fields.append([])
        wasQuoted = false
      case UInt8(ascii: "\n"): return fields
      case UInt8(ascii: "\r") where at == bytes.count || bytes[at] == UInt8(ascii: "\n"): continue
      case _ where wasQuoted:
        throw WorkloadFault("line \(start): behind a closing quote stands ',' or the line's end")
      default: fields[fields.count - 1].append(byte)
      }
    }
    if isQuoted { throw WorkloadFault("line \(start): the quote is not closed") }
    return fields
  }
}
