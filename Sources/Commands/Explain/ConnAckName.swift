import MQTTProtocol

/// What `apus tls` calls a property of CONNACK: in a line for people, and as a member of JSON.
struct ConnAckName {
  let row: String
  let member: String
  let id: PropertyID

  private init(_ row: String, _ member: String, _ id: PropertyID) {
    self.row = row
    self.member = member
    self.id = id
  }

  /// The server's own words.
  static let texts = [
    Self("Reason", "reason_string", .reasonString),
    Self("Server reference", "server_reference", .serverReference),
    Self("Response information", "response_information", .responseInformation),
    Self("Authentication method", "authentication_method", .authenticationMethod),
  ]

  /// What a server may do without; it has what it says nothing about (MQTT 5 §3.2.2.3).
  static let services = [
    Self("Retained messages", "retain_available", .retainAvailable),
    Self(
      "Wildcard subscriptions", "wildcard_subscription_available", .wildcardSubscriptionAvailable),
    Self(
      "Subscription ids", "subscription_identifiers_available", .subscriptionIdentifierAvailable),
    Self("Shared subscriptions", "shared_subscription_available", .sharedSubscriptionAvailable),
  ]
}
