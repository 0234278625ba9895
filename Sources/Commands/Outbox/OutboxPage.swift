// What is said about `apus outbox` beside its options.

import OptionTable

extension Program {
  static var outbox: CommandDescription {
    CommandDescription(
      "outbox", summary: "Show and deliver messages that 'apus pub --outbox' has stored.",
      operands: .actions(
        heading: "Actions",
        [
          Action("ls", "List the messages.", synopsis: "--outbox DIR [--json]"),
          Action("flush", "Deliver what is there.", synopsis: "--outbox DIR [OPTION...]"),
          Action("show", "Print message N.", synopsis: "N --outbox DIR"),
          Action(
            "drop", "Take messages out without delivering them.",
            synopsis: "(N... | --all) --outbox DIR"),
          Action("stats", "Print what was counted.", synopsis: "--outbox DIR [--json]"),
        ]),
      description: [
        "An outbox is a folder of messages that are not yet delivered.  'apus pub --outbox DIR' stores a "
          + "message there, on the disk, before it counts as accepted, and takes it out when the broker "
          + "has it as far as its quality of service promises.  Without a broker, or when the "
          + "connection is lost and does not come back within 15 seconds ({timeout} sets another time), "
          + "pub ends with status 0 and says how many messages are queued; the next pub with that outbox, "
          + "or flush, delivers them first, in their order.",
        "ls prints a line for each message: its number, its state, seconds since it was stored, QoS, "
          + "bytes of the payload, and the topic, with tabs between.  The state is 'waiting', 'sent' (it "
          + "may be on the wire), 'received' (QoS 2: the broker has it and only the end of the "
          + "handshake is missing) or 'dropped' (only its identifier is to be released yet).",
        "flush delivers what is there and exits with 0 when nothing is left.",
        "show prints what a message is, an empty line, and the payload.",
        "drop takes messages out without delivering them; one that was sent may arrive all the same.",
        "stats prints how many messages are queued, with their bytes and the age of the oldest in "
          + "seconds, and how many were stored, delivered, refused by the broker, dropped since they "
          + "were past their time, or dropped by hand, since the outbox was made.",
        "At QoS 2 a message arrives exactly once, and at QoS 1 at least once, also when apus is killed at "
          + "any moment or the machine loses its power, as long as the broker keeps the session: the "
          + "outbox keeps packet identifiers and what the broker has confirmed.  When the broker has "
          + "lost the session, messages that were on the wire are sent anew and may arrive twice, which is "
          + "said.  At QoS 0 a message leaves the "
          + "outbox when it is sent.  Messages of a topic keep their order.",
        "An outbox belongs to one connection.  It has a client identifier of its own and a session that "
          + "the broker keeps, without {id}, and it remembers the options that reach the broker, with "
          + "paths made absolute: those of the last pub; options on the command line override them.  "
          + "A secret that is given itself, as by {pw}, is not kept, and has to be given again; a file or "
          + "variable that has it is remembered by its name.",
        "Several processes may use one outbox.  All of them store; one sends at a time, for all, and the "
          + "others wait until their messages are delivered, or not at all with pub --no-wait.",
        "A message whose message-expiry-interval or --max-age is over is dropped, and that is said.  The "
          + "broker gets the interval less the time in the outbox.  A message that the broker refuses is "
          + "taken out, reported, and makes the exit status; one that is too large for the broker, or "
          + "wants what it does not have, stays.  Topic aliases are not stored.",
        "With pub --seal and --sign a message is sealed and signed before it is stored: a sealed one's "
          + "payload is in no file, and flush needs no key.  What was sealed or signed for MQTT 5 is sent "
          + "with MQTT 5 only.",
        "The files are SQLite's, open to their owner only.  A damaged database is renamed to "
          + "outbox.db.damaged-N, which is said, with status 73; the next run begins a new one.  (Each "
          + "message has a checksum; 'sqlite3 FILE .recover' reads what can be read.)",
      ],
      examples: [
        Example(
          "apus pub --outbox /var/lib/meter -h broker.example -t meter/1 -q 2 -m 42",
          "stores a message, and delivers it now or later"),
        Example(
          "apus outbox flush --outbox /var/lib/meter", "delivers what is queued, as from cron"),
        Example(
          "vmstat -n 10 | apus pub --outbox spool -h broker.example -t load -q 1 -l",
          "stores each line as it comes, through any outage"),
        Example("apus outbox ls --outbox spool --json", "lists what is queued"),
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: .outbox), seeAlso: ["apus-config(5)", "apus-pub"])
  }
}
