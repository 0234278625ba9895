// Commands that run side by side.

import Glibc
import MQTTSession
import Transport

/// Starts a process for each message it is given and tells when it has ended.  Never waits: whoever
/// drives it waits on `descriptor`.
final class JobRunner {
  private let command: ShellCommand
  private let capturesOutput: Bool
  private var environment = MessageEnvironment()
  private let watched: WatchSet
  private let exits: ChildExits
  private var running: [pid_t: Job] = [:]
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  init(_ command: [UInt8], capturingOutput: Bool) throws(TransportError) {
    self.command = ShellCommand(command)
    capturesOutput = capturingOutput
    watched = try WatchSet()
    exits = try ChildExits()
    try watched.add(readable: exits.descriptor, token: 0)
  }

  deinit { block.deallocate() }

  var count: Int { running.count }
  /// Readable when `collect` has something to do.
  var descriptor: CInt { watched.descriptor }

  func start(_ message: ReceivedMessage, _ ticket: Job.Ticket) throws(TransportError) {
    let variables = environment.variables(for: message)
    let started = try command.start(
      input: message.payload, environment: variables, capturingOutput: capturesOutput)
    let job = Job(started, ticket)
    if let output = started.output {
      do { try watched.add(readable: output, token: Int(started.process)) } catch {
        kill(-started.process, SIGKILL)
        waitpid(started.process, nil, 0)
        throw error
      }
    }
    running[started.process] = job
  }

  /// Takes what was printed, and returns the jobs that have ended since.
  ///
  /// What a command left running behind it is not waited for.
  ///
  /// - Parameter limit: most bytes that a job may print.
  func collect(limit: Int) -> [Job] {
    var anyEnded = false
    for token in watched.ready() {
      if token == 0 { anyEnded = true }
      if let job = running[pid_t(token)] { read(job, limit) }
    }
    guard anyEnded else { return [] }
    exits.clear()
    let ended = running.values.filter { job in
      job.ending = exits.ending(of: job.process)
      return job.ending != nil
    }
    for job in ended {
      running[job.process] = nil
      while job.pipe >= 0, read(job, limit) {}
      unwatch(job)
    }
    return ended
  }

  /// Sends a signal to every process and what it has started.
  func signalAll(_ signal: CInt) {
    for process in running.keys { kill(-process, signal) }
  }

  @discardableResult
  private func read(_ job: Job, _ limit: Int) -> Bool {
    guard job.pipe >= 0 else { return false }
    let (more, end) = job.read(into: block, limit: limit)
    if end { unwatch(job) }
    return more
  }

  private func unwatch(_ job: Job) {
    guard job.pipe >= 0 else { return }
    watched.remove(job.pipe)
    job.closePipe()
  }
}
