import Foundation
import TestSupport

/// Runs a real shell or formatter on a text.
enum Shell {
  static func has(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
  }

  /// Where the post office's profiles are.
  private static let configuration: String = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "apus-\(UUID().uuidString)")
    let profiles = folder.appending(path: "post/profiles")
    try? FileManager.default.createDirectory(at: profiles, withIntermediateDirectories: true)
    for name in ["plant-a", "plant-b"] { try? Data().write(to: profiles.appending(path: name)) }
    removed = folder.path
    atexit { try? FileManager.default.removeItem(atPath: Shell.removed) }
    return folder.path
  }()

  nonisolated(unsafe) private static var removed = ""

  /// Returns what the program wrote, errors among it; it has ten seconds.
  ///
  /// - Parameter input: arrives in a file, whose name is the last argument.
  static func run(_ program: String, _ arguments: [String], on input: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "apus-\(UUID().uuidString)")
    try input.write(to: file, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let words = ["/usr/bin/timeout", "10", "/usr/bin/\(program)"] + arguments + [file.path]
    let run = try RunningProgram(
      ["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1"] + words,
      environment: [
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": configuration, "MANWIDTH": "80",
        "TERM": "dumb", "XDG_CONFIG_HOME": configuration,
      ])
    try run.wait()
    return run.outputText
  }
}
