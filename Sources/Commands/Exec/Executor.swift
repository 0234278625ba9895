// `--exec`: a command for each message.

import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// Runs a command for each message that a subscriber takes, several at a time; publishes what it prints
/// where that is an answer; lets the message be acknowledged once its command has ended.
struct Executor: ~Copyable {
  private let runner: JobRunner
  private let limit: Int
  private let reporter: Reporter
  private let answers: Answers?
  private var order = AcknowledgementOrder()
  /// Ended, but the window does not take their answers yet.
  private var unanswered: [Job] = []
  /// Taken from the input while that was so, since the server's acknowledgements stand behind them.
  private var waiting: [(message: KeptMessage, ticket: Job.Ticket)] = []
  private var waitingBytes = 0
  /// What runs now was told to end: it counts as not done.
  private var isStopping = false
  /// A command must end with 0 for its message to be acknowledged (`--ack exec`).
  private let wantsSuccess: Bool
  /// A message cannot be acknowledged, and so none behind it [MQTT-4.6.0-2].
  private(set) var isStuck = false
  /// What the first failure makes the exit status.
  private(set) var failed: ExitStatus?

  /// Bytes of output above which no command is started.
  private static let block = 1 << 20
  private static let mostWaiting = 64 << 20
  /// How long commands may go on once a signal came or the connection is lost.
  static let grace = Duration.seconds(10)

  /// - Returns: nil when no command is asked for.
  init?(
    _ settings: Settings, _ reporter: Reporter, until deadline: Duration?, stop: StopSignals
  ) throws(Failure) {
    guard let command = settings.executing.command else { return nil }
    let answers =
      settings.requesting.isServing ? try Answers(settings, until: deadline, stop: stop) : nil
    let runner: JobRunner
    do { runner = try JobRunner(command, capturingOutput: answers != nil) } catch {
      throw Failure(.usage, "\(error)")
    }
    self.answers = answers
    self.runner = runner
    limit = settings.jobs
    wantsSuccess = settings.subscribing.acknowledging == .exec
    self.reporter = reporter
  }

  /// No command runs or will run, and no answer waits.
  var isIdle: Bool { runner.count == 0 && unanswered.isEmpty && waiting.isEmpty }

  /// Ready when `settle` has something to do.
  var watch: Watch { Watch(runner.descriptor, .readable) }

  /// Messages are welcome: a command can be started, or what stands behind them has to be read.
  func isWelcoming(_ session: borrowing Session) -> Bool {
    isCongested(session) || hasRoom && waiting.isEmpty
  }

  /// Takes a message.
  ///
  /// - Returns: false when it is none to run the command for.
  mutating func take(_ message: ReceivedMessage, _ session: borrowing Session) -> Bool {
    var ticket = Job.Ticket(topic: [UInt8](message.topic))
    do { ticket.address = try answers?.address(for: message) } catch {
      report(ticket, error.text)
      return false
    }
    if message.packetID != nil {
      ticket.acknowledgement = session.lastAcknowledgement
      order.begin(session.lastAcknowledgement)
    }
    if isStuck { return true }
    if hasRoom, waiting.isEmpty, !isCongested(session) {
      start(message, ticket)
    } else if message.packetID == nil, waitingBytes > Self.mostWaiting {
      note(.connectionLost, ticket, "dropped: the server does not take the answers before it")
    } else {
      let kept = KeptMessage(message)
      waitingBytes += kept.size
      waiting.append((kept, ticket))
    }
    return true
  }

  /// Sees to commands that have ended, and lets go what can be acknowledged.
  mutating func settle(_ session: inout Session) {
    for job in runner.collect(limit: session.limits.maximumPacketSize) {
      if isStopping { continue }
      if let failure = job.failure {
        note(.commandFailed, job.ticket, failure)
        giveUp(job.ticket)
      } else {
        unanswered.append(job)
      }
    }
    answer(&session)
    while !waiting.isEmpty, hasRoom, !isCongested(session), !isStopping {
      let (kept, ticket) = waiting.removeFirst()
      waitingBytes -= kept.size
      start(kept.message, ticket)
    }
    session.releaseAcknowledgements(upTo: order.last)
  }

  /// Tells everything that runs to end; what it prints from now on is no answer, and its message stays
  /// unacknowledged.
  mutating func stop(by signal: CInt) {
    if !isStopping {
      reporter.say("commands that still run are ended: \(runner.count)")
      failed = failed ?? .commandFailed
    }
    isStopping = true
    waiting = []
    unanswered = []
    runner.signalAll(signal)
  }

  /// Starts nothing more.
  mutating func close() {
    waiting = []
    waitingBytes = 0
  }

  // MARK: Parts

  private var hasRoom: Bool { runner.count + unanswered.count < limit }

  private func isCongested(_ session: borrowing Session) -> Bool {
    !unanswered.isEmpty || session.output.count > Self.block
  }

  private mutating func start(_ message: ReceivedMessage, _ ticket: Job.Ticket) {
    do { try runner.start(message, ticket) } catch {
      note(.commandFailed, ticket, "the command cannot be started: \(error)")
      giveUp(ticket)
    }
  }

  private mutating func answer(_ session: inout Session) {
    var place = 0
    while place < unanswered.count {
      let job = unanswered[place]
      do throws(Failure) {
        if try answers?.publish(job, &session) == false { break }
      } catch {
        note(error.status, job.ticket, "the answer cannot be sent: \(error.text)")
      }
      finish(job.ticket)
      place += 1
    }
    unanswered.removeFirst(place)
  }

  private mutating func giveUp(_ ticket: Job.Ticket) {
    guard wantsSuccess, ticket.acknowledgement != nil else { return finish(ticket) }
    isStuck = true
    close()
  }

  private mutating func finish(_ ticket: Job.Ticket) {
    if let number = ticket.acknowledgement { order.end(number) }
  }

  private mutating func note(_ status: ExitStatus, _ ticket: Job.Ticket, _ text: String) {
    report(ticket, text)
    failed = failed ?? status
  }

  private func report(_ ticket: Job.Ticket, _ text: String) {
    reporter.say("\(SafeText.escaped(ticket.topic)): \(text)")
  }
}
