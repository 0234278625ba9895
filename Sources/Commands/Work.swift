import OptionTable

/// What a command line turned out to ask for.
enum Work {
  case nothing, overview, version
  case help(CommandName)
  case generate(ArraySlice<Argument>)
  case show(String)
  case key(KeyCommand)
  case publish(Settings)
  case store(Settings, RememberedOptions)
  case outbox(OutboxCommand)
  /// Twice as large as the others.
  indirect case bench(BenchCommand)
  case reports(ReportCommand)
  case subscribe(Settings)
  case request(Settings)
  case explain(Settings)
  case shell(ReplRun)
}
