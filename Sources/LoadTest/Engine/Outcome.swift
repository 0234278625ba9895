/// What a run came to.
package struct Outcome: Sendable {
  package var results: Results
  /// A stop signal ended it early.
  package var signal: CInt?
  /// What ended it early.
  package var fault: ClientFault?
  /// Of a run that went on without some clients, why the first of them failed.
  package var firstFailure: ClientFault?
  /// The code by which the server refused a message.
  package var refusal: UInt8?
}
