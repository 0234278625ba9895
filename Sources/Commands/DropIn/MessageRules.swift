import MQTTProtocol
import OptionTable

extension Rule {
  /// What is published, and where: pub's and rr's.
  static var message: [Rule] {
    [
      .value("-t", "--topic", for: [.pub, .rr], missing: "no topic specified") {
        (word, wishes) throws(Complaint) in try wishes.setTopic(word)
      },
      .value("-m", "--message", for: [.pub, .rr], missing: "no message specified") {
        (word, wishes) throws(Complaint) in try wishes.setSource(.message(word.bytes))
      },
      .value("-f", "--file", for: [.pub, .rr], missing: "no file specified") {
        (word, wishes) throws(Complaint) in try wishes.setSource(.file(word))
      },
      .flag("-n", "--null-message", for: [.pub, .rr]) { (_, wishes) throws(Complaint) in
        try wishes.setSource(.empty)
      },
      .flag("-s", "--stdin-file", for: [.pub, .rr]) { (_, wishes) throws(Complaint) in
        try wishes.setSource(.standardInput)
      },
      .flag("-l", "--stdin-line", for: .pub) { (_, wishes) throws(Complaint) in
        try wishes.setSource(.lines(separator: UInt8(ascii: "\n")))
      },
      .flag("-r", "--retain", for: .pub),
      .value("--repeat", for: .pub, missing: "no count specified") {
        (word, wishes) throws(Complaint) in
        let count = word.atoi
        if count < 1 { throw Complaint("--repeat argument must be >0.") }
        wishes.settings.publishing.repeatCount = Int(count)
      },
      .value("--repeat-delay", for: .pub, missing: "no time specified") {
        (word, wishes) throws(Complaint) in
        let seconds = word.atof
        // No number at all is below 0 too.
        guard seconds >= 0 else { throw Complaint("--repeat-delay argument must be >=0.0.") }
        wishes.settings.publishing.repeatDelay = min(seconds, 1_000_000)
      },
      .flag("--latency", for: .rr),
      .value("-e", for: .rr, missing: "no response topic specified") {
        (word, wishes) throws(Complaint) in
        wishes.responseTopic = try word.dropInTopic("-e", "response")
      },
    ]
  }
}

extension Wishes {
  /// `-t` of those who publish.
  mutating func setTopic(_ word: Argument) throws(Complaint) {
    // An empty one is found out only when it is published.
    if !word.bytes.isEmpty {
      settings.publishing.topic = .success(try word.dropInTopic("-t", "publish"))
    }
    topic = word
  }

  fileprivate mutating func setSource(_ source: Settings.PayloadSource) throws(Complaint) {
    if settings.publishing.source != nil {
      throw Complaint("Only one type of message can be sent at once.")
    }
    settings.publishing.source = source
    settings.publishing.sourceCount = 1
  }
}

extension Argument {
  /// - Parameters:
  ///   - option: as it was typed.
  ///   - kind: what the topic is for.
  func dropInTopic(_ option: String, _ kind: String) throws(Complaint) -> TopicName {
    let text = try dropInText(option)
    guard let topic = try? TopicName(text.bytes) else {
      throw Complaint(
        "Invalid \(kind) topic '\(shown)', does it contain '+' or '#'?", spaced: false)
    }
    return topic
  }

  func dropInFilter(_ option: String, _ kind: String) throws(Complaint) -> TopicFilter {
    let text = try dropInText(option)
    guard let filter = try? TopicFilter(text) else {
      throw Complaint(
        "Invalid \(kind) topic '\(shown)', are all '+' and '#' wildcards correct?", spaced: false)
    }
    return filter
  }

  private func dropInText(_ option: String) throws(Complaint) -> UTF8String {
    guard let dropInText else { throw Complaint("Malformed UTF-8 in \(option) argument.") }
    return dropInText
  }

  /// Mosquitto takes control characters, and what Unicode keeps free, for no text either.
  var dropInText: UTF8String? {
    guard let text = try? UTF8String(bytes), !text.hasControlCharacter else { return nil }
    return text
  }
}
