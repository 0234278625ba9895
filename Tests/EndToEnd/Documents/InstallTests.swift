import Foundation
import TestSupport
import Testing

/// `make install` and `make uninstall`, without the build.
@Suite("Installing") struct InstallTests {
  private static let script =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("scripts/install.sh").path

  private func run(
    _ what: String, to folder: String, links: String = "1"
  ) throws -> (Ending, errors: String) {
    let program = try RunningProgram(
      ["sh", Self.script, what],
      environment: [
        "APUS": Program.apus, "DESTDIR": folder, "PREFIX": "/usr/local",
        "BINDIR": "/usr/local/bin", "MANDIR": "/usr/local/share/man",
        "ZSH_FUNCTIONS": "/usr/local/share/zsh/site-functions", "COMPAT_LINKS": links,
      ])
    return (try program.wait(), program.errorText)
  }

  private func files(in folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).filter {
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(
        atPath: folder + "/" + $0, isDirectory: &isFolder)
      return !isThere || !isFolder.boolValue
    }
  }

  @Test("all goes where it belongs, and away again, whatever the folder is called")
  func roundTrip() throws {
    let root = TemporaryDirectory()
    let folder = root.path + "/a b;'$(touch x)"
    #expect(try run("install", to: folder) == (.exited(0), ""))
    let there = files(in: folder)
    for name in [
      "bin/apus", "bin/mosquitto_rr", "share/man/man1/apus-pub.1", "share/man/man1/mosquitto_sub.1",
      "share/man/man5/apus-config.5", "share/man/man7/apus-formats.7",
      "share/bash-completion/completions/apus", "share/zsh/site-functions/_apus",
      "share/fish/vendor_completions.d/apus.fish",
    ] {
      #expect(there.contains("usr/local/" + name), "\(name)")
    }
    let version = try RunningProgram([folder + "/usr/local/bin/mosquitto_pub", "--version"])
    #expect(try version.wait() == .exited(1))
    #expect(version.outputText.hasPrefix("mosquitto_pub version 2"))
    #expect(try run("install", to: folder) == (.exited(0), ""))
    #expect(try run("uninstall", to: folder) == (.exited(0), ""))
    #expect(files(in: root.path) == [])
  }

  @Test("mosquitto's own programs are left alone") func others() throws {
    let root = TemporaryDirectory()
    let bin = root.path + "/usr/local/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    try Data("own".utf8).write(to: URL(fileURLWithPath: bin + "/mosquitto_rr"))
    let result = try run("install", to: root.path)
    #expect(result.0 == .exited(1))
    #expect(result.errors.contains("mosquitto_rr is there and is not apus's"))
    #expect(files(in: bin) == ["mosquitto_rr"])
    #expect(try run("uninstall", to: root.path) == (.exited(0), ""))
    #expect(files(in: bin) == ["mosquitto_rr"])
    #expect(try run("install", to: root.path, links: "yes").0 == .exited(1))
  }
}
