// What lets a later handshake with the same server be a short one.

import COpenSSL

/// The last session of each server, for the connections of one run, whose settings are the same.  Owns
/// SSL_SESSIONs.
///
/// A resumed session tells nothing new about the server, so what its certificate was checked for is
/// checked again (`TLSStream.verifyAgain`).  A stapled OCSP response comes only with a whole handshake:
/// where there was one, or one is demanded, nothing is resumed.
package final class TLSSessions {
  private var kept: [String: OpaquePointer] = [:]

  package init() {}

  deinit { for session in kept.values { SSL_SESSION_free(session) } }

  /// - Parameter ssl: an SSL whose server was found to be the right one.
  func keep(of ssl: OpaquePointer, for server: String) {
    guard let session = SSL_get_session(ssl), SSL_SESSION_is_resumable(session) == 1,
      // The SSL's own one becomes useless when the connection breaks.
      let copy = SSL_SESSION_dup(session)
    else { return }
    if let old = kept.updateValue(copy, forKey: server) { SSL_SESSION_free(old) }
  }

  /// Begins a connection with what is there: each session is used once (RFC 8446 §C.4).
  func resume(_ ssl: OpaquePointer, for server: String) {
    guard let session = kept.removeValue(forKey: server) else { return }
    SSL_set_session(ssl, session)
    SSL_SESSION_free(session)
  }
}
