import OptionTable
import Testing

@Suite("Manual pages") struct ManPageTests {
  static let pages = [
    ("post(1)", Post.program.manPage()),
    ("post-send(1)", Post.program.manPage(for: Post.send.description)),
    ("post-fetch(1)", Post.program.manPage(for: Post.fetch.description)),
  ]

  @Test(
    "mandoc warns of nothing", .enabled(if: Shell.has("mandoc"), "mandoc is not installed"),
    arguments: pages)
  func mandoc(_ name: String, _ page: String) throws {
    #expect(try Shell.run("mandoc", ["-T", "lint", "-W", "warning"], on: page) == "")
  }

  @Test(
    "man and groff warn of nothing", .enabled(if: Shell.has("man"), "man is not installed"),
    arguments: pages)
  func man(_ name: String, _ page: String) throws {
    let output = try Shell.run("man", ["--warnings", "-E", "UTF-8", "-l"], on: page)
    #expect(output.contains("NAME"))
    #expect(!output.contains("warning") && !output.contains("error"), "\(output)")
  }

  @Test(
    "the text comes out as it went in",
    .enabled(if: Shell.has("mandoc"), "mandoc is not installed"))
  func renders() throws {
    let send = Post.program.manPage(for: Post.send.description)
    let page = try Shell.run("mandoc", ["-T", "utf8", "-O", "width=200"], on: send)
      .replacing(/.\u{8}/, with: "")
    for text in [
      "post-send – Sends a letter",
      "post send [OPTION...] -t TOPIC {-m TEXT | -f FILE}",
      "post send -l [OPTION...] < file.txt",
      "'Quoted' first.  .TH is no title; C:\\new\\fold.",
      "-q, --qos LEVEL", "-r, --retain, --register, --keep-it",
      "-D, --property CMD NAME VALUE [VALUE]",
      "How urgent: it's 0, 1 or \\2 [default: 0].",
      "'Twice' is possible.  .Sh is no section here.  See also --delay, -v and {braces }.",
      "LEVEL is 0, 1 or two's.", "The office's own",
      "post send -m 'it''s' --qos 1 \"$x\" \\", "Sends --qos 1: don't ask.",
      "1–5", "Not ∞ sent.", "POST_HOME", "~/.config/post", "mail(1), post(1)", "March 1, 2026",
    ] {
      #expect(page.contains(text), "\(text)\n\(page)")
    }
    #expect(!page.contains("xyzzy"))
  }
}
