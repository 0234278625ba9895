import Foundation
import TestSupport
import Testing

/// What brokers, readers and networks do wrong, in files: see BrokerCase for their language.
@Suite("Hostile brokers", .ownThread) struct BrokerCaseTests {
  /// As many at once as don't take the time from each other.
  private static let places = DispatchSemaphore(value: 8)

  private static let folder = TemporaryDirectory()
  private static let measured: Result<String, any Error> = Result {
    let program = folder.file("measured")
    let compiler = try RunningProgram([
      "cc", "-O1", "-o", program, BrokerCase.folder + "/measured.c",
    ])
    guard try compiler.wait() == .exited(0) else { throw TestFailure(compiler.errorText) }
    return program
  }

  @Test(arguments: try BrokerCase.all()) func table(_ row: BrokerCase) throws {
    Self.places.wait()
    defer { Self.places.signal() }
    let folder = TemporaryDirectory()
    let (listener, port) = try listeningSocket()
    defer { close(listener) }
    let start = monotonicSeconds()
    let program = try Self.start(row, port, report: folder.file("report"))
    let script = CaseScript(
      row.version, listener: listener, port: port, until: start + row.limit)
    do {
      try script.run(row.steps) { step in
        if step.verb == "says" {
          return try program.waitForError(step.rest, within: row.limit)
        }
        var pid: pid_t?
        try eventually("the process") {
          pid = (try? Self.report(folder))?.first.flatMap { pid_t($0) }
          return pid != nil
        }
        if let pid { kill(pid, BrokerCase.signal(step.rest) ?? SIGTERM) }
      }
    } catch {
      Issue.record("\(row.place): \(error); standard error: \(program.errorText.suffix(300))")
    }
    let ending = try program.wait(within: max(0.2, start + row.limit - monotonicSeconds()))
    #expect(ending == row.ending, "\(row.place): \(program.errorText.suffix(500))")
    #expect(program.outputSoFar == row.output, "\(row.place): \(program.outputText.suffix(300))")
    checkErrors(program.errorText, row)
    let memory = try Self.report(folder).last.flatMap { Int($0) } ?? .max
    #expect(memory < row.memory << 10, "\(row.place): \(memory) KiB")
  }

  private static func report(_ folder: TemporaryDirectory) throws -> [Substring] {
    try String(contentsOfFile: folder.file("report"), encoding: .utf8).split(separator: "\n")
  }

  private static func start(
    _ row: BrokerCase, _ port: UInt16, report: String
  ) throws -> RunningProgram {
    var words = row.words
    if words.contains(where: { $0.contains("PORT") }) {
      words = words.map { $0.replacingOccurrences(of: "PORT", with: String(port)) }
    } else {
      words.insert(contentsOf: ["-h", "127.0.0.1", "-p", String(port)], at: 1)
    }
    var input = RunningProgram.Input.none
    if row.keepsInputOpen { input = .open } else if let bytes = row.input { input = .bytes(bytes) }
    var sink: CInt?
    switch row.sink {
    case .pipe, .closed: break
    case .full: sink = open("/dev/full", O_WRONLY | O_CLOEXEC)
    case .gone, .stalled:
      let (read, write) = try RunningProgram.makePipe()
      sink = write
      if row.sink == .gone { close(read) }
    }
    let program = try RunningProgram(
      [try measured.get(), report, Program.apus] + words, input: input, output: sink,
      closingOutput: row.sink == .closed)
    if let sink { close(sink) }
    if case .open = input, let bytes = row.input {
      program.write(String(decoding: bytes, as: UTF8.self))
    }
    return program
  }

  private func checkErrors(_ text: String, _ row: BrokerCase) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let usual = row.ending == .exited(0) ? 0 : 1
    if let wanted = row.lines {
      let count = wanted < 0 ? usual : wanted
      #expect(lines.count - 1 == count, "\(row.place): \(text.suffix(500))")
    }
    for line in lines.dropLast() {
      #expect(line.hasPrefix("apus \(row.words[0]): "), "\(row.place): \(line)")
      #expect(
        !line.unicodeScalars.contains { $0.value < 0x20 || 0x7f..<0xa0 ~= $0.value },
        "\(row.place): \(line)")
    }
    #expect(lines.last?.isEmpty == true, "\(row.place): \(text)")
    var rest = text[...]
    for piece in row.errors.flatMap({ $0.split(separator: "*") }) {
      guard let place = rest.range(of: piece) else {
        Issue.record("\(row.place): '\(piece)' is missing in: \(text.suffix(500))")
        return
      }
      rest = rest[place.upperBound...]
    }
  }
}
