// The brokers that are tried, and how each is told what the scenarios want.

import Foundation
import TestSupport
import Testing

/// One broker that can be had as a package.
struct BrokerKind: Sendable, CustomTestStringConvertible {
  let title: String
  /// A file without which it is not there.
  let program: String
  /// Prints its version, among other words.
  let versionCommand: [String]
  /// Whom it runs as where we are root.
  let user: String?
  /// False for those that have no listener for it.
  var offersWebSocket = true
  /// Writes its files.
  let configure: @Sendable (BrokerSite) throws -> [BrokerCommand]

  var testDescription: String { title }

  static let all = [mosquitto, rabbitMQ, activeMQ, ejabberd, aMQTT]

  var isInstalled: Bool { FileManager.default.fileExists(atPath: program) }

  /// With its version.
  func fullTitle() throws -> String {
    let program = try RunningProgram(versionCommand)
    try program.wait()
    let version = program.outputText.prefix { $0.isNumber || $0 == "." }
    return "\(title) \(version)"
  }

  private static func debian(_ package: String) -> [String] {
    ["dpkg-query", "-W", "-f", "${Version}", package]
  }

  private static let libraries = "/usr/lib/x86_64-linux-gnu"

  // MARK: Mosquitto

  static let mosquitto = BrokerKind(
    title: "mosquitto", program: "/usr/sbin/mosquitto", versionCommand: debian("mosquitto"),
    user: nil
  ) { site in
    try Mosquitto.passwords(["it": "secret"], in: site.directory.file("passwords"))
    try site.write("user it\ntopic readwrite it/#\n", to: "acl")
    let text = """
      \(getuid() == 0 ? "user root" : "")
      allow_anonymous false
      password_file \(site.path)/passwords
      acl_file \(site.path)/acl
      listener \(site.ports.plain) 127.0.0.1
      listener \(site.ports.tls) 127.0.0.1
      certfile \(site.path)/cert.pem
      keyfile \(site.path)/key.pem
      listener \(site.ports.webSocket) 127.0.0.1
      protocol websockets

      """
    return [BrokerCommand(words: ["/usr/sbin/mosquitto", "-c", try site.write(text, to: "conf")])]
  }

  // MARK: RabbitMQ

  /// Everything that it would look for in the system is moved; Erlang's port mapper is one of our own,
  /// since the one that it would start stays behind.
  static let rabbitMQ = BrokerKind(
    title: "RabbitMQ", program: "/usr/lib/rabbitmq/bin/rabbitmq-server",
    versionCommand: debian("rabbitmq-server"), user: "rabbitmq"
  ) { site in
    try site.makeFolders("mnesia", "log")
    let plugins = try site.write("[rabbitmq_mqtt,rabbitmq_web_mqtt].\n", to: "plugins")
    // A salt of four bytes, and SHA-256 of salt and password.
    let hash = "YWJjZHZmxzrnuKQd5ksBKGB/TcpYa47NAbF5NcVavkTS8mgi"
    let definitions = try site.write(
      """
      {"users": [{"name": "it", "password_hash": "\(hash)",
        "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}],
       "vhosts": [{"name": "/"}],
       "permissions": [{"user": "it", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}],
       "topic_permissions": [{"user": "it", "vhost": "/", "exchange": "amq.topic",
         "write": "^it[.].*", "read": "^it[.].*"}]}
      """, to: "definitions.json")
    let configuration = try site.write(
      """
      listeners.tcp = none
      mqtt.listeners.tcp.1 = 127.0.0.1:\(site.ports.plain)
      mqtt.listeners.ssl.1 = 127.0.0.1:\(site.ports.tls)
      mqtt.allow_anonymous = false
      ssl_options.certfile = \(site.path)/cert.pem
      ssl_options.keyfile = \(site.path)/key.pem
      web_mqtt.tcp.ip = 127.0.0.1
      web_mqtt.tcp.port = \(site.ports.webSocket)
      web_mqtt.ws_path = /mqtt
      load_definitions = \(definitions)

      """, to: "rabbitmq.conf")
    let mapper = [
      "ERL_EPMD_PORT": String(site.ports.others[0]), "ERL_EPMD_ADDRESS": "127.0.0.1",
    ]
    let variables = [
      "RABBITMQ_NODENAME": "it\(site.ports.plain)@localhost",
      "RABBITMQ_DIST_PORT": String(site.ports.others[1]),
      "RABBITMQ_MNESIA_BASE": site.path + "/mnesia", "RABBITMQ_LOG_BASE": site.path + "/log",
      "RABBITMQ_CONFIG_FILE": configuration, "RABBITMQ_ENABLED_PLUGINS_FILE": plugins,
      "RABBITMQ_PID_FILE": site.path + "/pid", "RABBITMQ_CONF_ENV_FILE": "/dev/null",
      "RABBITMQ_FEATURE_FLAGS_FILE": site.path + "/flags",
      // The script is replaced by what it starts, so that a signal reaches that.
      "RABBITMQ_ALLOW_INPUT": "1",
    ]
    return [
      BrokerCommand(words: ["epmd"], environment: mapper, port: site.ports.others[0]),
      BrokerCommand(
        words: ["/usr/lib/rabbitmq/bin/rabbitmq-server", "-noinput"],
        environment: mapper.merging(variables) { $1 }),
    ]
  }

  // MARK: ActiveMQ

