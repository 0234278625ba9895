import Foundation
import Glibc
import LineEditing
import TestSupport
import Testing

@Suite("The history of lines") struct HistoryTests {
  let folder = TemporaryDirectory()
  private var path: String { folder.file("state/apus/history") }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test("entries are stored at once, none twice, for nobody else to read") func file() throws {
    let file = HistoryFile(path: path)
    for entry in ["one", "two\nlines \\n", "one", "one"] { try file.add(entry) }
    #expect(try text() == "two\\nlines \\\\n\none\n")
    #expect(try HistoryFile(path: path).entries() == ["two\nlines \\n", "one"])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(folder.file("state/apus"), &status) == 0 && status.st_mode & 0o777 == 0o700)
  }

  @Test("the oldest go first") func limit() throws {
    let file = HistoryFile(path: path, most: 3)
    for entry in ["a", "b", "c", "d"] { try file.add(entry) }
    #expect(try file.entries() == ["b", "c", "d"])
  }

  @Test("two that write at once lose nothing") func together() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let file = HistoryFile(path: path)
          for entry in 0..<50 { try file.add(entry % 5 == 0 ? "same" : "\(writer)-\(entry)") }
        }
      }
      try await group.waitForAll()
    }
    let entries = try HistoryFile(path: path).entries()
    #expect(Set(entries).count == entries.count)
    #expect(entries.count == 4 * 40 + 1)
  }

  @Test(
    "a file that is none of ours is told of and left alone",
    arguments: [
      Array("abc\u{0}def\n".utf8), [0xff, 0xfe, 0x0a], Array("\u{1b}[2J\n".utf8),
    ])
  func foreign(_ bytes: [UInt8]) throws {
    let path = try folder.write(bytes, to: "history")
    let history = History(in: HistoryFile(path: path))
    #expect(history.entries == [])
    #expect(history.fault?.description.hasPrefix("history \(path): is no history") == true)
    #expect(throws: HistoryFile.Fault.self) { try HistoryFile(path: path).add("x") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes))
  }

  @Test("lines may end as another system's editor ends them") func carriageReturns() throws {
    let path = try folder.write(Array("one\r\ntwo\r\n".utf8), to: "history")
    try HistoryFile(path: path).add("three")
    #expect(try HistoryFile(path: path).entries() == ["one", "two", "three"])
  }

  @Test("a lock that is not given back is waited for no longer than a moment") func lock() throws {
    let path = folder.file("history")
    let lock = open(folder.path, O_RDONLY | O_CLOEXEC)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX) == 0)
    let fault = #expect(throws: HistoryFile.Fault.self) { try HistoryFile(path: path).add("x") }
    #expect(fault?.reason == "another program holds the lock of its folder")
  }

  @Test("a folder in its place is told of") func folderInPlace() throws {
    let history = History(in: HistoryFile(path: folder.path))
    #expect(history.fault?.reason == "is no file")
  }

  @Test("a link is followed, and stays one") func link() throws {
    let target = try folder.write(Array("one\ntwo\n".utf8), to: "elsewhere")
    let path = folder.file("history")
    #expect(symlink(target, path) == 0)
    try HistoryFile(path: path).add("one")
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "two\none\n")
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("lines with secrets are kept nowhere; two shells keep all lines") func shells() throws {
    let one = try EditorSession(in: folder)
    let two = try EditorSession(in: folder)
    one.terminal.type("first\rsecret word\r")
    try one.wait("the secret") { $0.everything.contains("got [secret word]") }
    two.terminal.type("second\rfirst\r")
    try two.wait("the lines") { $0.everything.contains("got [first]") }
    one.terminal.type("third\r\u{10}\u{10}\r")
    try one.wait("the line before the secret") {
      $0.everything.filter { $0 == "got [first]" }.count == 2
    }
    let entries = try HistoryFile(path: folder.file("history")).entries()
    #expect(entries == ["second", "third", "first"])
    let later = try EditorSession(in: folder)
    later.terminal.type("\u{10}\u{10}\u{10}\r")
    try later.wait("the first line") { $0.everything.contains("got [second]") }
  }
}
