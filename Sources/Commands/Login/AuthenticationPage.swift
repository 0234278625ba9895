// apus-auth(7): how apus shows who it is.

import OptionTable

extension Program {
  static var authentication: ReferencePage {
    ReferencePage(
      title: "apus-auth", section: 7,
      summary: "How apus keeps secrets, and how it authenticates with MQTT 5.",
      description: [
        "A password, a pre-shared key, the passphrase of a key and the password for a proxy may each stand in "
          + "a file (--pw-file, --psk-file, --key-pass-file, --proxy-pw-file), an environment variable "
          + "(--pw-env and so on), an open descriptor (--pw-fd 3 3<file), or be printed by a command "
          + "(--pw-cmd).  A newline at the end is not part of it.  A file that other users can read is "
          + "refused.  With -P -, --psk - and --proxy-pw - the terminal is asked, without echo; the "
          + "passphrase of an encrypted key is asked for where nothing else tells it.  A password that is "
          + "'-' itself comes from a file.",
        "A command is run by /bin/sh with empty standard input, in a process group of its own.  It has to "
          + "end with status 0 and to print 1 to 65,535 bytes, within --connect-timeout and -W.  Messages "
          + "name its status, never what it printed.  The command of --pw-cmd runs for each connection; all "
          + "other secrets are fetched once.",
        "Secrets on the command line are overwritten once they were read, so that ps no longer shows them; "
          + "no output, message or packet of -d shows any.  A process that holds a secret leaves no core "
          + "file and cannot be traced by other processes of its user (PR_SET_DUMPABLE of prctl(2); a "
          + "limit of RLIMIT_CORE would not keep a program that collects cores from getting one, and would "
          + "be passed on to the commands that apus runs).  Commands that apus starts are not concerned.",
        "--auth-method names a method of MQTT 5's enhanced authentication.  SCRAM-SHA-1, SCRAM-SHA-256 and "
          + "SCRAM-SHA-512 (RFC 5802, RFC 7677) are built in: user name and password of -u and -P and their "
          + "like are the login, the password is not sent, and the server has to show that it knows it; "
          + "otherwise nothing is published or subscribed, and the status is 1.  The server may ask for "
          + "4096 to 2,000,000 iterations.  With -PLUS the exchange is bound to the TLS connection "
          + "(tls-exporter, RFC 9266), so that nobody can stand between; it needs TLS 1.3 and a server that "
          + "does the same.  Without it the client says that it uses no channel binding ('n').",
        "SCRAM wants text prepared by SASLprep (RFC 4013).  apus takes user names and passwords that "
          + "SASLprep leaves as they are: ASCII without control characters, and beyond it letters, digits and "
          + "signs that are not another form of something else, of scripts that run from left to right.  "
          + "Others are refused.",
        "--reauth SECONDS authenticates again in the standing connection.  The answer has to be there "
          + "within --connect-timeout.",
      ],
      tables: [dialogue],
      examples: [
        Example(
          "apus sub -h broker.example --pw-cmd 'fetch-token' -u jwt -t 'home/#'",
          "logs in with a token that is fetched anew for each connection"),
        Example(
          "apus sub -L mqtts://broker.example -u me -P - --auth-method SCRAM-SHA-256-PLUS -t 'home/#'",
          "asks for the password, and does not send it"),
        Example(
          "apus pub -t a -m x --auth-method GS2-KRB5 --auth-cmd ./kerberos --reauth 3600",
          "lets a program of one's own answer the challenges"),
      ],
      seeAlso: ["apus-pub", "apus-sub", "apus-rr"])
  }

  private static let dialogue = ReferencePage.Table(
    "The command of --auth-cmd",
    [
      Definition(
        "How it runs",
        "By /bin/sh, once for each connection, until the connection ends: then its standard input is closed "
          + "and it gets SIGTERM.  Its standard error is that of apus.  The first authentication has to be "
          + "over within --connect-timeout and -W, each later answer likewise; meanwhile no messages are "
          + "handled.  A command that ends or is late ends the attempt to connect."),
      Definition(
        "Standard input",
        "An empty line asks for the method's first data, which travels in CONNECT, or in the AUTH that "
          + "begins a re-authentication.  Any other line is the server's data in base64; '=' stands for data "
          + "of no bytes."),
      Definition(
        "Standard output",
        "One line for each of those: the answer in base64, or '=' or an empty line for data of no bytes.  "
          + "It must not stay in a buffer.  ' unproven' behind an answer ('= unproven', too) says that the "
          + "server still has to show who it is."),
      Definition(
        "The end",
        "Data that comes with the server's success (CONNACK, or AUTH after a re-authentication) is handed "
          + "on in the same way, and any line accepts it.  A command that is not content with the server "
          + "ends with another status than 0; one that has ended with 0 before is not asked.  When the "
          + "last line that the command printed is unproven, success is not believed: the status is 1, and "
          + "nothing is published or subscribed."),
      Definition(
        "MQTT_AUTH_METHOD, MQTT_AUTH_HOST",
        "The method and the broker's host name in the command's environment."),
      Definition(
        "Limits",
        "65,535 bytes of data each way, and 64 challenges of the server for one authentication."),
    ])
}
