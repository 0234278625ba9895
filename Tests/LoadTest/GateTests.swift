import LoadTest
import Testing

@Suite("Gates of --expect") struct GateTests {
  private static let pubsub = GateScope(
    mode: "pubsub", hasAcknowledgements: true, usesTLS: false, highestRate: 20_000, mostSent: 5000)

  /// A gate, and what is said of it after the run of `sampleResults`; nil when it holds.
  static let gates: [(String, String?)] = [
    ("p99<5s", nil),
    ("p99<50us", "p99<50us failed: it was "),
    ("p99.9 < 5 s", nil),
    ("p100<=850us", nil),
    ("max>850us", "max>850us failed: it was "),
    ("min>=49us", nil),
    ("mean<0.05ms", "mean<0.05ms failed: it was "),
    ("service.p50<100s", nil),
    ("ack.p50>=1min", "ack.p50>=1min failed: it was "),
    ("suback.max<1s", "suback.max<1s failed: nothing was measured"),
    ("connect.max<124us", nil),
    ("connect.max<123us", "connect.max<123us failed: it was 123 µs"),
    ("loss=0", "loss=0 failed: it was 1.00 %"),
    ("loss<1%", "loss<1% failed: it was 1.00 %"),
    ("loss<=1.0%", nil),
    ("loss<1.01%", nil),
    ("lost=10", nil),
    ("lost<10", "lost<10 failed: it was 10"),
    ("sent=1k", nil),
    ("sent=1.001k", "sent=1.001k failed: it was 1,000"),
    ("acked>=1000", nil),
    ("received==993", nil),
    ("duplicates<3", "duplicates<3 failed: it was 3"),
    ("reordered<=2", nil),
    ("corrupted=0", "corrupted=0 failed: it was 1"),
    ("errors<=3", nil),
    ("errors=0", "errors=0 failed: it was 3"),
    ("connections>=100", nil),
    ("rate>=198/s", nil),
    ("rate>0.199k/s", "rate>0.199k/s failed: it was 199 a second"),
    ("sent_rate>199.9", nil),
    ("acked_rate<200", "acked_rate<200 failed: it was 200 a second"),
    ("seconds_lost<200ms", "seconds_lost<200ms failed: it was 250 ms"),
    ("seconds_lost<=250 ms", nil),
  ]

  @Test(arguments: gates) func `holds, or says what was measured`(
    _ text: String, _ failure: String?
  ) throws {
    let failures = try Gates(text, scope: Self.pubsub).failures(in: sampleResults())
    #expect(failures.count == (failure == nil ? 0 : 1), "\(failures)")
    if let failure { #expect(failures.first?.hasPrefix(failure) == true, "\(failures)") }
  }

  @Test func `all that fail are named, in order`() throws {
    let gates = try Gates("loss=0, p99<5s ,errors=0", scope: Self.pubsub)
    #expect(
      gates.failures(in: sampleResults()) == [
        "loss=0 failed: it was 1.00 %", "errors=0 failed: it was 3",
      ])
  }

