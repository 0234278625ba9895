import OptionTable
import Testing

@Suite("Help and usage") struct HelpTests {
  @Test func ofACommand() {
    #expect(
      Post.program.help(for: Post.fetch.description, width: 60) == """
        Usage: post fetch [OPTION...]

        Fetches letters.

        Letter:
          -q, --qos LEVEL      How urgent: it's 0, 1 or \\2 [default:
                               0].
              --delay SECONDS  Wait before --qos applies.

        The office's own:
          -h, --host HOST      The post office.
              --folder DIR     Where letters go; a long summary that
                               has to be broken into several lines
                               of help.
          -v                   Tell more.
          -C COUNT             Leave after COUNT letters.

        Help:
              --help           Print this help and exit.
              --version        Print the version and exit.

        See also: man post-fetch

        """)
  }

  @Test func ofACommandWithActions() {
    #expect(
      Post.program.help(for: Post.sort.description, width: 60) == """
        Usage: post sort date [OPTION...]
               post sort stack FILE
               post sort sacks FILE...
               post sort sacks FILE... -- FILE

        Sorts letters.

        Ways:
          date                The oldest first: it's usual.
          stack               By hand.
          sacks               Whole sacks.

        The office's own:
              --profile NAME  Whose letter.
          -v                  Tell more.

        Help:
              --help          Print this help and exit.
              --version       Print the version and exit.

        See also: man post-sort

        """)
  }

  @Test func ofTheProgram() {
    #expect(
      Post.program.help() == """
        Usage: post COMMAND [OPTION...]

        A post office.

        Commands:
          send            Sends a letter.
          fetch           Fetches letters.
          peek            Shows options.
          sort            Sorts letters.
          read            Reads a letter.
          help [COMMAND]  Print this help, or that of a command.

        Options:
          --help          Print this help and exit.
          --version       Print the version and exit.

        See also: post COMMAND --help, man post

        """)
  }

  @Test(arguments: [0, 20, 40, 80, 200]) func wrapsToItsWidth(_ width: Int) {
    let help = Post.program.help(for: Post.send.description, width: width)
    #expect(help.contains("  -D, --property CMD NAME VALUE [VALUE]\n"))
    #expect(help.contains("      --register") == false)
    #expect(!help.contains("xyzzy") && !help.contains("--folder"))
    if width >= 80 {
      #expect(help.split(separator: "\n").allSatisfy { $0.count <= width })
    }
  }
}
