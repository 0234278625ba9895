import Foundation
import LoadTest
import TestSupport
import Testing

@Suite("A report as JSON") struct JSONReportTests {
  private static func object(_ results: Results) throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(results.jsonText.utf8))
    return try #require(json as? [String: Any])
  }

  @Test func `what is read back is what was written`() throws {
    let results = sampleResults()
    #expect(try Results(report: Array(results.jsonText.utf8)) == results)
  }

  @Test func `a run that measured nothing is read back too`() throws {
    let results = Results(mode: "conn")
    #expect(try Results(report: Array(results.jsonText.utf8)) == results)
  }

  @Test func `a report from before 'unsent' is read`() throws {
    let results = sampleResults()
    let old = results.jsonText.replacing("\"unsent\": 0,", with: "")
    #expect(old != results.jsonText)
    #expect(try Results(report: Array(old.utf8)) == results)
  }

  @Test func `its members have the names that are documented`() throws {
    let results = sampleResults()
    let report = try Self.object(results)
    #expect(report["schema"] as? String == "apus-bench/1")
    let settings = try #require(report["settings"] as? [String: Any])
    #expect(settings["clients"] as? Int == 100)
    #expect(settings["topic"] as? String == "bench/%c \"<&>\u{e9}")
    #expect((report["environment"] as? [String: Any])?["cores"] as? Int == 2)
    let messages = try #require(report["messages"] as? [String: Int])
    #expect(
      messages == [
        "sent": 1000, "unsent": 0, "acked": 1000, "received": 993, "lost": 10, "duplicates": 3,
        "reordered": 2,
        "corrupted": 1,
      ])
    let errors = try #require(report["errors"] as? [String: Int])
    #expect(errors == ["connection reset by peer": 2, "refused: \"quota\"\n": 1])
    let throughput = try #require(report["throughput"] as? [String: Double])
    #expect(abs(try #require(throughput["received"]) - 198.6) < 0.001)
    let kinds = try #require(report["latency_us"] as? [String: [String: Any]])
    #expect(
      Set(kinds.keys) == ["delivery", "service", "ack", "connect", "tls", "connack", "suback"])
    for kind in kinds.values {
      #expect(
        Set(kind.keys) == ["count", "min", "mean", "p50", "p90", "p99", "p99_9", "max"])
    }
    #expect(kinds["connect"]?["count"] as? Int == 1)
    #expect(kinds["connect"]?["p50"] as? Double == 123.456)
    #expect(kinds["connack"]?["min"] as? Int == 0)
    #expect(kinds["tls"]?["count"] as? Int == 0)
    #expect(kinds["tls"]?["p99"] is NSNull)
    #expect((report["seconds"] as? [Any])?.count == 5)
  }

  /// What stands in a sound report, what in its place, and what is said.
  static let damages: [(String, String, String)] = [
    (
      "apus-bench/1", "apus-bench/2", "its schema is 'apus-bench/2'; this apus reads 'apus-bench/1'"
    ),
    ("\"schema\"", "\"scheme\"", "it is no report of 'apus bench --json'"),
    ("\"apus-bench/1\"", "1", "'schema' is no string"),
    ("\"mode\"", "\"node\"", "'mode' is missing"),
    ("\"sent\": 1000", "\"sent\": -1", "'messages.sent' is no count"),
    ("\"sent\": 1000", "\"sent\": 1.5", "'messages.sent' is no count"),
    ("\"sent\": 1000", "\"sent\": 9007199254740994", "'messages.sent' is no count"),
    ("\"sent\": 1000", "\"sent\": 1e400", "the number 1e400 is too large"),
    ("\"sent\": 200,", "\"sent\": null,", "'seconds[0].sent' is no count"),
    ("\"duration_s\": 4.999999999", "\"duration_s\": 864001", "'duration_s' is too long"),
    ("\"settings\": {", "\"settings\": 1, \"x\": {", "'settings' is no object"),
    ("\"clients\": 100", "\"clients\": []", "'settings.clients' is no number and no string"),
    ("\"notes\": [", "\"notes\": 2, \"x\": [", "'notes' is no array"),
    ("\"notes\": [", "\"notes\": [1, ", "'notes' holds no strings"),
    ("HISTF", "HISTG", "'histograms.delivery' cannot be used: it is not in HdrHistogram's"),
    ("HISTF", "HIST", "'histograms.delivery' cannot be used: it is not in HdrHistogram's"),
    (
      "\"connect\": {\"count\": 1, \"min\": 123.456", "\"connect\": {\"count\": 1, \"min\": 1.5",
      "'histograms.connect' cannot be used: min and max are not in it"
    ),
    (
      "\"connect\": {\"count\": 1", "\"connect\": {\"count\": 2",
      "'histograms.connect' does not hold 'latency_us.connect.count'"
    ),
    ("\"tls\": {\"count\"", "\"tls\": {\"kount\"", ""),
  ]

  @Test(arguments: damages) func `damage is told with its place`(
    _ sound: String, _ damaged: String, _ words: String
  ) throws {
    let text = sampleResults().jsonText
    let range = try #require(text.range(of: sound))
    let report = Array(text.replacingCharacters(in: range, with: damaged).utf8)
    if words.isEmpty {
      // What no histogram is there for, is not looked at.
      #expect(try Results(report: report) == sampleResults())
      return
    }
    let fault = #expect(throws: ReportFault.self) { try Results(report: report) }
    #expect(fault?.description.hasPrefix(words) == true, "\(fault?.description ?? "")")
  }

  @Test func `no damage makes the reader fall`() throws {
    let sound = Array(sampleResults(seconds: 1).jsonText.utf8)
    var random = Generator(seed: 7)
    for _ in 0..<300 {
      var report = sound
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        report[Int.random(in: 0..<report.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      _ = try? Results(report: report)
    }
    for length in stride(from: 0, to: sound.count, by: 97) {
      #expect(throws: ReportFault.self) { try Results(report: Array(sound[..<length])) }
    }
  }
}
