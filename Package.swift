// swift-tools-version: 6.2
import PackageDescription

// How the program is linked (`make LINK=…`): "static" holds everything, "libc" leaves only the C
// library dynamic, "dynamic" is a distribution's way.  Tests and plain `swift build` are dynamic.
let link = Context.environment["APUS_LINK"] ?? "dynamic"

// OpenSSL inside the program loads no engines.
let openSSL: [SwiftSetting] = link == "dynamic" ? [] : [.define("STATIC_OPENSSL")]
// Who builds for debugging is developing.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error, .when(configuration: .debug))]
// What is searched with regular expressions' means brings all of them along: a megabyte.
let lean: [SwiftSetting] = [
  .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])
]
let settings = openSSL + strict + lean

let linking: [LinkerSetting] =
  switch link {
  case "static":
    // See CStartUp.
    [
      .unsafeFlags(
        ["-static-executable"]
          + [
            "OPENSSL_cpuid_setup", "openssl_add_all_ciphers_int", "ossl_err_load_crypto_strings",
          ].flatMap { ["-Xlinker", "--wrap=\($0)"] })
    ]
  default: []
  }

// The arrows of Sources/README.md: a module sees what its `uses` names and nothing else.
func module(_ name: String, uses: [String] = []) -> Target {
  .target(
    name: name, dependencies: uses.map { .byName(name: $0) }, swiftSettings: settings)
}

func suite(_ name: String, uses: [String], besides: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: uses.map { .byName(name: $0) }, path: "Tests/\(name)",
    exclude: besides, swiftSettings: openSSL + strict)
}

let package = Package(
  name: "apus",
  products: [.executable(name: "apus", targets: ["apus"])],
  dependencies: [
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0")
  ],
  targets: [
    module("MQTTProtocol"),
    module("MQTTSession", uses: ["MQTTProtocol"]),
    .target(name: "CStartUp"),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CResolver"),
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CEditLine"),
    module("StreamProtocols"),
    module("SASL", uses: ["COpenSSL"]),
    module("Transport", uses: ["StreamProtocols", "CStartUp", "CLinux", "CResolver", "COpenSSL"]),
    module("MQTTClient", uses: ["MQTTSession", "Transport"]),
    module("Outbox", uses: ["MQTTProtocol", "CSQLite"]),
    module("Rendering", uses: ["MQTTProtocol"]),
    module("Sealing", uses: ["COpenSSL"]),
    module("LineEditing", uses: ["Transport", "Rendering", "CEditLine"]),
    module("OptionTable"),
    .target(
      name: "LoadTest",
      dependencies: [
        "MQTTSession", "Transport", "Rendering",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ], swiftSettings: settings),
    module(
      "Commands",
      uses: [
        "MQTTClient", "StreamProtocols", "SASL", "Rendering", "Sealing", "Outbox", "LineEditing",
        "OptionTable", "LoadTest",
      ]),
    .executableTarget(
      name: "apus", dependencies: ["Commands"], exclude: ["startup.order", "no-unwinding.ld"],
      swiftSettings: settings, linkerSettings: linking),

    .target(
      name: "TestSupport", dependencies: ["MQTTProtocol", "StreamProtocols"], path: "Tests/Support",
      swiftSettings: strict),
    suite("MQTTProtocol", uses: ["MQTTProtocol", "TestSupport"]),
    suite("MQTTSession", uses: ["MQTTSession", "TestSupport"]),
    suite("StreamProtocols", uses: ["StreamProtocols", "TestSupport"]),
    suite("SASL", uses: ["SASL", "TestSupport"]),
    suite("Transport", uses: ["Transport", "TestSupport"]),
    suite("MQTTClient", uses: ["MQTTClient", "TestSupport"]),
    suite("Outbox", uses: ["Outbox", "TestSupport"]),
    suite("Rendering", uses: ["Rendering", "TestSupport"]),
    suite("Sealing", uses: ["Sealing", "TestSupport"]),
    .executableTarget(
      name: "LineEditorDriver", dependencies: ["LineEditing", "Transport"],
      path: "Tests/LineEditorDriver", swiftSettings: strict),
    suite("LineEditing", uses: ["LineEditing", "LineEditorDriver", "TestSupport"]),
    suite("OptionTable", uses: ["OptionTable", "TestSupport"]),
    suite("LoadTest", uses: ["LoadTest", "Transport", "TestSupport"]),
    suite("Interop", uses: ["TestSupport"]),
    suite("EndToEnd", uses: ["TestSupport", "Commands"], besides: ["Cases", "Torture"]),
  ],
  swiftLanguageModes: [.v6]
)
