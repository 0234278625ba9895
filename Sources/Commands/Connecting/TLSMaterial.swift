// The files that TLS needs, read for each connection anew.

import MQTTSession
import Transport

/// What TLS with the broker and with a proxy needs, or why it is not to be had.
final class TLSMaterial {
  private let connection: Settings.Connection
  /// Of the whole run.
  private let deadline: Instant?
  private let stop: StopSignals
  /// Connections resume the sessions of those before.
  private let resumes: Bool
  /// Why the secrets that stand elsewhere are not to be had.
  private let fault: TransportError?

  private var forBroker = Part.read(nil)
  private var forProxy = Part.read(nil)
  private let sessions = TLSSessions()
  private let passphrase = RememberedSecret()
  private let files: TLSFiles

  /// Is shown each handshake with the broker (`--explain`).
  var observer: ((TLSStream) -> Void)? {
    didSet { if case .read(let context) = forBroker { context?.observer = observer } }
  }

  /// Nil without TLS.  (No Result: Swift would make that type at each start, which takes a tenth of it.)
  private enum Part {
    case read(TLSContext?)
    case unreadable(TransportError)

    func get() throws(TransportError) -> TLSContext? {
      switch self {
      case .read(let context): return context
      case .unreadable(let error): throw error
      }
    }
  }

  init(
    _ connection: Settings.Connection, resuming resumes: Bool, fault: TransportError?,
    until deadline: Instant?, stop: StopSignals
  ) {
    self.connection = connection
    self.resumes = resumes
    self.fault = fault
    self.deadline = deadline
    self.stop = stop
    files = TLSFiles(stop: stop)
  }

  /// Reads the files; what is wrong with them is told when they are needed.
  func read() {
    let patience = MonotonicClock.now() + .seconds(connection.connectTimeout)
    files.deadline = deadline.map { min($0, patience) } ?? patience
    do throws(TransportError) {
      if let fault { throw fault }
      let context = try connection.tlsContext(files, passphrase, until: deadline, stop: stop)
      if resumes { context?.sessions = sessions }
      forBroker = .read(context)
    } catch {
      forBroker = .unreadable(error)
    }
    do throws(TransportError) {
      forProxy = .read(try connection.proxyTLSContext(files))
    } catch {
      forProxy = .unreadable(error)
    }
  }

  /// - Returns: nil without TLS.
  func broker() throws(TransportError) -> TLSContext? { try forBroker.get() }

  /// - Returns: nil where no proxy is talked to over TLS.
  func proxy() throws(TransportError) -> TLSContext? { try forProxy.get() }
}
