// pub, sub, unsub, subs, rr, template, wait: messages on their way.

import OptionTable

extension Builtin {
  static var messaging: [Builtin] {
    [
      publish,
      Builtin(
        "sub", "Subscribe; messages are shown as they come.",
        synopsis: [
          "[OPTION...] -t FILTER...", "[OPTION...] -t FILTER... > FILE",
          "[OPTION...] -t FILTER... | COMMAND",
        ],
        details: [
          "'> FILE' writes the messages into a file and '>> FILE' behind what is in it; '| COMMAND' hands them "
            + "to a program.  They are not shown then."
        ],
        grammar: .options({ Option.shellSubscribeTable }, readsFiles: true)
      ) { (shell, call) throws(Failure) in try shell.subscribe(call) },
      Builtin("unsub", "Unsubscribe.", synopsis: ["FILTER..."]) { (shell, call) throws(Failure) in
        try shell.unsubscribe(call)
      },
      Builtin("subs", "List subscriptions.") { (shell, call) throws(Failure) in
        try shell.listSubscriptions(call)
      },
      Builtin(
        "rr", "Ask, and show the answer.",
        synopsis: ["[OPTION...] -t TOPIC (-m PAYLOAD | -f FILE | -n)"],
        grammar: .options({ Option.shellRequestTable }, readsFiles: true)
      ) { (shell, call) throws(Failure) in try shell.request(call) },
      template,
      Builtin(
        "wait", "Wait for a message.", synopsis: ["FILTER [--timeout SECONDS] [--match TEXT]"],
        details: [
          "A message counts that came since the subscription was made and that no 'wait' has had yet, so "
            + "that it cannot come too early.  Its topic and payload are in $topic and $payload then.  When "
            + "none comes in time the status is 27."
        ],
        grammar: .options({ Option.waitTable }, takesOperands: true)
      ) { (shell, call) throws(Failure) in try shell.wait(call) },
    ]
  }

  static var publish: Builtin {
    Builtin(
      .pub, "Publish a message.", synopsis: ["[OPTION...] -t TOPIC (-m PAYLOAD | -f FILE | -n)"],
      details: ["Is done when the message is where its quality of service wants it."],
      grammar: .options({ Option.shellPublishTable }, readsFiles: true)
    ) { (shell, call) throws(Failure) in try shell.publish(call) }
  }
}
