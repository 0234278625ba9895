// Whether what the templates stand for can be sent, whichever client and message it is.

import LoadTest
import MQTTProtocol
import OptionTable

extension BenchLayout {
  /// Fills in the templates for the first and the last client: what else there is lies between.
  func checkTopics() throws(OptionError) {
    // Numbers get longer; a text that is none too long and right in the first message is right in all.
    let room = UTF8String.maximumLength - (mode == .rr ? LoadPlan.answerGrowth : 0)
    let longest = topic.longest(client: max(0, crowd - 1))
    if longest > room {
      throw OptionError("-t: a topic of up to \(longest) bytes is too long: \(room) fit in")
    }
    var random = SplitMix64(seed: 1)
    for client in Set([0, max(0, crowd - 1)]) where mode != .conn && mode != .sub {
      let text = Argument(bytes: topic.text(client: client, message: 0, &random))
      do { _ = try text.topicName() } catch { throw OptionError("-t: \(error.text)") }
    }
    if let message, message.longest(client: max(0, crowd - 1)) > PayloadSizes.most {
      throw OptionError("-m: a payload may have more than \(PayloadSizes.most) bytes")
    }
    if mode == .rr, topic.changesByMessage, settings.connection.version < .v5 {
      throw OptionError(
        "-t: below MQTT 5 answers come to TOPIC/answer, so a requester has one topic; only %c may "
          + "stand in it (or use -V 5)")
    }
    for client in Set([0, max(0, audience - 1)]) where mode != .conn && mode != .pub {
      let text = Argument(bytes: filter.text(client: client, message: 0, &random))
      do { _ = try text.topicFilter() } catch { throw OptionError("--filter: \(error.text)") }
    }
    if filter.changesByMessage {
      throw OptionError("--filter: a subscriber has one filter; only %c may stand in it")
    }
    if mode == .pubsub, settings.benching.filter != nil, topic.changesByMessage {
      throw OptionError(
        "--filter does not go with a topic that is another one for each message: nobody could tell which "
          + "messages were lost")
    }
    if clientID.changesByMessage {
      throw OptionError("-i: a client has one identifier; only %c may stand in it")
    }
    let many = crowd + audience > 1
    if settings.connection.clientID != nil, many, !clientID.namesClient {
      throw OptionError(
        "-i: \(crowd + audience) clients cannot have the same identifier: put %c into it")
    }
    for client in [0, crowd + audience - 1] {
      let id = clientID.text(client: client, &random)
      do { _ = try UTF8String(id) } catch {
        throw OptionError("-i: '\(Argument(bytes: id).shown)' is no client identifier")
      }
    }
  }
}
