import LoadTest

extension Settings {
  /// What a report says about what was asked for; no secrets, and no paths of their files.
  func benchFacts(_ mode: LoadPlan.Mode) -> [Fact] {
    let asked = benching
    var facts = [
      Fact(
        "servers", connection.servers.map { "\(connection.at($0).endpoint)" }.joined(separator: ",")
      ),
      Fact("protocol_version", "\(connection.version)"), Fact("qos", Int64(qos.rawValue)),
      Fact("tls", connection.usesTLS ? "yes" : "no"),
      Fact("websocket", connection.webSocket.isAsked ? "yes" : "no"),
    ]
    if let clients = asked.clients { facts.append(Fact("clients", Int64(clients))) }
    if let number = asked.publishers { facts.append(Fact("publishers", Int64(number))) }
    if let number = asked.subscribers { facts.append(Fact("subscribers", Int64(number))) }
    if let topic = asked.topic {
      facts.append(Fact("topic", String(decoding: topic, as: UTF8.self)))
    }
    if let filter = asked.filter {
      facts.append(Fact("filter", String(decoding: filter, as: UTF8.self)))
    }
    if let sizes = asked.sizesText { facts.append(Fact("size", sizes)) }
    if let rate = asked.rate { facts.append(Fact("rate", rate)) }
    if let rate = asked.clientRate { facts.append(Fact("client_rate", rate)) }
    if asked.isPoisson { facts.append(Fact("arrivals", "poisson")) }
    if let window = connection.window { facts.append(Fact("window", Int64(window))) }
    if let count = asked.count { facts.append(Fact("count", count)) }
    if let seconds = asked.duration { facts.append(Fact("duration_s", seconds)) }
    if asked.warmUp > 0 { facts.append(Fact("warmup_s", asked.warmUp)) }
    if asked.ramp > 0 { facts.append(Fact("ramp_s", asked.ramp)) }
    if asked.shard.count > 1 {
      facts.append(Fact("shard", "\(asked.shard.number)/\(asked.shard.count)"))
    }
    facts.append(Fact("keep_alive_s", Int64(connection.keepAlive)))
    return facts
  }
}
