/// Whose manners the program has; `mosquitto-compat.md` tells where they differ.
package enum Personality: Sendable {
  /// What misleads is mended.
  case apus
  /// As mosquitto_pub, mosquitto_sub and mosquitto_rr, for scripts that cannot tell.
  case dropIn
}
