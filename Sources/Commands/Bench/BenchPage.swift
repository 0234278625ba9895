// What is said about `apus bench` beside its options.

import OptionTable

extension Program {
  static var bench: CommandDescription {
    CommandDescription(
      "bench", summary: "Put a load on a broker and measure what becomes of it.",
      operands: .actions(
        heading: "Modes",
        [
          Action("conn", "Make connections and hold them.", synopsis: "[OPTION...] --clients N"),
          Action("pub", "Publish, and time acknowledgements.", synopsis: "[OPTION...]"),
          Action("sub", "Subscribe, and count what comes.", synopsis: "[OPTION...]"),
          Action("pubsub", "Publish and subscribe, and time messages.", synopsis: "[OPTION...]"),
          Action("rr", "Ask and answer, and time round trips.", synopsis: "[OPTION...]"),
          Action(
            "compare", "Show what differs between reports.",
            synopsis: "[--html FILE] A.json B.json", "[--html FILE] A.json... -- B.json...",
            files: .several),
          Action(
            "merge", "Make one report of those of the parts of a run.",
            synopsis: "[--json FILE] [--csv FILE] [--hdr FILE] [--html FILE] PART.json...",
            files: .several),
        ]),
      description: [
        "Connects clients, has them publish and subscribe, and prints how many messages a second there "
          + "were, how long they took, and how many were lost, doubled, overtaken or damaged.",
        "conn makes connections, as fast as the broker takes them or evenly within {ramp}, and holds them.  "
          + "pub publishes; its latency is that of the acknowledgements, so at QoS 0 there is none.  "
          + "sub subscribes and counts what others publish, another 'apus bench pub' perhaps.  pubsub does both "
          + "and knows what became of each message.  rr has clients publish requests and others send them "
          + "back to the topic TOPIC/answer, or with MQTT 5 to the request's Response Topic: what it measures is "
          + "the whole way there and back.",
        "With several servers in {host} the clients are spread over them.  All connections, but for those of "
          + "a ramp, stand before the first message is due.  Connections that are lost are made again "
          + "unless {on-loss} says otherwise; the report tells how many seconds were lost.",
        "compare shows what differs between two reports of {json}, or between several runs a side, and whether it is "
          + "more than chance.  merge makes one report of those of the parts of a run ({shard}).",
        "What comes in while stragglers are waited for (at least a second, at most a minute) counts, but not as "
          + "throughput: that is of the measured time.  Without {expect} the exit status is not 0 when a client "
          + "failed for good, when the server refused a message, or when messages were not acknowledged, or due and "
          + "not sent.",
        "SIGINT and SIGTERM end the run, after which nothing more is sent, with the report of what was measured until "
          + "then.",
      ],
      sections: BenchTexts.sections + ReportTexts.sections,
      examples: [
        Example(
          "apus bench pubsub -h broker -q 1 --rate 1000 --duration 60 --warmup 5",
          "sends a thousand messages a second from one client to another and shows what they took"),
        Example(
          "apus bench pubsub --publishers 100 --subscribers 10 --filter '$share/g/bench/+' --client-rate 5",
          "has a hundred devices send to ten workers that share the messages out among them"),
        Example(
          "apus bench pub --clients 4 --size 64-1024 -q 1 -M 100",
          "publishes as fast as the broker acknowledges, a hundred messages ahead of it"),
        Example(
          "apus bench conn --clients 10000 --ramp 60 --duration 600",
          "makes ten thousand connections in a minute and holds them for ten"),
        Example(
          "apus bench rr --publishers 20 --subscribers 0 -h broker --rate 100",
          "asks from this host; 'apus bench rr --publishers 0' on another one answers"),
        Example(
          "apus bench rr -V 5 --subscribers 0 -t service/time -m UTC --rate 50 --duration 30",
          "measures a service that answers on the Response Topic, such as 'apus rr --serve'"),
        Example(
          "for i in 1 2 3; do ssh load$i apus bench pub --clients 30000 --shard $i/3 --start-at $(($(date "
            + "+%s) + 30)) --json - >part$i.json & done; wait",
          "runs a part of one load on each of three hosts, from the same second on"),
        Example(
          "apus bench merge part*.json --html whole.html",
          "makes one report of the three, and a page"),
        Example(
          "apus bench pubsub -q 1 --rate 5000 --expect 'p99<5ms,loss=0' || echo 'too slow'",
          "fails a build when the broker is too slow"),
        Example(
          "apus bench compare old1.json old2.json old3.json -- new1.json new2.json new3.json",
          "tells whether the new broker is faster, and how sure that is"),
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: .bench),
      seeAlso: ["apus-auth(7)", "apus-config(5)", "apus-pub", "apus-rr", "apus-sub"])
  }
}
