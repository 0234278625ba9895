/// The lines of this session and of earlier ones, the oldest first, none twice.
package struct History: Sendable {
  package private(set) var entries: [String] = []
  private var file: HistoryFile?
  /// Why the file is not used any more.
  package private(set) var fault: HistoryFile.Fault?
  private let most: Int

  /// - Parameter file: nil where nothing is kept.
  package init(in file: HistoryFile?) {
    self.file = file
    most = HistoryFile.usual
    guard let file else { return }
    do { entries = try file.entries() } catch { give(up: error) }
  }

  mutating func add(_ entry: String) {
    entries.removeAll { $0 == entry }
    entries.append(entry)
    if entries.count > most { entries.removeFirst() }
    guard let file else { return }
    do { try file.add(entry) } catch { give(up: error) }
  }

  mutating func takeFault() -> HistoryFile.Fault? {
    defer { fault = nil }
    return fault
  }

  private mutating func give(up fault: HistoryFile.Fault) {
    self.fault = fault
    file = nil
  }
}
