import Glibc
import LoadTest
import Transport

/// How far a run is: on the last line of a terminal, or else a line from time to time for who reads a log.
final class ProgressLine {
  private let isShown: Bool
  private let isTerminal = isatty(2) == 1
  private var shownAt: Duration = .zero
  private var last = Progress()
  private var history: [Double] = []
  private var isThere = false

  init(isShown: Bool) {
    self.isShown = isShown
    if !isTerminal { shownAt = MonotonicClock.now() }
  }

  /// At most five times a second, or twice a minute.
  func show(_ progress: Progress) {
    let now = MonotonicClock.now()
    guard isShown, now - shownAt >= (isTerminal ? .milliseconds(200) : .seconds(30)) else { return }
    let seconds = Double((now - shownAt) / .milliseconds(1)) / 1000
    let moved = max(progress.sent - last.sent, progress.received - last.received)
    let rate = last == Progress() ? 0 : Double(max(0, moved)) / max(seconds, 0.001)
    shownAt = now
    last = progress
    history.append(rate)
    if history.count > 20 { history.removeFirst() }
    var text = isTerminal ? "\r\u{1b}[K" : "apus bench: "
    text += progress.stage
    if progress.elapsed > 0 { text += " \(Int(progress.elapsed)) s" }
    text += "  \(progress.connected)/\(progress.clients) connected"
    if progress.sent > 0 { text += "  sent \(progress.sent)" }
    if progress.acked > 0 { text += "  acked \(progress.acked)" }
    if progress.received > 0 { text += "  received \(progress.received)" }
    if progress.errors > 0 { text += "  errors \(progress.errors)" }
    if rate > 0 { text += "  \(Int(rate))/s" }
    if rate > 0, isTerminal { text += " \(sparkline)" }
    write(isTerminal ? text : text + "\n")
    isThere = isTerminal
  }

  func clear() {
    if isThere { write("\r\u{1b}[K") }
    isThere = false
  }

  private var sparkline: String {
    let marks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let top = history.max() ?? 0
    if top <= 0 { return "" }
    return String(history.map { marks[min(7, Int($0 / top * 7.99))] })
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
