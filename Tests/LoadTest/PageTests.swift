import Foundation
import LoadTest
import TestSupport
import Testing

@Suite("A report as a page") struct PageTests {
  /// `make bench-page` names it: starting it takes longer than all other tests of reports.
  private static let browser = ProcessInfo.processInfo.environment["APUS_BROWSER"]

  @Test func `words from outside are text, and nothing is loaded`() {
    var results = sampleResults()
    results.notes = ["</p><script>alert(1)</script>"]
    results.settings = [Fact("topic", "<img src=x onerror='y'>\u{202e}")]
    results.errors = ["<b>&\u{1b}": 1]
    let page = results.htmlText
    #expect(page.contains("&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("&lt;img src=x onerror=&#39;y&#39;&gt;\\u{202e}"))
    #expect(page.contains("&lt;b&gt;&amp;\\x1b"))
    for loading in ["<script", "<img", "<link", "<iframe", "href", "url(", "@import", "http:"] {
      #expect(!page.contains(loading), "\(loading)")
    }
  }

  @Test(arguments: [Results(mode: "conn"), oneMessage]) func `little is shown too`(
    _ results: Results
  ) {
    let page = results.htmlText
    #expect(!page.contains("nan") && !page.contains("inf"))
    #expect(page.hasSuffix("</html>\n"))
  }

  private static var oneMessage: Results {
    var results = Results(mode: "pub")
    results.duration = 1
    results.messages.sent = 1
    results.latencies[.ack].record(0)
    results.intervals = [Interval()]
    return results
  }

  /// What a browser makes of it, and what it complains of.
  @Test(.enabled(if: browser != nil, "make bench-page runs it"))
  func `a browser shows the figures of the JSON, and complains of nothing`() throws {
    let results = sampleResults(seconds: 60)
    let folder = TemporaryDirectory()
    let path = try folder.write(Array(results.htmlText.utf8), to: "report.html")
    let browser = try RunningProgram(
      [
        try #require(Self.browser), "--headless", "--no-sandbox", "--disable-gpu",
        "--user-data-dir=\(folder.file("profile"))", "--enable-logging=stderr", "--v=0",
        "--dump-dom", "file://\(path)",
      ].map { Array($0.utf8) })
    #expect(try browser.wait(within: 60) == .exited(0), "\(browser.errorText)")
    #expect(!browser.errorText.contains("CONSOLE"), "\(browser.errorText)")
    let page = browser.outputText
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(results.jsonText.utf8)) as? [String: Any])
    func expectRow(_ name: String, _ count: Int) {
      let shown = count.formatted(.number.locale(Locale(identifier: "en_US")))
      #expect(page.contains("<th scope=\"row\">\(name)</th><td>\(shown)</td>"), "\(name)")
    }
    for (name, count) in try #require(json["messages"] as? [String: Int]) { expectRow(name, count) }
    let kinds = try #require(json["latency_us"] as? [String: [String: Any]])
    for (name, kind) in kinds {
      if let count = kind["count"] as? Int, count > 0 { expectRow(name, count) }
    }
    let p99 = try #require(kinds["delivery"]?["p99"] as? Double)
    #expect(page.contains("<dt>delivery p99</dt><dd>\(String(format: "%.0f", p99)) µs</dd>"))
    // The parser has moved nothing: all charts lie in figures, with as many curves as keys.
    #expect(page.components(separatedBy: "<figure>").count == 5)
    #expect(
      page.components(separatedBy: "<path class=\"curve").count
        == 2 * page.components(separatedBy: "<li>").count - 1)
  }
}
