// From argv to an exit status.

import Glibc
import OptionTable
import Transport

/// Runs the program with the words of its command line and ends the process.
package func run() -> Never {
  occupyStandardDescriptors()
  // As bytes: the standard library would repair what is not UTF-8.
  let arguments = ProcessWords.all().map { Argument(bytes: [UInt8]($0)) }
  if let (tool, words) = Tool.called(arguments) {
    let call = DropIn(tool, words)
    end(call.reporter) { () throws(Failure) in try call.perform() }
  }
  let invocation = Invocation(arguments.dropFirst())
  end(invocation.reporter) { () throws(Failure) in try invocation.perform() }
}

private func end(_ reporter: Reporter, _ work: () throws(Failure) -> ExitStatus) -> Never {
  do {
    exit(try work().rawValue)
  } catch {
    reporter.say(error.text)
    if let signal = error.signal { dieBy(signal) }
    exit(error.status.rawValue)
  }
}

/// A standard descriptor that the parent closed would become the socket's number, and messages would
/// go to the broker.  Opened the wrong way round, it fails as a closed one does.
private func occupyStandardDescriptors() {
  for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDWR)] as [(CInt, CInt)] {
    if fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", mode) }
  }
}

/// Ends the process by the signal that ended its work, so that the shell sees it.
private func dieBy(_ number: CInt) {
  signal(number, SIG_DFL)
  var set = sigset_t()
  sigemptyset(&set)
  sigaddset(&set, number)
  pthread_sigmask(SIG_UNBLOCK, &set, nil)
  raise(number)
}
