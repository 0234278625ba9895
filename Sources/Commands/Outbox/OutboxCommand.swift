// `apus outbox`: what is in an outbox, and how it gets out.

import Glibc
import MQTTProtocol
import OptionTable
import Outbox
import Rendering

/// What `apus outbox` is asked to do, by the words before its options.
struct OutboxCommand {
  enum Action: Sendable {
    case ls, flush, stats
    case show(Int64)
    case drop([Int64])
  }

  let action: Action
  let settings: Settings

  /// Splits the words.
  ///
  /// - Returns: nil for the action where the options come first, as in `apus outbox --help`.
  static func split(
    _ words: ArraySlice<Argument>
  ) throws(OptionError) -> (action: Action?, options: ArraySlice<Argument>) {
    let options = words.drop { $0.bytes.first != UInt8(ascii: "-") }
    let names = words[..<options.startIndex]
    guard let first = names.first else { return (nil, options) }
    var numbers: [Int64] = []
    for word in names.dropFirst() { numbers.append(try word.integer(in: 1...Int64.max)) }
    switch first.text {
    case "ls" where numbers.isEmpty: return (.ls, options)
    case "flush" where numbers.isEmpty: return (.flush, options)
    case "stats" where numbers.isEmpty: return (.stats, options)
    case "show" where numbers.count == 1: return (.show(numbers[0]), options)
    case "drop": return (.drop(numbers), options)
    case "show": throw OptionError("show needs the number of a message, as 'ls' prints it")
    case "ls", "flush", "stats":
      throw OptionError("unexpected argument '\(names.dropFirst().first?.shown ?? "")'")
    default:
      throw OptionError("'\(first.shown)' is not \(needed)")
    }
  }

  private static let needed = "ls, flush, show, drop or stats"

  /// - Throws: when something is missing.
  init(_ action: Action?, _ settings: Settings) throws(OptionError) {
    guard let action else { throw OptionError("an action is needed: \(Self.needed)") }
    guard settings.outboxing.path != nil else { throw OptionError("--outbox DIR is needed") }
    if case .drop(let numbers) = action {
      if numbers.isEmpty != settings.outboxing.dropsAll {
        throw OptionError("drop needs numbers of messages, as 'ls' prints them, or --all")
      }
    } else if settings.outboxing.dropsAll {
      throw OptionError("--all goes with drop only")
    }
    var settings = settings
    // 'pub' has asked for it where there are any.
    settings.connection.allowsControlCharacters = true
    if case .flush = action { try settings.checkConnection() }
    self.action = action
    self.settings = settings
  }

  func perform(_ reporter: Reporter) throws(Failure) -> ExitStatus {
    if case .flush = action {
      let run = try OutboxRun(settings, reporter, remembering: nil)
      return try run.run()
    }
    let folder = OutboxFolder(settings.outboxing.path ?? "")
    var text = ""
    var payload: [UInt8] = []
    var status = ExitStatus.success
    do throws(StoreFailure) {
      let store = try MessageStore(folder, creating: false)
      let view = OutboxView(store: store, isJSON: settings.outboxing.showsJSON)
      switch action {
      case .ls: text = try view.list()
      case .stats: text = try view.statistics()
      case .show(let number):
        if let (head, body) = try view.message(number) {
          (text, payload) = (head, body)
        } else {
          reporter.say("there is no message \(number) in \(folder.path)")
          status = .usage
        }
      case .drop(let numbers): status = try drop(numbers, store, reporter)
      case .flush: break
      }
    } catch { throw Failure(error, folder) }
    try StandardOutput.print(text)
    try StandardOutput.write(payload)
    return status
  }

  /// No process sends meanwhile: it would have the message in its hands.
  private func drop(
    _ numbers: [Int64], _ store: MessageStore, _ reporter: Reporter
  ) throws(StoreFailure) -> ExitStatus {
    guard let lock = try store.folder.lockForSending() else {
      throw .busy(path: store.folder.path)
    }
    defer { withExtendedLifetime(lock) {} }
    if settings.outboxing.dropsAll {
      reporter.say("\(Int(try store.dropAll()).counted) dropped")
      return .success
    }
    var status = ExitStatus.success
    for number in numbers where !(try store.drop(number)) {
      reporter.say("there is no message \(number) in \(store.folder.path)")
      status = .usage
    }
    return status
  }
}
