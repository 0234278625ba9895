import MQTTProtocol
import OptionTable
import Rendering

extension Rule {
  /// What is subscribed to, which messages are shown, and how: sub's and partly rr's.
  static var subscription: [Rule] {
    [
      .value("-t", "--topic", for: .sub, missing: "no topic specified") {
        (word, wishes) throws(Complaint) in
        wishes.settings.subscribing.filters.append(try word.dropInFilter("-t", "subscription"))
      },
      .value("-U", "--unsubscribe", for: .sub, missing: "no unsubscribe topic specified") {
        (word, wishes) throws(Complaint) in
        wishes.settings.subscribing.unsubscribe.append(
          try word.dropInFilter("-U", "unsubscribe"))
      },
      .value("-T", "--filter-out", for: .sub, missing: "no topic filter specified") {
        (word, wishes) throws(Complaint) in
        wishes.settings.subscribing.filterOut.append(try word.dropInFilter("-T", "filter"))
      },
      .value("-C", for: .sub, missing: "no count specified") { (word, wishes) throws(Complaint) in
        let count = word.atoi
        if count < 1 { throw Complaint("Invalid message count \"\(count)\".") }
        wishes.settings.subscribing.count = Int(count)
      },
      .value("-W", for: [.sub, .rr], missing: "no timeout specified") {
        (word, wishes) throws(Complaint) in
        let seconds = word.atoi
        if seconds < 1 { throw Complaint("Invalid timeout \"\(seconds)\".") }
        wishes.settings.timeout = Double(seconds)
      },
      .value("--retain-handling", for: [.sub, .rr], missing: "no option specified") {
        (word, wishes) throws(Complaint) in
        switch word {
        case "always": wishes.settings.subscribing.retainHandling = .always
        case "new": wishes.settings.subscribing.retainHandling = .new
        case "never": wishes.settings.subscribing.retainHandling = .never
        default: throw Complaint("Unknown value '\(word.shown)' for --retain-handling.")
        }
      },
      .value("--random-filter", for: .sub, missing: "no chance specified") {
        (word, wishes) throws(Complaint) in
        let percent = word.atof
        guard percent >= 0.1 else {
          throw Complaint("--random-filter chance must be between 0.1-100.0")
        }
        wishes.settings.subscribing.randomFilter = percent
      },
      .value("-F", for: [.sub, .rr], missing: "no format specified") {
        (word, wishes) throws(Complaint) in
        do throws(FormatFault) {
          wishes.settings.subscribing.format = try MessageFormat(word.bytes, .mosquitto)
        } catch {
          throw Complaint(error.inMosquittosWords, spaced: false)
        }
      },
      .flag("-w", "--watch", for: .sub),
      .flag("--message-rate", for: .sub),
      .flag("-E", for: .sub),
      .flag("-R", for: [.sub, .rr]),
      .flag("--retained-only", for: .sub),
      .flag("--remove-retained", for: .sub),
      .flag("--retain-as-published", for: [.sub, .rr]),
      .flag("-v", "--verbose", for: [.sub, .rr]),
      .flag("-N", for: [.sub, .rr]),
      .flag("--pretty", for: [.sub, .rr]),
    ]
  }
}

extension FormatFault {
  fileprivate var inMosquittosWords: String {
    switch self {
    case .incompleteSpecifier: "Incomplete format specifier."
    case .invalidSpecifier(let byte): "Invalid format specifier '\(Argument(bytes: [byte]).shown)'."
    case .incompleteEscape: "Incomplete escape specifier."
    case .invalidEscape(let byte): "Invalid escape specifier '\(Argument(bytes: [byte]).shown)'."
    case .numberTooLarge: "Invalid format specifier, a width or precision is above 9999."
    }
  }
}
