// What is said about `apus rr` beside its options.

import OptionTable

extension Program {
  static var rr: CommandDescription {
    CommandDescription(
      "rr", summary: "Send requests and print the responses, or answer requests.",
      synopsis: [
        "[OPTION...] -t TOPIC [-e TOPIC] (-m PAYLOAD | -f FILE | -l | -0 | -n | -s)",
        "--serve [OPTION...] -t FILTER... --exec COMMAND",
      ],
      description: [
        "Subscribes to the response topic, publishes a request that names it, prints the response and "
          + "exits.  The request carries correlation data that nobody can guess, and only a response "
          + "that brings it back is taken; {any} takes the first message that comes.",
        "With {stdin-line} each line is a request.  Up to {max-inflight} wait for their responses at "
          + "once, and responses are printed in the order of the requests.  Below MQTT 5 there is no "
          + "correlation data: there requests are made one by one, the response topic is to be given by "
          + "{e}, and a response that comes after {timeout} is taken for the next one's.",
        "A request that the broker refuses, that nobody subscribes to (MQTT 5 above QoS 0 tells), or "
          + "that has no response in time is reported by its number, and the others go on.",
        "With {stdin-line} a lost connection is made anew (see {on-loss}).  Requests above QoS 0 go on "
          + "where the server has kept the session ({disable-clean-session}); where it has not, those it "
          + "had not acknowledged are sent again and may arrive twice.  All others are reported: they "
          + "are not made a second time, since they may have been answered.",
        "With {serve} it is the other side: for each request COMMAND is run by /bin/sh with the payload "
          + "on its standard input, and what it prints, byte for byte, is published to the response "
          + "topic of the request, with its correlation data, at {qos}.  The text of a request is in "
          + "environment variables, never part of the command.  Standard error of COMMAND is that of "
          + "apus.  When COMMAND fails, that is reported and nothing is answered.  A command is over "
          + "when its process has ended; what it left running is not waited for.",
        "SIGINT or SIGTERM ends a server: it takes no more requests, and commands that run may go on for "
          + "ten seconds; then, or at a second signal, they get SIGTERM and a second later SIGKILL.  "
          + "Each runs in a process group of its own, which Ctrl-C does not reach.",
      ],
      examples: [
        Example("apus rr -t plant/a/status -m ''", "asks and prints the response"),
        Example(
          "apus rr -t sum -l --timeout 2 <numbers",
          "asks for each line and prints the responses in their order"),
        Example(
          "apus rr -t lamp/get -e lamp/state -V 311 -m ''", "asks a service that knows no MQTT 5"),
        Example(
          "apus rr --serve -t upper --exec 'tr a-z A-Z'",
          "answers with the payload in capital letters"),
        Example(
          "apus rr --serve -t '$share/workers/convert/+' -q 1 --jobs 4 --exec ./convert",
          "shares requests with other servers, four at a time"),
      ],
      exitStatuses: ExitStatus.table, environment: ProxyVariables.table + ExecVariables.table,
      seeAlso: [
        "apus-auth(7)", "apus-formats(7)", "apus-sealing(7)", "apus-key", "apus-pub", "apus-sub",
        "mosquitto_rr",
      ])
  }
}
