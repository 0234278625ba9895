// `apus generate DIR`: manual pages and completions from the option table, for `make generate`.

import Glibc
import OptionTable
import Transport

/// Every file that is made from the option table and the pages beside it, by its path below the package.
package func generatedFiles() -> [(path: String, text: String)] {
  let program = Program.spec
  return [("man/apus.1", program.manPage())]
    + program.commands.map {
      ("man/apus-\($0.name.text).1", program.manPage(for: $0))
    } + [
      ("man/apus-config.5", program.manPage(for: Program.configFiles)),
      ("man/apus-auth.7", program.manPage(for: Program.authentication)),
      ("man/apus-formats.7", program.manPage(for: Program.formats)),
      ("man/apus-protocol.7", program.manPage(for: Program.promises)),
      ("man/apus-sealing.7", program.manPage(for: Program.sealing)),
      ("completions/apus.bash", program.bashCompletion()),
      ("completions/_apus", program.zshCompletion()),
      ("completions/apus.fish", program.fishCompletion()),
    ]
}

/// Writes the files below the directory that the only word names; its `man` and `completions` exist.
func generate(_ words: ArraySlice<Argument>) throws(Failure) {
  guard words.count == 1, let directory = words.first?.text else {
    throw Failure(.usage, "generate needs a directory")
  }
  for (path, text) in generatedFiles() {
    let full = directory + "/" + path
    guard let file = fopen(full, "w") else {
      throw Failure(.usage, "\(TransportError.file(name: full, errno: errno))")
    }
    let written = fputs(text, file)
    if fclose(file) != 0 || written < 0 {
      throw Failure(.outputFailed, "\(TransportError.file(name: full, errno: errno))")
    }
  }
}
