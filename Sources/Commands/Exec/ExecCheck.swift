import OptionTable

extension Settings {
  /// - Throws: what does not go with `--exec`, or needs it.
  func checkForExecuting() throws(OptionError) {
    if executing.command == nil {
      if executing.jobs != nil { throw OptionError("--jobs needs --exec") }
      return
    }
    for (name, isGiven) in [
      ("-F or --json", subscribing.format != nil), ("-w", subscribing.isWatching),
      ("--message-rate", subscribing.showsRate), ("-v", subscribing.isVerbose),
      ("--pretty", subscribing.isPretty), ("-N", !subscribing.endsWithNewline),
      ("--remove-retained", subscribing.removesRetained),
    ] where isGiven {
      throw OptionError("\(name) does not go with --exec")
    }
  }
}
