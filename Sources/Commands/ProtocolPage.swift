// apus-protocol(7): what is promised, per QoS and across failures, and what brokers do otherwise.

import OptionTable

extension Program {
  static var promises: ReferencePage {
    ReferencePage(
      title: "apus-protocol", section: 7, summary: "What apus promises about messages.",
      description: [
        "MQTT gives each message a quality of service between a client and the broker, not between a "
          + "publisher and a subscriber: the broker hands a message on with the lower QoS of the two, and only "
          + "to those who are subscribed, or have a session that it keeps.  This page tells what apus makes of "
          + "that, and what remains true when something fails.",
        "apus speaks MQTT 3.1, 3.1.1 (unless -V says otherwise) and 5.0 (where rr begins).  What differs "
          + "between them is told where it matters.",
        "What a broker breaks of the protocol ends the run with status 2 or 21, except where the message is "
          + "safe all the same: see the last section.",
      ],
      tables: [publishing, subscribing, failures, order, brokers],
      examples: [
        Example(
          "apus pub -t meter/1 -m 42 -q 1 && echo 'the broker has it'",
          "status 0 means that the broker has acknowledged the message"),
        Example(
          "apus sub -c -i archive -t 'meter/#' -q 1 -V 5 -x 86400 >>archive",
          "misses nothing that is sent while it is away for a day at most"),
        Example(
          "apus pub --outbox spool -t meter/1 -m 42 -q 2",
          "keeps the message until the broker has it, whatever happens to this program"),
      ],
      seeAlso: ["apus-outbox", "apus-pub", "apus-rr", "apus-sub"])
  }

  private static let publishing = ReferencePage.Table(
    "Status 0 of pub",
    [
      Definition(
        "QoS 0",
        "The message was handed to the network and the connection ended in order.  A broker that refuses it "
          + "has no way to say so below MQTT 5, and seldom does in MQTT 5."),
      Definition(
        "QoS 1",
        "The broker has acknowledged each message (PUBACK).  It may arrive more than once where a "
          + "connection was lost in between."),
      Definition(
        "QoS 2",
        "The broker has each message and the handshake is over (PUBCOMP): it counts once.  When the broker "
          + "loses the session within the handshake, the message is sent again as a new one, and that is said."
      ),
      Definition(
        "A refusal",
        "In MQTT 5 the broker's reason code is the status.  Below it PUBACK cannot refuse: some brokers "
          + "acknowledge what they throw away, and nobody can see that; others close the connection, and then "
          + "the status is 7."),
    ])

  private static let subscribing = ReferencePage.Table(
    "What sub acknowledges",
    [
      Definition("QoS 0", "Nothing: what is on its way when the connection is lost is gone."),
      Definition(
        "QoS 1 and 2",
        "A message is acknowledged only after it was written to standard output (--ack write), read from "
          + "it (--ack read), or after its command has ended with 0 (--ack exec).  What is not acknowledged "
          + "the broker sends again, to this run after a loss, or to a later one where the session is kept "
          + "(-c and -i, with -x in MQTT 5)."),
      Definition(
        "QoS 2",
        "A message is written once as long as program and session live.  A later run cannot know what an "
          + "earlier one wrote last: a message that was written and not yet acknowledged when the program was "
          + "killed is written again."),
      Definition(
        "A refusal",
        "Reported with the filter, and a status from 128; the other filters go on.  A lower QoS than what was "
          + "asked for is reported."),
    ])

  private static let failures = ReferencePage.Table(
    "Across failures",
    [
      Definition(
        "The connection is lost",
        "sub, pub with messages from standard input, and rr with requests from it connect again (--on-loss, "
          + "--retries).  What is in flight goes on with its packet identifiers where the broker has kept "
          + "the session, and is sent as new messages where it has not.  QoS 0 messages on their way are "
          + "lost, which pub says, with status 7.  pub with one message ends with 7: nobody knows whether it "
          + "arrived."),
      Definition(
        "The program is killed",
        "What pub was told and had not sent is lost, unless it is in an outbox: apus-outbox(1).  What sub had "
          + "not acknowledged the broker still has, where the session is kept."),
      Definition(
        "The machine loses its power",
        "Only what stands in an outbox is safe, since that is synced before it counts as accepted."),
      Definition(
        "The broker loses the session",
        "sub says that messages of the meantime are gone and subscribes again; pub says how many messages "
          + "may arrive twice."),
      Definition(
        "The reader is slow",
        "sub reads no more than can be written: the broker keeps the rest, as long as its limits allow."
      ),
      Definition(
        "The broker is silent",
        "After --keepalive seconds it is asked, and without an answer the connection counts as lost."
      ),
    ])

  private static let order = ReferencePage.Table(
    "Order",
    [
      Definition(
        "pub",
        "Messages leave in the order of the input.  What is sent again after a loss keeps its order, too; at "
          + "QoS 1 a message that was sent twice may come again behind later ones."),
      Definition("sub", "Messages are written in the order in which the broker sends them."),
      Definition(
        "rr", "Responses are printed in the order of the requests, whatever the order they come in."
      ),
    ])

  private static let brokers = ReferencePage.Table(
    "Where brokers stray",
    [
      Definition(
        "PUBACK for a message of QoS 2",
        "Taken as the end of the handshake; pub says that messages may arrive twice."),
      Definition(
        "A version that is not spoken",
        "Some refuse it, some close, some are silent, some answer in the form of another version.  Each is told "
          + "with the version to try."),
      Definition(
        "A subscription answered by closing",
        "After three times in a row sub ends with status 7 and names the filters, unless it was subscribed "
          + "before."),
      Definition(
        "A message answered by closing",
        "pub names the topic; with messages from standard input after five times in a row."),
      Definition(
        "More QoS 2 messages than the broker takes at once",
        "mosquitto drops them below MQTT 5; pub asks for the limit beforehand and keeps to it."),
    ])
}
