import OptionTable

extension OptionGroup {
  static let connection = OptionGroup("Connection", order: 1)
  static let tls = OptionGroup("TLS", order: 8)
  static let route = OptionGroup("WebSocket and proxies", order: 9)
  static let sealing = OptionGroup("Sealed payloads", order: 7)
  static let session = OptionGroup("Session", order: 2)
  static let request = OptionGroup("Request", order: 3)
  static let message = OptionGroup("Message", order: 3)
  static let subscription = OptionGroup("Subscription", order: 4)
  static let selection = OptionGroup("Which messages, how many", order: 5)
  static let output = OptionGroup("Output", order: 6)
  static let serving = OptionGroup("Answering", order: 6)
  static let shell = OptionGroup("Commands", order: 1)
  static let will = OptionGroup("Will", order: 7)
  static let files = OptionGroup("Files of options", order: 10)
}
