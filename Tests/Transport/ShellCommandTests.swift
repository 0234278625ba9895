import Glibc
import TestSupport
import Testing
import Transport

/// Processes for shell commands, and many descriptors behind one.  One at a time: SIGCHLD is one for all.
@Suite("Shell commands", .serialized) struct ShellCommandTests {
  private func run(
    _ command: String, input: String = "", variables: [String] = []
  ) throws -> (output: String, ending: ChildExits.Ending) {
    let exits = try ChildExits()
    let set = try WatchSet()
    try set.add(readable: exits.descriptor, token: 0)
    let environment = variables.map { strdup($0) } + [nil]
    defer { for variable in environment { free(variable) } }
    let started = try Array(input.utf8).withUnsafeBytes {
      try ShellCommand(Array(command.utf8)).start(
        input: $0, environment: environment, capturingOutput: true)
    }
    let pipe = try #require(started.output)
    defer { close(pipe) }
    try set.add(readable: pipe, token: 7)
    var output: [UInt8] = []
    var ending: ChildExits.Ending?
    let watches = Watches(other: Watch(set.descriptor, .readable))
    while ending == nil {
      try #require(
        try watches.wait(until: MonotonicClock.now() + .seconds(10), stop: nil).other)
      let ready = set.ready()
      if ready.contains(7) { output += read(pipe, set) }
      if ready.contains(0) {
        exits.clear()
        ending = exits.ending(of: started.process)
      }
    }
    output += read(pipe, set)
    return (String(decoding: output, as: UTF8.self), try #require(ending))
  }

  private func read(_ pipe: CInt, _ set: WatchSet) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var bytes: [UInt8] = []
    while true {
      let count = Glibc.read(pipe, &block, block.count)
      if count == 0 { set.remove(pipe) }
      if count <= 0 { return bytes }
      bytes += block[..<count]
    }
  }

  @Test("read their input from a file and print to a pipe") func output() throws {
    let result = try run("cat; echo $A", input: "hello ", variables: ["A=b c"])
    #expect(result.output == "hello b c\n")
    #expect(result.ending == .exited(0))
  }

  @Test("end in two ways") func endings() throws {
    #expect(try run("exit 7").ending == .exited(7))
    #expect(try run("kill -13 $$").ending == .killed(signal: SIGPIPE))
  }

  @Test("lead a process group of their own") func group() throws {
    let result = try run("echo $$; cut -d ' ' -f 5 /proc/self/stat")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.first == lines.last)
  }

  @Test("an environment that is too large is an error, and leaves nothing open") func tooLarge()
    throws
  {
    let huge = "A=" + String(repeating: "x", count: 1 << 18)
    let before = openDescriptors()
    // Other tests open and close theirs meanwhile: one more each time would show.
    for _ in 0..<100 {
      #expect(throws: TransportError.system(call: "/bin/sh", errno: E2BIG)) {
        _ = try run("true", variables: [huge])
      }
    }
    // The pipe behind SIGCHLD stays each time: the handler writes to it.
    #expect(openDescriptors() - before < 250)
  }

  private func openDescriptors() -> Int {
    (0..<1024).count { fcntl(CInt($0), F_GETFD) >= 0 }
  }
}
