import Glibc

/// Processor time and memory of a process (proc(5)).
struct ProcessUse: Sendable {
  /// 0 for ourselves.
  let process: pid_t

  /// - Returns: nil when there is no such process.
  func measure() -> ResourceUse? {
    guard let stat = Self.read("\(folder)/stat"), let status = Self.read("\(folder)/status")
    else { return nil }
    // The name is in parentheses and may hold anything.
    guard let name = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[name...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13])
    else { return nil }
    let ticks = Double(max(1, sysconf(CInt(_SC_CLK_TCK))))
    var peak: Int64 = 0
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      peak =
        line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap { Int64($0) } ?? 0
    }
    return ResourceUse(processorTime: (user + system) / ticks, memory: peak * 1024)
  }

  private var folder: String { process == 0 ? "/proc/self" : "/proc/\(process)" }

  /// The first 64 KiB of a file; nil when it cannot be read.
  static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeMutableBytes { room in
        Glibc.read(file, room.baseAddress.map { $0 + count }, room.count - count)
      }
      if more <= 0 { break }
      count += more
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

extension ResourceUse {
  /// What was used between two measurements.
  func since(_ earlier: ResourceUse?) -> ResourceUse {
    var use = self
    use.processorTime -= earlier?.processorTime ?? 0
    return use
  }
}
