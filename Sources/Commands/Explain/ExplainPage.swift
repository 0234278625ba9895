// What the manual says about `apus tls`.

import OptionTable

extension Program {
  static var tls: CommandDescription {
    CommandDescription(
      "tls", summary: "Show how the connection to a broker comes about, or why it does not.",
      synopsis: ["[OPTION...] -h HOST"],
      description: [
        "Connects as the other commands do, with the same options, prints what it saw on standard "
          + "output, and leaves; nothing is published or subscribed to.  --explain on another command does "
          + "the same with that command's options.",
        "Over TLS it shows what was agreed on; each certificate that the server sent, with its names, its "
          + "validity and its key as {pin} takes it; and how each check ended, also when one failed.  Then "
          + "follows what the broker said of itself in CONNACK: limits of MQTT 5, and its default where it "
          + "said nothing.  Without TLS it says so.",
        "The broker sees a client that connects with the given identifier, user name and session, and "
          + "disconnects: an identifier that is in use elsewhere is taken from there.",
        "A connection that fails is told by one line on standard error, and has the exit status that it has "
          + "with any command.",
      ],
      sections: [
        Section(
          "JSON",
          [
            "With {json} each server that is tried is an object in a line of its own; the last one is the "
              + "server that answered, or where it all failed.  Members may be added; those below keep their "
              + "names and meanings.  What is not known is null."
          ], members)
      ],
      examples: [
        Example("apus tls -L mqtts://broker.example", "shows certificates, checks and limits"),
        Example(
          "apus tls --insecure -h broker.local --tls",
          "shows the certificate of a broker not trusted yet"),
        Example(
          "apus sub --explain -h broker.local --cafile ca.pem -t 'home/#'",
          "shows why a subscriber does not connect"),
        Example(
          "apus tls --json -L mqtts://broker.example | jq '.chain[0].days_left'",
          "prints for how many days the broker's certificate is still valid"),
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: .tls), seeAlso: ["apus-pub", "apus-sub"])
  }

  private static var members: [Definition] {
    [
      Definition("address", "Host and port, or the path of a Unix socket."),
      Definition("tls", "Whether TLS was begun; without it what concerns TLS is null or empty."),
      Definition(
        "protocol, cipher, group, alpn",
        "What was agreed on, as OpenSSL names it (TLSv1.3); null when the handshake was not finished, alpn "
          + "also when none was asked for or chosen."),
      Definition(
        "resumed, resumable",
        "Whether this connection resumed an earlier one, and whether a later one may resume this one."
      ),
      Definition(
        "verification",
        "The object {result, reason}: how the server was verified as a whole.  result is 'passed', 'failed' or "
          + "'skipped', and reason the first fault, or why it was not checked."),
      Definition(
        "checks",
        "An array of such objects that have a name too: trust, dates, host, revocation, ocsp and pin; with a "
          + "pre-shared key, key only."),
      Definition("ocsp", "The check of the stapled OCSP response, {result, reason}."),
      Definition(
        "chain",
        "An array of the certificates that the server sent, its own first: subject, issuer, names (of hosts "
          + "and addresses), not_before and not_after (2026-01-31T12:00:00Z), days_left (negative when it "
          + "is over), pin (sha256//..., as --pin takes it)."),
      Definition(
        "connack",
        "What the broker answered, null when it did not: mqtt (version), accepted, code, reason; when it "
          + "accepted, session_present, client_id and keep_alive (seconds, 0 for off).  In MQTT 5 also "
          + "reason_string, server_reference, response_information and authentication_method, and when it "
          + "accepted the limits that hold: session_expiry (seconds; null: as asked), maximum_qos, "
          + "receive_maximum, maximum_packet_size (null: no limit), topic_alias_maximum, "
          + "retain_available, wildcard_subscription_available, subscription_identifiers_available and "
          + "shared_subscription_available."),
      Definition(
        "error",
        "Why there is no connection: the line on standard error.  Null for servers before the last one, whose "
          + "checks say it."),
    ]
  }
}