  /// Debian's package lacks the codec for MQTT, which libmqtt-client-java has.
  static let activeMQ = BrokerKind(
    title: "ActiveMQ", program: "/usr/share/activemq/bin/activemq.jar",
    versionCommand: debian("activemq"), user: "activemq", offersWebSocket: false
  ) { site in
    try site.makeFolders("lib", "data")
    try FileManager.default.createSymbolicLink(
      atPath: site.directory.file("lib/mqtt-client.jar"),
      withDestinationPath: "/usr/share/java/mqtt-client.jar")
    let all = #"read="it" write="it" admin="it""#
    let configuration = try site.write(
      """
      <beans xmlns="http://www.springframework.org/schema/beans"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="http://www.springframework.org/schema/beans
          http://www.springframework.org/schema/beans/spring-beans-2.0.xsd
          http://activemq.apache.org/schema/core
          http://activemq.apache.org/schema/core/activemq-core.xsd">
        <broker xmlns="http://activemq.apache.org/schema/core" brokerName="it" useJmx="false"
          dataDirectory="\(site.path)/data">
          <plugins>
            <simpleAuthenticationPlugin>
              <users><authenticationUser username="it" password="secret" groups="it"/></users>
            </simpleAuthenticationPlugin>
            <authorizationPlugin><map><authorizationMap><authorizationEntries>
              <authorizationEntry topic="it.>" \(all)/>
              <authorizationEntry queue=">" \(all)/>
              <authorizationEntry topic="ActiveMQ.Advisory.>" \(all)/>
            </authorizationEntries></authorizationMap></map></authorizationPlugin>
          </plugins>
          <sslContext><sslContext keyStore="\(site.path)/both.p12" keyStoreType="PKCS12"
            keyStorePassword="secret"/></sslContext>
          <transportConnectors>
            <transportConnector name="mqtt" uri="mqtt://127.0.0.1:\(site.ports.plain)"/>
            <transportConnector name="mqtts" uri="mqtt+ssl://127.0.0.1:\(site.ports.tls)"/>
          </transportConnectors>
        </broker>
      </beans>

      """, to: "activemq.xml")
    let settings = [
      "home=/usr/share/activemq", "base=\(site.path)", "conf=\(site.path)",
      "data=\(site.path)/data",
    ]
    let words =
      ["java", "-Xmx512m"] + settings.map { "-Dactivemq.\($0)" }
      + ["-jar", "/usr/share/activemq/bin/activemq.jar", "start", "xbean:file:\(configuration)"]
    return [BrokerCommand(words: words)]
  }

  // MARK: ejabberd

  /// Without Erlang's distribution, so that it needs no port mapper.
  static let ejabberd = BrokerKind(
    title: "ejabberd", program: "/usr/sbin/ejabberdctl", versionCommand: debian("ejabberd"),
    user: "ejabberd"
  ) { site in
    try site.makeFolders("mnesia", "log")
    let rules = ##"{"it/#": [{allow: all}], "#": [{deny: all}]}"##
    let configuration = try site.write(
      """
      hosts: [localhost]
      certfiles: ["\(site.path)/both.pem"]
      listen:
        - {port: \(site.ports.plain), ip: "127.0.0.1", module: mod_mqtt}
        - {port: \(site.ports.tls), ip: "127.0.0.1", module: mod_mqtt, tls: true}
        - {port: \(site.ports.webSocket), ip: "127.0.0.1", module: ejabberd_http,
           request_handlers: {/mqtt: mod_mqtt}}
      auth_method: [internal]
      modules:
        mod_mqtt:
          access_publish: \(rules)
          access_subscribe: \(rules)

      """, to: "ejabberd.yml")
    let register = #"ejabberd_auth:try_register(<<"it">>, <<"localhost">>, <<"secret">>)."#
    return [
      BrokerCommand(
        words: [
          "erl", "-noinput", "-mnesia", "dir", "\"\(site.path)/mnesia\"", "-s", "ejabberd", "-eval",
          register,
        ],
        environment: [
          "EJABBERD_CONFIG_PATH": configuration, "ERL_LIBS": libraries,
          "EJABBERD_LOG_PATH": site.path + "/log/ejabberd.log",
        ])
    ]
  }

  // MARK: aMQTT

  static let aMQTT = BrokerKind(
    title: "aMQTT", program: "\(python)/bin/amqtt",
    versionCommand: [
      "\(python)/bin/python", "-c", "import importlib.metadata as m; print(m.version('amqtt'))",
    ], user: nil
  ) { site in
    let hashing =
      "from pwdlib.hashers.argon2 import Argon2Hasher; print(Argon2Hasher().hash('secret'))"
    let hash = try RunningProgram(["\(python)/bin/python", "-c", hashing])
    try hash.wait()
    try site.write("it:\(hash.outputText)", to: "passwords")
    // The key that it documents, `subscribe_acl`, it does not take.
    let configuration = try site.write(
      """
      {"listeners": {
         "default": {"type": "tcp", "bind": "127.0.0.1:\(site.ports.plain)"},
         "tls": {"type": "tcp", "bind": "127.0.0.1:\(site.ports.tls)", "ssl": true,
           "certfile": "\(site.path)/cert.pem", "keyfile": "\(site.path)/key.pem"},
         "ws": {"type": "ws", "bind": "127.0.0.1:\(site.ports.webSocket)"}},
       "plugins": {
         "amqtt.plugins.authentication.FileAuthPlugin": {"password_file": "\(site.path)/passwords"},
         "amqtt.plugins.topic_checking.TopicAccessControlListPlugin": {
           "acl": {"it": ["it/#", "$share/#"]}, "publish_acl": {"it": ["it/#"]}}}}
      """, to: "amqtt.json")
    return [BrokerCommand(words: ["\(python)/bin/amqtt", "-c", configuration])]
  }

  /// Made by `make interop`.
  private static let python =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/amqtt").path
}
