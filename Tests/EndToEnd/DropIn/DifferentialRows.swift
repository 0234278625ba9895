// The command lines that Debian's clients and the links are given.

extension DifferentialRow {
  static let all: [DifferentialRow] = {
    let lists: [[String]] = [
      alone, unknown, complaints, properties, published, subscribed, requested,
    ]
    return lists.joined().map { DifferentialRow(ToolLine($0)) } + fed
  }()

  /// The head with each of the words.
  private static func each(_ head: String, _ words: String, _ tail: String = "") -> [String] {
    words.split(separator: " ").map { "\(head) \($0)\(tail)" }
  }

  /// The head with each of the endings, which `;` separates.
  private static func with(_ head: String, _ endings: String) -> [String] {
    endings.split(separator: ";").map { head + " " + $0.trimmingPrefix(" ") }
  }

  /// Options without their values.
  private static let alone: [String] = [
    each("pub", "-A -f -h -i -I -k -L -M -m -p -P --proxy -q -t -u --unix -V -x -D --property"),
    each("pub", "--will-payload --will-qos --will-topic --cafile --cert --key --capath --ciphers"),
    each("pub", "--keyform --tls-alpn --tls-engine --tls-engine-kpass-sha1 --tls-version --psk"),
    each(
      "pub", "--psk-identity --repeat --repeat-delay --host --port --id --id-prefix --keepalive"),
    each("pub", "--url --message --file --topic --username --pw --qos --protocol-version"),
    each("sub", "-C -F -T -U -W --random-filter -t -q --unsubscribe --filter-out"),
    each("rr", "-e -F -W -t -m -f"),
  ].flatMap { $0 }

  private static let unknown: [String] = [
    each("pub", "-C -e -E -F --latency --message-rate -N --pretty -R --random-filter", " 1"),
    each("pub", "--remove-retained --retain-as-published --retain-handling --retained-only", " 1"),
    each("pub", "-T -U -v -W -w -z x --foo -vt --host=x -- - --insecurex -O", " 1"),
    each("sub -t a", "-f -l -m -n -r -s --latency --repeat --repeat-delay -e", " 1"),
    each("rr -t a -e b -m x", "-l -r --message-rate --repeat --repeat-delay -C -U -E", " 1"),
    ["pub", "pub -t a", "pub -m a", "sub", "rr", "rr -t a -m b", "rr -t a -e b", "rr -e b -m c"],
  ].flatMap { $0 }

