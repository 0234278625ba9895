import OptionTable

/// The parts of apus-bench(1) that are no options.
enum BenchTexts {
  static let sections = [templates, messages, scenarios, honesty]

  private static let templates = Section(
    "Templates",
    [
      "Topics, payloads ({message}) and client identifiers ({id}) may have places to fill in.  They are checked "
        + "before anything is sent, their longest texts too.  In {filter} and client identifiers only %c may stand; "
        + "so it is with the topic of rr below MQTT 5."
    ],
    [
      Definition(
        "%c",
        "The number of the client, from 0: in topics and payloads that of the publisher among the "
          + "publishers, in filters that of the subscriber among the subscribers, in client identifiers "
          + "publishers come before subscribers."),
      Definition("%i", "The number of the message among those of its publisher, from 0."),
      Definition("%%", "A percent sign."),
      Definition(
        "{{rand A B}}", "A whole number by chance, from A to B; {{rand}} is one below 2^31."),
      Definition("{{hex N}}", "N hexadecimal digits by chance."),
      Definition("{{time}}", "Milliseconds since 1970."),
    ])

  private static let messages = Section(
    "Messages",
    [
      "A payload begins with a header of 24 bytes, except that pub leaves it out where {size} has no room for "
        + "it.  By it each subscriber knows for each publisher which messages are missing, and how long "
        + "the others took.  Its numbers have their highest byte first.",
      "A message is sent once the connection has taken all of it.  What was due before the end may still leave in the "
        + "second after it, or in a tenth of that if a signal ended the run; the rest is unsent.",
      "A message is lost when it has not come a second after the last one did, or was due and not sent.  It is reordered when a message with "
        + "a higher number came before it (RFC 4737); a duplicate is neither reordered nor timed.  It is corrupted "
        + "when the checksum, which is over the whole payload, is not right: it is not received then, and lost only "
        + "if the damage is in the header; each damaged copy counts.  Of a shared subscription's members one is to get each message.",
      "Latency counts from the moment at which a message was due, whatever kept it from being sent; 'service' "
        + "counts from when it was sent.  Without a rate both are the same.",
      "A message that the server's Maximum Packet Size does not let pass is not sent and counts as an error; the "
        + "others go on, and the exit status tells.",
      "In rr with MQTT 5 ({protocol-version} 5) a request has the header as its Correlation Data, and its Response "
        + "Topic is TOPIC/answer, with /N behind it for client N where TOPIC has no %c.  So any service that answers as "
        + "MQTT 5 says can be measured, whatever its answers are; {message} and {payload-file} give it payloads "
        + "without a header in front.  Below MQTT 5 only rr's own clients answer, or a service that sends payloads back "
        + "to TOPIC/answer as they are.",
    ],
    [
      Definition("bytes 0-7", "When the message was due, in nanoseconds since 1970."),
      Definition(
        "bytes 8-11",
        "Bit 31: it belongs to the warm-up.  The others: how many microseconds after it was due it was sent."
      ),
      Definition(
        "bytes 12-15",
        "12 bits by chance that tell this run from others, and the publisher's number."),
      Definition(
        "bytes 16-19",
        "The message's number among its publisher's, from 0, modulo 2^32; the warm-up has its own."),
      Definition(
        "bytes 20-23", "CRC-32C (RFC 3720) of the bytes from 24 on, followed by bytes 0 to 19."),
    ])

  private static let scenarios = Section(
    "Scenarios",
    [
      "Each line of a scenario is a phase, one after the other: its name, its seconds, and from where to where the "
        + "number of clients and the rate go in it.  What a phase does not name stays as it was at the end of the "
        + "one before.  The clients are the publishers, or those that the mode is named after; of pubsub's "
        + "subscribers and rr's answering clients all are there all the time.",
      "'warmup 10 clients 100 rate 50', 'climb 60 clients 100..1000 rate 50..5000', 'hold 300' and 'spike 10 rate "
        + "50000' in four lines begin with a hundred clients and end with a thousand that send ten times as much.",
    ])

  private static let honesty = Section(
    "How to benchmark a broker without fooling yourself",
    [
      "Give a rate.  Without one, clients send as fast as the broker lets them: that finds its throughput, and its "
        + "latency there is that of the queues which the load itself has filled.  A client that waits for an answer "
        + "before it sends again also sends less just when the broker is slow, so that the worst moments have the "
        + "fewest samples (coordinated omission).  With {rate} messages are due at their times all the same, and "
        + "a second's stall shows as what it is.",
      "Find the throughput first, then measure latency at a half and at three quarters of it.  Near the limit "
        + "latency is a matter of chance and of the run's length.",
      "Read percentiles, not means, and the highest ones with their number of samples in mind: p99.9 of a thousand "
        + "messages is one message.  Repeat the run; figures of a single one have no error.  'apus bench compare' tells "
        + "whether a difference is more than chance.",
      "Leave out the beginning: {warmup} lets caches, pools and TCP windows settle.  Measure for longer than the "
        + "broker's longest rhythm, such as saving its database.",
      "Watch who is the bottleneck.  The report says when this program's threads were busy all the time or late; then "
        + "the figures are its own, and {threads}, another machine or {shard} is needed.  Client and broker on one "
        + "machine take processor time from each other.  {broker-pid} shows what the broker used.",
      "Latency across hosts needs one clock: let pubsub's publishers and subscribers run in one process, or use rr, "
        + "which measures there and back by the same clock.",
      "Know what the broker does.  At QoS 0 it may drop messages when queues are full: look at 'lost'.  mosquitto "
        + "delays small packets by up to 40 ms (Nagle's algorithm) unless set_tcp_nodelay is on, drops what is above "
        + "max_queued_messages, and takes 20 messages at QoS 2 at once.",
      "Use payloads, topics, numbers of clients, TLS and subscriptions like those of the real system: a single topic "
        + "with one subscriber is the easiest thing a broker can do.",
    ])
}
