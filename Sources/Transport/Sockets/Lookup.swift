// From a name to addresses.

import Glibc

/// Finds the addresses of a host without making its caller wait beyond deadline or signal.
struct Lookup {
  /// Asked for names that getaddrinfo does not know: a static executable has no plug-ins of the C
  /// library, and so no mDNS and no LDAP.
  var getent = "/usr/bin/getent"

  /// - Throws: `.lookup`, `.interrupted`, `.timedOut`.
  func addresses(
    of host: String, port: UInt16, deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> [Address] {
    // The C library would take what stands before the NUL for all.
    if host.utf8.contains(0) { throw .lookup(host: host, reason: Answer().reason) }
    if let literal = Address(literal: host, port: port) { return [literal] }
    if Self.isLocalhost(host) {
      return ["::1", "127.0.0.1"].compactMap { Address(literal: $0, port: port) }
    }
    let began = MonotonicClock.now()
    let answer = try Aside.run(until: deadline, stop: stop) { ask(host, port) }
    guard let answer else {
      throw .timedOut(.tcp(host: host, port: port), within: MonotonicClock.now() - began)
    }
    if answer.addresses.isEmpty { throw .lookup(host: host, reason: answer.reason) }
    return answer.addresses
  }

  /// RFC 6761 §6.3: these names are the loopback addresses without asking anybody.
  private static func isLocalhost(_ host: String) -> Bool {
    let name = host.lowercased()
    return name == "localhost" || name.hasSuffix(".localhost")
  }

  // MARK: The blocking part, on a thread of its own

  private struct Answer {
    var addresses: [Address] = []
    var reason = "host name not found"
  }

  private func ask(_ host: String, _ port: UInt16) -> Answer {
    var hints = addrinfo()
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    hints.ai_flags = CInt(AI_ADDRCONFIG)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    defer { if list != nil { freeaddrinfo(list) } }
    var answer = Answer()
    var next = list
    while status == 0, let info = next {
      answer.addresses.append(Address(info.pointee))
      next = info.pointee.ai_next
    }
    if answer.addresses.isEmpty { answer.addresses = askGetent(host, port) }
    if status == EAI_AGAIN { answer.reason = "the name server does not answer" }
    return answer
  }

  private func askGetent(_ host: String, _ port: UInt16) -> [Address] {
    // getent takes no "--": a name like an option is none.
    guard !host.hasPrefix("-"), let output = Self.output(of: [getent, "ahosts", host]) else {
      return []
    }
    var seen: Set<String> = []
    return output.split(separator: "\n").compactMap { line in
      guard let text = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first else {
        return nil
      }
      let literal = String(text)
      return seen.insert(literal).inserted ? Address(literal: literal, port: port) : nil
    }
  }

  /// Runs a program; nil when it cannot be started.
  private static func output(of command: [String]) -> String? {
    guard let ends = try? Pipe.ends() else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends.write, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var words = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let failed = posix_spawn(&child, command[0], &actions, nil, &words, environ)
    close(ends.write)
    if failed != 0 {
      close(ends.read)
      return nil
    }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(ends.read, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 || bytes.count > 1 << 16 { break }
      bytes += block[..<count]
    }
    // Now a program that has more to say cannot write it, and ends.
    close(ends.read)
    while waitpid(child, nil, 0) < 0, errno == EINTR {}
    return String(decoding: bytes, as: UTF8.self)
  }
}