  private static let complaints: [String] = [
    each("pub -t a -m b -k", "0 4 5 65535 65536 -1 abc 60x"),
    each("pub -t a -m b -M", "0 1 -1 abc 20"),
    each("pub -t a -m b -q", "-1 3 0 1 2 abc 1x"),
    each("pub -t a -m b -p", "-1 65536 abc"),
    each("pub -t a -m b -V", "mqttv5 mqttv311 mqttv31 5 311 31 4 mqtt"),
    each("pub -t a -m b -x", "0 -2 4294967295 4294967296 0x10 010 1x abc"),
    each("pub -m b -t", "a/+ # a/#/b <ff> a<09>b a<7f>b $SYS/a /"),
    each("sub -t", "a/#b a+ #a a/#/b +a/b <ff>"),
    each("sub -t a -T", "a/#b a+ #a a/#/b +a/b <ff>"),
    each("sub -t a -U", "a/#b a+ #a a/#/b +a/b <ff>"),
    each("rr -t a -m b -e", "# b/+ <ff>"),
    each("sub -t a -C", "0 -1 x"), each("sub -t a -W", "0 -1 x"),
    each("sub -t a -F", "% %0 %- %1 %. %.1 @ %Z %.2Zx \\ \\q %%% %5 %-5 a%"),
    each("sub -t a --random-filter", "0 0.05 x -1"),
    with("pub -t a", "-m a -m b; -m a -n; -n -m a; -f /etc/hostname -m a; -l -n; -s -f x; -n -n"),
    with("pub -t a", "-f missing; -s; -f /dev/null; -f /; -f /etc/hostname"),
    with("pub", "-i a -I b -t a -m b; -I a -i b; -i '' -t a -m b; -I pre -t a -m b"),
    with("pub -t a -m b", "-c; -c -I x; -c -V 5; -c -i zz; -c -x 5 -V 311; -u x; -u <ff>; -P x"),
    with("pub -t a -m b", "-P x -V 5; -u x -P y; --will-payload x; --will-retain; --will-qos 1"),
    with("pub -t a -m b", "--will-qos 3; --will-qos x; --will-topic a/+; --will-topic <ff>"),
    with("pub -t a -m b", "--will-topic w --will-payload x --will-qos 2 --will-retain"),
    with("pub -t a -m b", "--cert x; --key x; --cert x --key y; --keyform pem; --psk 00"),
    with("pub -t a -m b", "--keyform pem --key x --cert y; --tls-engine-kpass-sha1 x"),
    with("pub -t a -m b", "--psk 00 --psk-identity x --cafile y; --psk-identity x; --nodelay"),
    with("pub -t a -m b", "--insecure; --tls-version tlsv1.2; --ciphers x; --tls-alpn x; -S"),
    with("pub -t a -m b", "--capath /nosuch; --capath /"),
    with("pub -t a -m b", "--proxy http://x; --cafile missing; --tls-version foo"),
    with("pub", "-L foo -m b; -L ftp://localhost/a -m b; -L mqtt://localhost -m b"),
    with("pub -m b -L", "mqtt://localhost:PORT/a; MQTT://localhost:PORT/a; mqtt://localhost:abc/a"),
    with("pub -m b -L", "mqtt://u:p@localhost:PORT/a/b; mqtt://localhost:99999/a; mqtt:///a"),
    with("pub -m b -L", "mqtt://localhost/a/#; mqtt://localhost:1/a -p PORT; mqtt://localhost:1/a"),
    with("pub -t a -m b", "-h nosuch.invalid; -p 1; --unix /nosuch; -A 1.2.3.4; -A foo; -p 0"),
    with("pub -t a -m b", "-h 127.0.0.1; -A 127.0.0.1; --quiet -p 1; --quiet -k 1"),
    [
      "sub -p 1 -t a", "sub -h nosuch.invalid -t a", "rr -p 1 -t a -e b -m c",
      "sub --quiet -p 1 -t a",
    ],
    ["sub -R --retained-only -t a", "rr -t # -e b -m c", "rr -t a -e b -m c -W 0"],
  ].flatMap { $0 }

  private static let endings: [String] = [
    "connect topic-alias 1; connect will-delay-interval 1; subscribe topic-alias 1",
    "publish subscription-identifier 1; auth authentication-method x; puback reason-string x",
    "pubrec user-property a b; auth user-property a b; pingreq user-property a b",
    "publish colour red; publish topic-alias 70000; publish topic-alias -1",
    "publish payload-format-indicator 256; publish payload-format-indicator 2",
    "publish message-expiry-interval -1; publish message-expiry-interval 4294967296",
    "connect receive-maximum 65536; connect maximum-packet-size 4294967296",
    "connect receive-maximum 0; connect maximum-packet-size 0; publish topic-alias 0",
    "connect request-problem-information 2; connect request-problem-information 256",
    "unsubscribe subscription-identifier 1; disconnect topic-alias 1; will topic-alias 1",
    "CONNECT Session-Expiry-Interval 5; publish user-property a; publish user-property a b",
    "publish content-type x; publish correlation-data x; publish response-topic x",
    "publish message-expiry-interval 5; publish topic-alias 1",
    "publish payload-format-indicator 1; connect user-property a b; will content-type x",
    "connect topic-alias-maximum 5; connect session-expiry-interval 5; will correlation-data x",
    "disconnect session-expiry-interval 5; disconnect user-property a b; publish content-type",
    "publish; connect request-response-information 1",
    "publish content-type a -D publish content-type b; publish content-type <ff>",
    "publish user-property a b -D publish user-property a b",
    "will user-property a b --will-topic w -V 311; will user-property a b -V 311",
    "connect session-expiry-interval 10 -x 5; connect session-expiry-interval 10 -x 0",
    "connect session-expiry-interval 10 -c -i x; connect session-expiry-interval 10 -c -i x -x 0",
    "connect user-property a b -V 311; publish user-property a b -V 311",
  ]

