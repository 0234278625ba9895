import OptionTable

extension Settings {
  /// What only the shell and its own commands take.
  struct Shell: Sendable {
    /// Commands in place of a script (`-c`).
    var commands: [UInt8]?
    /// An error is reported, and the next command runs (`--keep-going`).
    var keepsGoing = false
    /// What a connection is called (`connect --as`).
    var connectionName: [UInt8]?
    /// What a payload has to hold (`wait --match`).
    var match: [UInt8]?
    /// Most messages that are listed (`messages -n`).
    var limit: Int?
  }
}
