import Foundation
import TestSupport
import Testing

/// What `apus bench` leaves behind, and what is made of it later.
@Suite("Bench: reports, gates, compare and merge") struct BenchReportTests {
  private static func run(_ words: [String], _ broker: Mosquitto) throws -> (
    ending: Ending, output: [UInt8], errors: String
  ) {
    try Program.run(
      ["bench", "pubsub", "-q", "1", "--count", "200", "--rate", "1000"] + words + broker.address)
  }

  private static func json(_ path: String) throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    return try #require(json as? [String: Any])
  }

  @Test func `every report is written, parts are merged, and sides compared`() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let folder = TemporaryDirectory()
    let result = try Self.run(
      [
        "--json", folder.file("a.json"), "--csv", folder.file("a.csv"), "--hdr",
        folder.file("a.hlog"), "--html", folder.file("a.html"), "--expect",
        "loss=0,received=200,p99<20s,errors=0",
      ], broker)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(String(decoding: result.output, as: UTF8.self).contains("\nreceived"))
    let csv = try String(contentsOfFile: folder.file("a.csv"), encoding: .utf8)
    #expect(csv.hasPrefix("second,sent,acked,received,latency_count,"))
    let log = try String(contentsOfFile: folder.file("a.hlog"), encoding: .utf8)
    #expect(log.contains("\nTag=delivery,0.000,"))
    let page = try String(contentsOfFile: folder.file("a.html"), encoding: .utf8)
    #expect(page.contains("<th scope=\"row\">received</th><td>200</td>"))

    // Another part, measured at the same time.
    let other = try String(contentsOfFile: folder.file("a.json"), encoding: .utf8)
    _ = try folder.write(
      Array(other.replacing("\"seconds_lost\": 0.0", with: "\"seconds_lost\": 1.0").utf8),
      to: "a2.json")
    let merged = try Program.run(
      ["bench", "merge", folder.file("a.json"), folder.file("a2.json")]
        + ["--json=\(folder.file("b.json"))"])
    #expect(merged.ending == .exited(0), "\(merged.errors)")
    let whole = try Self.json(folder.file("b.json"))
    #expect((whole["messages"] as? [String: Int])?["received"] == 400)
    let kinds = try #require(whole["latency_us"] as? [String: [String: Any]])
    #expect(kinds["delivery"]?["count"] as? Int == 400)

    let compared = try Program.run(
      ["bench", "compare", folder.file("a.json"), folder.file("a.json")]
        + ["--", folder.file("b.json"), folder.file("b.json"), "--html", folder.file("c.html")])
    #expect(compared.ending == .exited(0), "\(compared.errors)")
    let text = String(decoding: compared.output, as: UTF8.self)
    #expect(text.hasPrefix("A: 2 runs  B: 2 runs\n"))
    #expect(text.contains("+100.0 %  +100.0 % to +100.0 %"), "\(text)")
    let comparison = try String(contentsOfFile: folder.file("c.html"), encoding: .utf8)
    #expect(comparison.contains("<h1>apus bench pubsub: A and B</h1>"))
  }

  @Test(.enabled(if: HistogramLogReader.isThere, "needs the package hdrhistogram of PyPI"))
  func `the log of latencies has a line for each second and kind, as its readers want it`() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let folder = TemporaryDirectory()
    let path = folder.file("run.hlog")
    let report = try BenchReport.run(
      ["pubsub", "-q", "1", "--rate", "200", "--duration", "1.5", "--hdr", path] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    let lines = try HistogramLogReader.lines(of: path)
    var counts: [String: Int] = [:]
    var starts: [String: [String]] = [:]
    for line in lines.dropLast() {
      let words = line.split(separator: " ").map { String($0) }
      counts[words[0], default: 0] += try #require(Int(words[3]))
      starts[words[0], default: []].append(words[1])
      #expect(words[2] == "1.0", "\(line)")
    }
    for kind in ["delivery", "service", "ack", "connect", "connack", "suback"] {
      #expect(counts[kind] == report.count(kind), "\(kind)")
    }
    #expect(starts["delivery"]?.starts(with: ["0.0", "1.0"]) == true, "\(lines)")
    #expect(starts["connack"] == ["0.0"])
    let began = try #require(report["began_ms"] as? Int)
    #expect(lines.last == "\(Double(began) / 1000)")
  }

  @Test func `a log of latencies that finds no room is told, and one for a pipe comes whole`()
    throws
  {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let full = try Self.run(["--hdr", "/dev/full"], broker)
    #expect(full.ending == .exited(74))
    #expect(full.errors.contains("--hdr: /dev/full: no space left"), "\(full.errors)")
    let piped = try Self.run(["--hdr", "-"], broker)
    let log = String(decoding: piped.output, as: UTF8.self)
    #expect(log.hasPrefix("#[Logged by apus bench]\n#[Histogram log format version 1.3]\n"))
    #expect(log.contains("\nTag=delivery,0.000,1.000,"), "\(log)")
    #expect(!log.contains("received"), "the tables are there, too")
  }

  @Test func `a pipe whose reader takes nothing holds up neither the run nor the other reports`()
    throws
  {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let folder = TemporaryDirectory()
    let (pipe, json) = (folder.file("pipe"), folder.file("a.json"))
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    // F_SETPIPE_SZ, which Swift's Glibc does not name.
    _ = fcntl(reader, 1031, 4096)
    // It is full before the run begins.
    let writer = open(pipe, O_WRONLY)
    #expect(write(writer, [UInt8](repeating: 10, count: 4096), 4096) == 4096)
    close(writer)
    let program = try RunningProgram(
      [Program.apus, "bench", "pubsub", "-q", "1", "--rate", "200", "--duration", "1.2"]
        + ["--hdr", pipe, "--json", json] + broker.address)
    try eventually("the other report") { (try? Self.json(json)) != nil }
    _ = fcntl(reader, F_SETFL, 0)
    var log: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while isReadable(reader, within: 10) {
      let count = read(reader, &block, block.count)
      if count <= 0 { break }
      log += block[..<count]
    }
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(log.count > 4096, "it fits into the pipe")
    #expect(String(decoding: log, as: UTF8.self).contains("\nTag=delivery,1.000,"))
  }

  @Test func `a gate that does not hold is told, and is the status`() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let result = try Self.run(["--expect", "p99<2ns, loss=0,received>=1M"], broker)
    #expect(result.ending == .exited(99))
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 2, "\(result.errors)")
    #expect(lines.first?.hasPrefix("apus bench: --expect: p99<2ns failed: it was ") == true)
    #expect(lines.last == "apus bench: --expect: received>=1M failed: it was 200")
  }

  @Test func `metrics are there during the run`() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let port = try freePort()
    let program = try RunningProgram(
      [Program.apus, "bench", "pubsub", "--rate", "100", "--duration", "60", "--prometheus"]
        + ["localhost:\(port)"] + broker.address)
    var answer = ""
    try eventually("metrics of messages that came") {
      let socket = connecting(to: port, isBlocking: true)
      defer { close(socket) }
      let request = Array("GET /metrics HTTP/1.1\r\n\r\n".utf8)
      send(socket, request, request.count, CInt(MSG_NOSIGNAL))
      var block = [UInt8](repeating: 0, count: 65536)
      let count = recv(socket, &block, block.count, CInt(MSG_WAITALL))
      answer = String(decoding: block.prefix(max(0, count)), as: UTF8.self)
      return answer.split(separator: "\n").contains {
        $0.hasPrefix("apus_bench_messages_total{outcome=\"received\"} ") && !$0.hasSuffix(" 0")
      }
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    program.send(SIGINT)
    try program.wait()
  }

  @Test(
    "what makes no sense is refused before anything is sent",
    arguments: [
      (["pubsub", "--expect", "p99<5"], "--expect: gate 1, 'p99<5': a time has one of the units"),
      (["pub", "--expect", "loss=0"], "'bench pub' does not measure 'loss' with these options"),
      (["pub", "--rate", "10", "--expect", "rate>=11"], "this run makes 10 a second at most"),
      (
        ["pub", "--client-rate", "10", "--clients", "4", "--shard", "1/2", "--expect", "rate>20"],
        "gate 1, 'rate>20': this run makes 20 a second at most"
      ),
      (
        ["pubsub", "--count", "9", "--expect", "loss=0,sent>9"],
        "'sent>9': this run sends 9 at most"
      ),
      (["pubsub", "--expect", "loss<0"], "gate 1, 'loss<0': nothing is below 0"),
      (["rr", "--publishers", "0", "--expect", "loss=0"], "'bench rr' does not measure 'loss'"),
      (
        ["pub", "--rate", "100", "--duration", "1", "--expect", "sent>100"],
        "gate 1, 'sent>100': this run sends 100 at most"
      ),
      (["pub", "--json", "-", "--csv", "-"], "only one report can go to standard output"),
      (["pub", "--html", "/nowhere/x"], "--html: /nowhere/x: no such file"),
      (["pub", "--prometheus", "9100"], "'9100' is not HOST:PORT"),
      (["pub", "--prometheus", "::1:9100"], "an IPv6 address stands in brackets"),
      (["pub", "--prometheus", "example.org:9100"], "an address to listen at is wanted"),
      (["compare", "/dev/null"], "compare needs two reports"),
      (["compare", "a", "b", "c"], "compare needs two reports"),
      (["compare", "/dev/null", "/dev/null"], "/dev/null: no JSON at byte 1"),
      (["compare", "--json", "x", "a", "b"], "'--json' does not go with compare"),
      (["merge", "/dev/null"], "merge needs the reports of two parts"),
      (["merge", "/nowhere/a", "b"], "/nowhere/a: "),
      (["merge", "-h", "x", "a", "b"], "'-h' does not go with merge"),
    ] as [([String], String)])
  func refused(_ words: [String], _ text: String) throws {
    let (socket, port) = try listeningSocket()
    defer { close(socket) }
    let isRun = words[0].hasPrefix("pub") || words[0] == "rr"
    let address = isRun ? ["-h", "127.0.0.1", "-p", "\(port)"] : []
    let result = try Program.run(["bench"] + words + address)
    #expect(result.ending == .exited(1))
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    #expect(accept(socket, nil, nil) < 0)
  }
}