  private static let properties: [String] =
    endings.flatMap { with("pub -t a -m b -D", $0) } + ["pub -t '' -m b -D publish topic-alias 1"]

  private static let published: [String] = [
    with(
      "pub -t a -m b", "--repeat 0; --repeat 3; --repeat x; --repeat-delay -1; --repeat-delay x"),
    with("pub -t a -m b", "--repeat 2 --repeat-delay 0.1; --repeat 2 -q 2; -r; -r -V 5 -q 2"),
    with("pub -t a -m b", "-q 2 -V 5; -q 1 -V 31; -q 2 -V 31; -q 1 -V 5 --repeat 30; -d"),
    with("pub -d -t a", "-q 1 -i d1 -m b; -q 2 -i d2 -m b -V 5; -q 2 -i d3 -m b; -i d4 -n -r"),
    with("pub -d -t a", "-i d5 -m x --repeat 2; -i d6 -m x -q 1 --repeat 3 -V 5"),
  ].flatMap { $0 }

  private static let subscribed: [String] = [
    with("sub -E", "-t s1; -t s1 -U b; -t s1 -V 5 -D subscribe subscription-identifier 5"),
    with("sub -E", "-t s1 -q 2 -c -i zzz; -t s1 -R -V 5; -t s1 -x 10 -i aa; -t s1/# -t + -q 1"),
    with("sub -E -d", "-i e1 -t s1 -t b -q 1; -i e2 -t s1 -V 5 -R --retain-as-published"),
    with("sub", "-W 1 -t s2; --quiet -W 1 -t s2; -W 1 -V 5 -t s2; -d -i w1 -W 1 -t s2 -q 2"),
  ].flatMap { $0 }

  private static let requested: [String] = [
    with("rr -W 1", "-t a -e b0 -m c; -V 311 -t a -e b0 -m c; -t a -e b0 -m c -V 31 -i rr31"),
    with("rr -t r1 -e r1", "-m c; -m c -q 2; -n; -n -v; -m c -F %t:%p:%R; -m c -N; -m c -v -q 1"),
    // Each with a topic of its own: lines run at the same time, and would hear one another.
    with("rr -V 311 -t r2a -e r2a", "-m c -v"), with("rr -V 311 -t r2b -e r2b", "-m c"),
    with("rr -V 311 -t r2c -e r2c", "-n"), with("rr -V 311 -t r2 -e r2", "-f /etc/hostname"),
    ["rr -t a -e b -m c -D publish response-topic x", "rr -d -i rr1 -t r3 -e r3 -m c"],
  ].flatMap { $0 }

  /// Those that read standard input.
  private static let fed: [DifferentialRow] = [
    DifferentialRow("pub -t a -s -q 0", input: "hello"),
    DifferentialRow("pub -t a -s -q 1", input: ""),
    DifferentialRow("pub -t a -l", input: "a\nb\n\nc"),
    DifferentialRow("pub -t a -l -q 1", input: "a\nb\n\nc\n"),
    DifferentialRow("pub -t a -l -q 2 -V 5", input: "a\n"),
    DifferentialRow("pub -t a -l -V 31", input: ""),
    DifferentialRow("rr -t r4 -e r4 -s", input: "request\n"),
  ]
}
