import Foundation
import TestSupport
import Testing

/// The EXAMPLES of the manual pages, each run as it stands there against a real broker.
@Suite("Examples of the manuals", .ownThread) struct ExamplesTests {
  /// How those end that neither end with 0 nor go on until they are ended (`timeout` says 124 then).
  private static let statuses: [(words: String, status: Int32)] = [
    // There is no terminal to ask at.
    ("-P -", 1),
    // The broker does not know the method.
    ("GS2-KRB5", 140),
  ]

  /// Programs and files that examples take for granted.
  private static let scenery = """
    set -u
    cd "$HOME"
    program() { { echo '#!/bin/bash'; cat; } >"bin/$1"; chmod +x "bin/$1"; }
    # Whatever the host's name, it is our broker; nothing takes long, and nothing lies outside.
    program apus <<'EOF'
    port=$PORT words=()
    case " $* " in *' --tls '*|*' --cafile '*) port=$TLS;; esac
    for word; do
      case $word in
      mqtts://broker.example) word=mqtts://localhost:$TLS ;;
      broker|broker.local|broker.example|other) word=localhost:$port ;;
      -W) word=-W; short=1 ;;
      30|2) [ -z "${short-}" ] || word=0.3; short= ;;
      /var/lib/*) word=${word#/var/} ;;
      10000) word=100 ;;
      esac
      words+=("$word")
    done
    exec "$APUS" "${words[@]}"
    EOF
    program fetch-token <<<'echo token'
    program vmstat <<<'seq 3'
    program ssh <<<'exit 0'
    mkdir -p scene/lib .config/apus/profiles .config/apus/templates
    printf '%s\\n' "-h localhost" "-p $PORT" >.config/apus/config
    echo '-q 1' >.config/apus/profiles/plant-a
    printf '%s\\n' '-t reading/{{room}}' '-m x' >.config/apus/templates/reading
    cd scene
    cp "$CA" ca.pem
    for spool in spool lib/meter; do apus pub --outbox $spool -t a -m x; done
    printf '#!/bin/sh\\nexec cat\\n' | tee kerberos >convert; chmod +x kerberos convert
    for name in plant audit; do
      apus key new --type x25519 $name.key; apus key public $name.key >$name.pub
    done
    apus key new --type ed25519 me.key; apus key public me.key >me.pub
    "$APUS" bench pub -h localhost -p $PORT --rate 100 --duration 0.1 --json part1.json >/dev/null
    for name in old1 old2 old3 new1 new2 new3; do cp part1.json $name.json; done
    for n in 2 3; do sed 's/"seconds_lost": [0-9.]*/"seconds_lost": 0.'$n/ part1.json >part$n.json; done
    seq 3 >numbers; echo line >app.log
    echo 'connect; pub -t a -m x' >smoke.apus

    """

  static let examples: [String] = {
    let pages = try? GeneratedFilesTests.pages.map {
      try String(
        contentsOf: GeneratedFilesTests.package.appendingPathComponent($0), encoding: .utf8)
    }
    let lines = (pages ?? []).flatMap { $0.split(separator: "\n") }
    let quoted = lines.filter { $0.hasPrefix(".Dl \"") }.map { $0.dropFirst(5).dropLast() }
    let plain = quoted.map { line in
      [("\\&", ""), ("\\-", "-"), ("\\(aq", "'"), ("\\(dq", "\""), ("\\(ti", "~")].reduce(
        String(line)
      ) { $0.replacing($1.0, with: $1.1) }
    }
    return plain.filter { $0.contains("apus ") }
  }()

  /// The broker, and the folder where all of them run.
  private struct Scene {
    let broker: Mosquitto
    let folder: TemporaryDirectory
    let variables: [String: String]

    init() throws {
      let certificates = try Certificates()
      try certificates.issue("server", "subjectAltName=DNS:localhost")
      let port = try freePort()
      broker = try Mosquitto(
        ["allow_anonymous true", "listener \(port) 127.0.0.1"] + certificates.listener("server"),
        logsPackets: false)
      folder = certificates.directory
      try FileManager.default.createDirectory(
        atPath: folder.file("bin"), withIntermediateDirectories: true)
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      variables = [
        "PATH": folder.file("bin") + ":" + path, "HOME": folder.path, "APUS": Program.apus,
        "XDG_CONFIG_HOME": folder.file(".config"), "PORT": String(broker.port),
        "TLS": String(port), "CA": folder.file("ca.pem"), "SSL_CERT_FILE": folder.file("ca.pem"),
      ]
      let program = try run(["bash", "-e", "-c", ExamplesTests.scenery])
      guard try program.wait() == .exited(0) else { throw TestFailure(program.errorText) }
    }

    func run(_ words: [String]) throws -> RunningProgram {
      try RunningProgram(words, environment: variables)
    }
  }

  private static let scene = Result { try Scene() }

  @Test("there are some") func some() { #expect(Self.examples.count > 40) }

  @Test(arguments: examples) func runs(_ example: String) throws {
    let scene = try Self.scene.get()
    // What ends by itself has the time for it.
    let status = Self.statuses.first { example.contains($0.words) }?.status
    // A copy of the scene for each; keys are made once.
    let program = try scene.run([
      "bash", "-c",
      """
      cd $(mktemp -d -p "$HOME") && cp -r ../scene/. . || exit
      [[ $1 != *'key new'* ]] || rm *.key
      exec timeout -s TERM -k 5 "$2" bash -c "$1"
      """, "bash", example, status == nil ? "0.7" : "15",
    ])
    let ending = try program.wait()
    // Where there is a limit of its own, that may come first.
    let limited: [Ending] = example.contains("-W") ? [.exited(27)] : []
    let wanted: [Ending] = status.map { [.exited($0)] } ?? [.exited(0), .exited(124)] + limited
    #expect(wanted.contains(ending), "\(program.errorText)")
  }
}
