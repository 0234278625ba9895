import Foundation
import Glibc
import TestSupport
import Testing

@testable import Transport

/// Files and pipes to read from.
@Suite("InputFile") struct InputFileTests {
  private let directory = TemporaryDirectory()
  private let descriptors = Descriptors()

  private func file(_ text: String) throws -> InputFile {
    let path = try directory.write(Array(text.utf8), to: "file")
    return try InputFile(path: Array(path.utf8), name: "the file")
  }

  /// A file that stands at an offset when it is handed over, as a shell may do.
  private func file(_ text: String, at offset: Int) throws -> InputFile {
    let path = try directory.write(Array(text.utf8), to: "file")
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    lseek(descriptor, off_t(offset), SEEK_SET)
    return InputFile(descriptor: descriptor, name: "the file", isOwned: true)
  }

  private func read(_ file: InputFile, _ room: Int = 100, at offset: Int? = nil) throws -> String {
    var block = [UInt8](repeating: 0, count: room)
    let count = try block.withUnsafeMutableBytes { block throws(TransportError) in
      if let offset { return try file.read(into: block, at: offset) }
      return try file.read(into: block)
    }
    return String(decoding: block[..<count], as: UTF8.self)
  }

  @Test("a file that is not there") func missing() {
    let path = directory.file("missing")
    let error = #expect(throws: TransportError.self) {
      try InputFile(path: Array(path.utf8), name: "missing")
    }
    #expect(error == .file(name: "missing", errno: ENOENT))
    #expect(error?.description == "missing: no such file or directory")
  }

  @Test("a folder") func folder() {
    let error = #expect(throws: TransportError.self) {
      try InputFile(path: Array(directory.path.utf8), name: "folder")
    }
    #expect(error == .file(name: "folder", errno: EISDIR))
    #expect(error?.description == "folder: is a directory")
  }

  @Test("a name need not be UTF-8") func bytes() throws {
    let path = Array(directory.file("").utf8) + [0xff, 0xfe]
    close(open(path.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_CLOEXEC, 0o600))
    #expect(try InputFile(path: path, name: "�").regularSize == 0)
  }

  @Test("is read from its beginning to its end") func reading() throws {
    let file = try file("hello")
    #expect(file.isRegularFile && file.regularSize == 5)
    #expect(try read(file, 3) == "hel")
    #expect(try read(file) == "lo")
    #expect(try read(file) == "")
    // What was read does not count less.
    #expect(file.regularSize == 5)
  }

  @Test("stands where it was handed over") func offset() throws {
    let file = try file("hello", at: 2)
    #expect(file.regularSize == 3)
    #expect(try read(file) == "llo")
    #expect(try read(file, at: 0) == "llo")
    #expect(try read(file, at: 1) == "lo")
  }

  @Test("may stand behind its end") func behind() throws {
    let file = try file("hello", at: 9)
    #expect(file.regularSize == 0)
    #expect(try read(file) == "")
    #expect(try file.readAll(limit: 0, until: nil, stop: nil) == [])
  }

  @Test("is read at any place without moving the other") func places() throws {
    let file = try file("hello")
    #expect(try read(file, 2, at: 3) == "lo")
    #expect(try read(file, 2) == "he")
    #expect(try read(file, 2, at: 0) == "he")
    #expect(try read(file, at: 5) == "")
    #expect(try read(file) == "llo")
  }

  @Test("is read altogether, up to a limit") func all() throws {
    #expect(try file("").readAll(limit: 0, until: nil, stop: nil) == [])
    #expect(try file("hello").readAll(limit: 5, until: nil, stop: nil) == Array("hello".utf8))
    let error = #expect(throws: TransportError.self) {
      try file("hello").readAll(limit: 4, until: nil, stop: nil)
    }
    #expect(error == .tooLarge(name: "the file", limit: 4))
    #expect(error?.description == "the file: larger than 4 bytes")
    let large = [UInt8](repeating: 7, count: 600_000)
    let path = try directory.write(large, to: "large")
    #expect(
      try InputFile(path: Array(path.utf8), name: "").readAll(limit: 600_000, until: nil, stop: nil)
        == large)
  }

  @Test("a pipe has no size, and ends when its writer goes") func pipe() throws {
    let (reader, writer) = try descriptors.pipe()
    let file = InputFile(descriptor: reader, name: "the pipe", isOwned: false)
    #expect(!file.isRegularFile && file.regularSize == nil)
    write("hello", to: writer)
    #expect(try read(file) == "hello")
    write("again", to: writer)
    descriptors.close(writer)
    #expect(try file.readAll(limit: 5, until: nil, stop: nil) == Array("again".utf8))
    #expect(throws: TransportError.file(name: "the pipe", errno: ESPIPE)) {
      try read(file, at: 0)
    }
  }

  @Test("waits for a pipe that somebody made non-blocking", .timeLimit(.minutes(1)))
  func nonBlocking() throws {
    let (reader, writer) = try descriptors.pipe()
    _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    let file = InputFile(descriptor: reader, name: "the pipe", isOwned: false)
    Thread.detachNewThread { write("late", to: writer) }
    #expect(try read(file) == "late")
  }
}