  @Test func `what was not sent lets no gates hold that do not speak of it`() throws {
    var results = sampleResults()
    results.messages.unsent = 1234
    #expect(
      try Gates("p99<5s", scope: Self.pubsub).failures(in: results) == [
        "1,234 messages were due and not sent; a gate about 'unsent' allows for that"
      ])
    #expect(try Gates("p99<5s,unsent<2k", scope: Self.pubsub).failures(in: results).isEmpty)
  }

  static let nonsense: [(String, String)] = [
    ("", "gate 1: a name such as p99, loss or rate is missing"),
    ("loss=0,", "gate 2: a name such as p99, loss or rate is missing"),
    (",loss=0", "gate 1: a name such as p99, loss or rate is missing"),
    ("<5ms", "gate 1, '<5ms': a name such as p99, loss or rate is missing"),
    ("p99", "gate 1, 'p99': one of < <= = >= > and a number have to follow 'p99'"),
    ("p99<", "gate 1, 'p99<': the number is missing"),
    ("p99<5", "gate 1, 'p99<5': a time has one of the units us, ms, s"),
    ("p99<5m", "gate 1, 'p99<5m': a time has one of the units us, ms, s"),
    ("p99<5%", "gate 1, 'p99<5%': a time has one of the units us, ms, s"),
    ("p99<ms", "gate 1, 'p99<ms': 'ms' is no number from 0 on"),
    ("p99<-5ms", "gate 1, 'p99<-5ms': '-5ms' is no number from 0 on"),
    ("p99<1e3ms", "gate 1, 'p99<1e3ms': a time has one of the units us, ms, s"),
    ("p99<1.ms", "gate 1, 'p99<1.ms': '1.ms' is no number from 0 on"),
    ("p99<1.2.3ms", "gate 1, 'p99<1.2.3ms': '1.2.3ms' is no number from 0 on"),
    ("p99<<5ms", "gate 1, 'p99<<5ms': '<5ms' is no number from 0 on"),
    ("p99=>5ms", "gate 1, 'p99=>5ms': '>5ms' is no number from 0 on"),
    ("p99=5ms", "gate 1, 'p99=5ms': no time is met exactly: use < or >"),
    ("p99>0ms", "gate 1, 'p99>0ms': no latency is 0: use a time above"),
    ("p101<5ms", "gate 1, 'p101<5ms': 'p101' is no percentile: p50, p99.9, p100"),
    ("p0<5ms", "gate 1, 'p0<5ms': 'p0' is no percentile: p50, p99.9, p100"),
    ("p<5ms", "gate 1, 'p<5ms': 'p' is no percentile: p50, p99.9, p100"),
    ("p9x<5ms", "gate 1, 'p9x<5ms': 'p9x' is no percentile: p50, p99.9, p100"),
    ("tls.p99<5ms", "gate 1, 'tls.p99<5ms': 'bench pubsub' does not measure 'tls' with these"),
    ("latency<5ms", "gate 1, 'latency<5ms': 'latency' is none of min, mean, max, p50, "),
    ("ping.p99<5ms", "gate 1, 'ping.p99<5ms': 'ping.p99' is no percentile"),
    ("foo_rate>5", "gate 1, 'foo_rate>5': 'foo_rate' is none of min, "),
    ("loss<1", "gate 1, 'loss<1': a share has the unit %: loss<0.1%"),
    ("loss<5ms", "gate 1, 'loss<5ms': a share has the unit %: loss<0.1%"),
    ("loss<0%", "gate 1, 'loss<0%': nothing is below 0"),
    ("loss<=100%", "gate 1, 'loss<=100%': a share lies between 0 and 100%"),
    ("loss>100%", "gate 1, 'loss>100%': a share lies between 0 and 100%"),
    ("loss<101%", "gate 1, 'loss<101%': a share lies between 0 and 100%"),
    ("loss>=0%", "gate 1, 'loss>=0%': it holds for every run"),
    ("lost<0", "gate 1, 'lost<0': nothing is below 0"),
    ("lost>=0", "gate 1, 'lost>=0': it holds for every run"),
    ("lost<1.5", "gate 1, 'lost<1.5': '1.5' is no whole number"),
    ("lost<5ms", "gate 1, 'lost<5ms': the unit 'ms' is not among k and M"),
    ("rate>=0", "gate 1, 'rate>=0': it holds for every run"),
    ("rate=200", "gate 1, 'rate=200': no rate is met exactly: use < or >"),
    ("sent_rate>=20001", "gate 1, 'sent_rate>=20001': this run makes 20,000 a second at most"),
    ("acked_rate>20k/s", "gate 1, 'acked_rate>20k/s': this run makes 20,000 a second at most"),
    ("sent_rate<=20k", "gate 1, 'sent_rate<=20k': this run makes 20,000 a second at most"),
    ("sent_rate<20001", "gate 1, 'sent_rate<20001': this run makes 20,000 a second at most"),
    ("rate>=inf", "gate 1, 'rate>=inf': 'inf' is no number from 0 on"),
    ("rate>=1001M", "gate 1, 'rate>=1001M': no run makes 1,000M a second"),
    ("rate<1001M", "gate 1, 'rate<1001M': no run makes 1,000M a second"),
    ("sent>5k", "gate 1, 'sent>5k': this run sends 5,000 at most"),
    ("acked=5001", "gate 1, 'acked=5001': this run sends 5,000 at most"),
    ("sent<=5000", "gate 1, 'sent<=5000': this run sends 5,000 at most"),
    ("lost<999999999999999k", "gate 1, 'lost<999999999999999k': no run counts so far"),
    ("loss<0", "gate 1, 'loss<0': nothing is below 0"),
    ("p99<0us", "gate 1, 'p99<0us': no latency is 0: use a time above"),
    ("p99<1ns", "gate 1, 'p99<1ns': no latency is below 1 ns"),
    ("p99<=0.0001us", "gate 1, 'p99<=0.0001us': no latency is below 1 ns"),
    ("min>0.5ns", "gate 1, 'min>0.5ns': no latency is below 1 ns"),
    ("p99<1000000min", "gate 1, 'p99<1000000min': no run is longer than a year"),
    ("rate>5ms", "gate 1, 'rate>5ms': the unit 'ms' is not among k, M and /s"),
    ("rate>9999999999999999", "gate 1, 'rate>9999999999999999': '9999999999999999' is no number"),
    ("p99<5ms,p99>10ms", "'p99<5ms' and 'p99>10ms' cannot both hold"),
    ("lost=1,lost=2", "'lost=1' and 'lost=2' cannot both hold"),
    ("rate<100,loss=0,rate>=100", "'rate<100' and 'rate>=100' cannot both hold"),
    ("p99>5ms,p99<5ms", "'p99>5ms' and 'p99<5ms' cannot both hold"),
    ("lost>1,lost<2", "'lost>1' and 'lost<2' cannot both hold"),
    ("p50>10ms,p99<5ms", "'p50>10ms' and 'p99<5ms' cannot both hold"),
    ("max<=5ms,p99>5ms", "'max<=5ms' and 'p99>5ms' cannot both hold"),
    ("mean<1ms,min>=1ms", "'mean<1ms' and 'min>=1ms' cannot both hold"),
    ("lost=0,loss>0", "'lost=0' and 'loss>0' cannot both hold"),
    ("loss<=0,lost>=1", "'loss<=0' and 'lost>=1' cannot both hold"),
    ("acked>=10,sent<10", "'acked>=10' and 'sent<10' cannot both hold"),
  ]

  @Test(arguments: nonsense) func `without sense is refused, with its place`(
    _ text: String, _ words: String
  ) {
    let fault = #expect(throws: GateFault.self) { try Gates(text, scope: Self.pubsub) }
    #expect(fault?.description.hasPrefix(words) == true, "\(fault?.description ?? "")")
  }

  @Test(arguments: [
    "p99>5ms,p99<10ms", "lost>=3,lost<=3", "p50<5ms,p99>10ms", "loss=0,lost=0", "lost>1,lost<3",
    "p50>=5ms,p99<=5ms", "p50>10ms,ack.p99<5ms", "mean>10ms,p99<5ms", "sent<10,acked<=10",
  ])
  func `bounds from both sides go together`(_ text: String) throws {
    #expect(try Gates(text, scope: Self.pubsub).gates.count == 2)
  }

  /// A mode, whether it has acknowledgements, a gate, and what is said of it.
  static let scopes: [(String, Bool, String, String?)] = [
    ("pub", false, "p99<5ms", "'bench pub' at QoS 0 has no latency: nothing comes back"),
    ("pub", true, "p99<5ms", nil),
    ("pub", true, "received>=5", "'bench pub' does not measure 'received' with these options"),
    ("pub", true, "loss=0", "'bench pub' does not measure 'loss' with these options"),
    ("pub", false, "acked>=5", "'bench pub' does not measure 'acked' with these options"),
    ("pub", false, "rate>=5", nil),
    ("conn", true, "p99<5ms", nil),
    ("conn", true, "rate>=100", nil),
    ("conn", true, "sent>=100", "'bench conn' does not measure 'sent' with these options"),
    (
      "conn", true, "delivery.p99<1s", "'bench conn' does not measure 'delivery' with these options"
    ),
    ("sub", false, "received_rate>=100", nil),
    ("sub", false, "sent_rate>=100", "'bench sub' does not measure 'sent_rate' with these options"),
    ("rr", false, "delivery.p99<1s,loss=0", nil),
    ("pub", true, "service.p99<1s", nil),
    ("sub", false, "corrupted=0", "'bench sub' does not measure 'corrupted' with these options"),
    ("sub", false, "lost=0", nil),
  ]

  @Test func `who only answers in rr measures connections`() throws {
    let scope = GateScope(
      mode: "rr", hasAcknowledgements: true, usesTLS: false, onlyAnswers: true)
    #expect(try Gates("suback.p99<1s,errors=0,connections>=2", scope: scope).gates.count == 3)
    for text in ["p99<1s", "loss=0", "rate>5", "sent=1", "ack.p50<1s", "service.p50<1s"] {
      #expect(throws: GateFault.self, "\(text)") { try Gates(text, scope: scope) }
    }
  }

  @Test func `where envelopes are opened, damage shows`() throws {
    let scope = GateScope(
      mode: "sub", hasAcknowledgements: false, usesTLS: false, opensEnvelopes: true)
    #expect(try Gates("corrupted=0", scope: scope).gates.count == 1)
  }

  @Test(arguments: scopes) func `about what is not measured is refused`(
    _ mode: String, _ isAcknowledged: Bool, _ text: String, _ words: String?
  ) {
    let scope = GateScope(mode: mode, hasAcknowledgements: isAcknowledged, usesTLS: false)
    var problem: String?
    do throws(GateFault) { _ = try Gates(text, scope: scope) } catch { problem = error.description }
    #expect(problem == words.map { "gate 1, '\(text)': \($0)" })
  }
}
