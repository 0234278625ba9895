import LoadTest

extension Settings {
  /// What a report says about what was asked for, so that it can be asked for again; no secrets.
  func benchFacts(_ layout: BenchLayout, _ plan: LoadPlan) -> [Fact] {
    var facts = [
      Fact(
        "servers", connection.servers.map { "\(connection.at($0).endpoint)" }.joined(separator: ",")
      ),
      Fact("protocol_version", "\(connection.version)"), Fact("qos", Int64(qos.rawValue)),
      Fact("tls", connection.usesTLS ? "yes" : "no"),
      Fact("websocket", connection.webSocket.isAsked ? "yes" : "no"),
    ]
    switch plan.mode {
    case .conn, .pub, .sub: facts.append(Fact("clients", Int64(layout.crowd)))
    case .pubsub, .rr:
      facts.append(Fact("publishers", Int64(layout.crowd)))
      facts.append(Fact("subscribers", Int64(layout.audience)))
    }
    if plan.mode != .conn { addLoad(plan, to: &facts) }
    let asked = benching
    if let seconds = asked.duration { facts.append(Fact("duration_s", seconds)) }
    if asked.warmUp > 0 { facts.append(Fact("warmup_s", asked.warmUp)) }
    if asked.ramp > 0 { facts.append(Fact("ramp_s", asked.ramp)) }
    if layout.scenario != nil {
      let text = plan.phases.map { phase in
        "\(phase.name) \(Double(phase.duration) / 1e9) clients \(phase.clients.first)..\(phase.clients.last) "
          + "rate \(phase.rate.first)..\(phase.rate.last)"
      }
      facts.append(Fact("scenario", text.joined(separator: "; ")))
    }
    if asked.shard.count > 1 {
      facts.append(Fact("shard", "\(asked.shard.number)/\(asked.shard.count)"))
    }
    facts.append(Fact("keep_alive_s", Int64(connection.keepAlive)))
    return facts
  }

  private func addLoad(_ plan: LoadPlan, to facts: inout [Fact]) {
    let asked = benching
    for (name, text) in [
      ("topic", asked.topic), ("filter", asked.filter), ("message", asked.message),
      ("payload_file", asked.payloadFile?.bytes),
    ] {
      if let text { facts.append(Fact(name, String(decoding: text, as: UTF8.self))) }
    }
    if asked.message == nil, asked.payloadFile == nil, plan.mode != .sub {
      facts.append(Fact("size", asked.sizesText ?? "64"))
    }
    if publishing.retain { facts.append(Fact("retain", "yes")) }
    if let rate = asked.rate { facts.append(Fact("rate", rate)) }
    if let rate = asked.clientRate { facts.append(Fact("client_rate", rate)) }
    if asked.isPoisson { facts.append(Fact("arrivals", "poisson")) }
    if plan.mode != .sub { facts.append(Fact("window", Int64(plan.window))) }
    if let count = asked.count { facts.append(Fact("count", count)) }
  }
}
