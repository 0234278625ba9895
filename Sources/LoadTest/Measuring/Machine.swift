import Glibc

/// What the run took place on.
package enum Machine {
  package static var cores: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

  package static var facts: [Fact] {
    var facts: [Fact] = []
    var names = utsname()
    if uname(&names) == 0 {
      facts.append(Fact("host", text(of: &names.nodename)))
      facts.append(Fact("system", text(of: &names.sysname) + " " + text(of: &names.release)))
      facts.append(Fact("architecture", text(of: &names.machine)))
    }
    if let model = processor { facts.append(Fact("processor", model)) }
    facts.append(Fact("cores", Int64(cores)))
    return facts
  }

  private static var processor: String? {
    let lines = ProcessUse.read("/proc/cpuinfo")?.split(separator: "\n") ?? []
    guard let line = lines.first(where: { $0.hasPrefix("model name") }) else { return nil }
    return line.split(separator: ":", maxSplits: 1).last.map { String($0.dropFirst()) }
  }

  private static func text<Words>(of words: inout Words) -> String {
    withUnsafeBytes(of: &words) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
