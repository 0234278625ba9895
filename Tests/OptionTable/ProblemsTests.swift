import OptionTable
import Testing

@Suite("What is wrong with a table") struct ProblemsTests {
  @Test func nothingWithAGoodOne() {
    #expect(Post.program.problems() == [])
  }

  private func problems(_ options: OptionSpec<PostSettings>...) -> [String] {
    var program = Post.program
    let command = CommandDescription("go", summary: "Goes.", synopsis: [""])
    program.commands = [CommandSpec(command, options: options).description]
    return program.problems()
  }

  private func option(
    _ short: Character? = nil, _ long: String? = nil, value: OptionValue = .none,
    summary: String = "Is."
  ) -> OptionSpec<PostSettings> {
    OptionSpec(
      short: short, long: long, value: value, group: .letter, commands: ["go"], summary: summary
    ) { (_, _) in }
  }

  @Test func eachIsFound() {
    #expect(problems(option("a"), option("a")) == ["go: -a is there 2 times"])
    #expect(
      problems(option(nil, "ab", summary: "See {cd}.")) == [
        "go: --ab: {cd} refers to no option"
      ])
    #expect(problems(option(nil, "ab", summary: "")) == ["go: --ab: no summary"])
    #expect(
      problems(option(nil, "ab", summary: "Is")) == [
        "go: --ab: the summary does not end in '.'"
      ])
    #expect(
      problems(option(nil, "ab", summary: "Is\n.")) == [
        "go: --ab: the summary is more than one line"
      ])
    #expect(problems(option("a", value: .oneOf("X", []))) == ["go: -a: no values to choose from"])
    #expect(
      problems(option("a", value: .words(.any("X", then: .choice("Y", []))))) == [
        "go: -a: no words to choose from"
      ])
    #expect(problems(option("a", value: .text(""))) == ["go: -a: its value has no name"])
    #expect(problems(option()) == ["go: --: no name"])
    #expect(
      problems(option("\u{E9}")) == [
        "go: -\u{E9}: the short name is no ASCII letter or digit"
      ])
    #expect(
      problems(option(nil, "a_b")) == [
        "go: --a_b: the long name 'a_b' is not lowercase letters, digits and dashes"
      ])
  }

  @Test func operandsAreSaid() {
    func problems(_ operands: Operands, synopsis: [String] = []) -> [String] {
      var program = Post.program
      program.commands = [
        CommandDescription("go", summary: "Goes.", operands: operands, synopsis: synopsis)
      ]
      return program.problems()
    }
    #expect(
      problems(.file, synopsis: ["[OPTION...]"]) == [
        "go: the synopsis does not name its FILE"
      ])
    let actions = [Action("up", "Goes up", synopsis: ""), Action("down", "Goes down.")]
    #expect(
      problems(.actions(heading: "Ways", actions)) == [
        "go: up: the summary does not end in '.'", "go: down: no synopsis",
      ])
  }

  @Test func aCommandIsThereOnce() {
    var program = Post.program
    program.commands.append(program.commands[0])
    #expect(program.problems() == ["command send is there 2 times"])
  }
}
