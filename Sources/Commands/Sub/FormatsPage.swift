// apus-formats(7): the language of `-F`.

import OptionTable

extension Program {
  static var formats: ReferencePage {
    ReferencePage(
      title: "apus-formats", section: 7, summary: "How apus sub -F shows a message.",
      description: [
        "A format is text in which '%', '@' and '\\' begin something that is replaced for each message.  "
          + "A newline is printed behind it unless -N says otherwise.",
        "Between '%' and the letter may stand '-' to align to the left or '0' to fill with zeros, then "
          + "a width in bytes, then '.' and a precision: %-20t, %06l, %.8p.  A width only fills up, a "
          + "precision cuts text, and both are at most 9999.",
        "What a message does not have prints nothing, or blanks where a width is given.",
        "On a terminal whatever would act there is shown instead: control characters (newlines and tabs "
          + "too, unless they are in a payload), marks that break lines or turn the writing direction, and "
          + "bytes that are not UTF-8, as \\n, \\x1b or \\u{9b}, and in JSON as \\u009b.  A precision then "
          + "counts the message's bytes and a width the bytes as they are shown.  Escapes in the format "
          + "itself act; payloads do with --raw, outside JSON.  Pipes and files get every byte as it is.",
      ],
      tables: [message, properties, numbers, json, time, escapes],
      examples: [
        Example("apus sub -t '#' -F '@H:@M:@S %-30t %p'", "prints a log in columns"),
        Example("apus sub -t raw -F '%.2:x'", "prints bytes as 6d:65:73"),
        Example("apus sub -t '#' -F %j --pretty", "prints everything about each message"),
      ],
      seeAlso: ["apus-sub", "mosquitto_sub"])
  }

  private static let message = ReferencePage.Table(
    "Message",
    [
      Definition("%p", "The payload as it is."),
      Definition(
        "%x, %X",
        "The payload in hexadecimal.  A precision sets the number of digits in a group, and a "
          + "punctuation character behind it what stands between groups instead of a blank."),
      Definition("%l", "The payload's length in bytes."),
      Definition("%t", "The topic."),
      Definition("%q", "The quality of service."),
      Definition("%r", "1 if the message was retained, otherwise 0."),
      Definition("%m", "The packet identifier; 0 at QoS 0."),
      Definition("%%", "A percent sign."),
    ])

  private static let properties = ReferencePage.Table(
    "MQTT 5 properties",
    [
      Definition("%A", "The topic alias."),
      Definition("%C", "The content type."),
      Definition("%D", "The correlation data as it is."),
      Definition("%E", "The message expiry interval in seconds."),
      Definition("%F", "The payload format indicator: 1 for text."),
      Definition("%P", "The user properties, as name:value with blanks between."),
      Definition("%R", "The response topic."),
      Definition("%S", "The first subscription identifier."),
    ])

  private static let numbers = ReferencePage.Table(
    "Numbers",
    [
      Definition(
        "%d",
        "A payload of 8 bytes as a floating-point number in this machine's byte order; the "
          + "precision is the number of decimals (6)."),
      Definition("%f", "The same for a payload of 4 bytes."),
    ])

  private static let json = ReferencePage.Table(
    "JSON",
    [
      Definition(
        "%j",
        "The whole message as an object with the members tst, topic, qos, retain, payloadlen, mid "
          + "(above QoS 0), properties and payload.  An empty payload is null.  What is not UTF-8 text "
          + "stands there with replacement characters and, exactly, in a member with _base64 behind "
          + "its name.  'apus pub --json-lines' reads it; of tst, payloadlen, mid, topic aliases and "
          + "subscription identifiers, which belong to one delivery, it takes no notice."),
      Definition(
        "%J",
        "The same, but the payload must be JSON and becomes part of the object.  Of a payload that "
          + "is none nothing is printed but an error.  To 'apus pub --json-lines' a payload that is a "
          + "string stands for its characters, so that JSON strings come back without their quotes."
      ),
    ])

  private static let time = ReferencePage.Table(
    "Date and time",
    [
      Definition("%I", "When the message is printed, such as 2026-11-25T09:47:38+0100."),
      Definition("%U", "The same in seconds since 1970, with nanoseconds."),
      Definition("@C", "For any other letter C: what strftime(3) makes of %C, in local time."),
      Definition("@N", "The nanoseconds, in nine digits."),
      Definition("@@", "An at sign."),
    ])

  private static let escapes = ReferencePage.Table(
    "Escapes",
    [
      Definition("\\\\", "A backslash."),
      Definition("\\n, \\r, \\t, \\v", "Newline, carriage return, tab, vertical tab."),
      Definition("\\a, \\e, \\0", "The bell, the escape character, a NUL byte."),
    ])
}
