// What is said about `apus sub` beside its options.

import OptionTable

extension Program {
  static var sub: CommandDescription {
    CommandDescription(
      "sub", summary: "Subscribe to topics and print messages.",
      synopsis: ["[OPTION...] -t FILTER...", "[OPTION...] -U FILTER..."],
      description: [
        "Prints the payload of each message and a newline until {count} messages came, {timeout} is "
          + "over, or SIGINT or SIGTERM ends it.",
        "A message is acknowledged only after it was written to standard output.",
      ],
      examples: [
        Example("apus sub -t 'home/+/temperature' -v", "prints messages with their topics"),
        Example("apus sub -t cmd/door -C 1 -W 30", "waits for one message, half a minute at most"),
        Example(
          "apus sub -t 'logs/#' -q 1 -c -i archive >>log",
          "collects what was published while it was away"),
        Example("apus sub -t 'home/#' -F '@H:@M:@S %t %p'", "puts the time in front"),
        Example("apus sub -t 'home/#' --json | jq .payload", "hands whole messages on as JSON"),
        Example(
          "apus sub -t 'home/#' --watch", "keeps the last message of each topic on the screen"),
        Example(
          "apus sub -t 'home/#' -v --idle-timeout 2",
          "prints until there was silence for two seconds"),
        Example(
          "apus sub -t cam/+ -q 1 --exec 'cat >\"cam-$(basename \"$MQTT_TOPIC\")\"'",
          "runs a command for each message, with the payload on its standard input"),
        Example(
          "apus sub -t 'home/#' --retained-only --remove-retained -W 2",
          "shows and removes retained messages"),
      ],
      exitStatuses: ExitStatus.table,
      environment: ConfigFiles.environment + ProxyVariables.table + ExecVariables.table,
      files: ConfigFiles.definitions(for: .sub),
      seeAlso: [
        "apus-auth(7)", "apus-config(5)", "apus-formats(7)", "apus-sealing(7)", "apus-key",
        "apus-pub",
        "mosquitto_sub",
      ])
  }
}
