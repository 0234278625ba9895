import OptionTable

/// The parts of apus-bench(1) about reports.
enum ReportTexts {
  static let sections = [gates, json, comparing]

  private static let gates = Section(
    "Gates of a run",
    [
      "{expect} takes gates with ',' between: a figure, one of < <= = >= >, and a number.  Gates that every run "
        + "would pass, that none can pass (by {rate}, {duration} and {count}, too), that contradict each other, or "
        + "about what the run does not measure are refused before anything is sent."
    ],
    [
      Definition(
        "p50, p99.9, min, mean, max",
        "Latency, with a unit: us, ms or s.  That of the mode (delivery; pub: ack; conn: connack), or that of "
          + "the kind in front: connect.p99<20ms."),
      Definition("loss", "Lost messages as a share of those that were due: loss=0, loss<0.1%."),
      Definition(
        "sent, unsent, acked, received, lost, duplicates, reordered, corrupted, errors, connections",
        "Counts; k and M stand for thousands and millions.  Messages that were due and not sent let no run pass, "
          + "since they have no latency, unless a gate is about 'unsent'."),
      Definition(
        "rate, sent_rate, acked_rate, received_rate",
        "Messages a second; 'rate' is that of the messages received (pub: acknowledged, or sent at QoS 0; conn: "
          + "of connections)."),
      Definition("seconds_lost", "Time without a connection, all clients together, with a unit."),
    ])

  private static let json = Section(
    "JSON",
    [
      "The report of {json} is one object.  Members keep their meaning while 'schema' stays what it is; more "
        + "may come.  Times are microseconds unless a name ends in _s or _ms."
    ],
    [
      Definition("schema", "\"apus-bench/1\"."),
      Definition("mode", "The word behind 'apus bench'."),
      Definition(
        "began, began_ms, duration_s",
        "When the measured time began, as text and in milliseconds since 1970; how long it was."),
      Definition(
        "settings, environment", "Options and circumstances by their names; never secrets."),
      Definition(
        "messages",
        "Counts: sent, unsent (due, and not sent when the run was over), acked, received, lost, duplicates, "
          + "reordered, corrupted."),
      Definition("bytes", "Of payload: sent, received."),
      Definition("connections", "How many were established."),
      Definition("errors", "How often each came, by its words."),
      Definition("seconds_lost", "Time without a connection, all clients together."),
      Definition(
        "broker_sys",
        "With --broker-sys: the last value of each of the broker's $SYS topics, a text."),
      Definition(
        "throughput", "In a second: sent, acked, received, bytes_sent, bytes_received."),
      Definition(
        "latency_us",
        "delivery, service, ack, connect, tls, connack and suback, each with count, min, mean, p50, p90, p99, "
          + "p99_9 and max; these are null where count is 0."),
      Definition(
        "resources",
        "client, and broker where it was watched: cpu_s, cpu_percent (of one core), memory_bytes."),
      Definition("notes", "What stands between the figures and the broker."),
      Definition(
        "seconds",
        "For each second: sent, acked, received, and latency_us of the mode's own kind."),
      Definition(
        "histograms",
        "The exact latencies by their kind, in nanoseconds: HdrHistogram's compressed V2 encoding in base64."
      ),
    ])

  private static let comparing = Section(
    "Comparing and merging",
    [
      "compare takes the mean of each figure over the runs of a side, and gives the range in which the true change "
        + "lies with a confidence of 95 % (Welch's t interval, each run being one observation).  Where the range "
        + "holds 0, no difference is shown; where it does not, the change is better or worse.  With one run a side "
        + "there is no such range: make three or more of each, in turn, on the same machines.  Settings and "
        + "circumstances that differ are listed.",
      "merge adds counts and histograms exactly; percentiles are those of all messages together.  Seconds are added "
        + "by the time of day, and of their percentiles the highest of the parts stays, which is an upper bound.  The "
        + "parts must have been measured at the same time.  Of the broker's processor time, which every part saw, the "
        + "highest figure stays.",
    ])
}
