// What is said about `apus key` beside its option.

import OptionTable

extension Program {
  static var key: CommandDescription {
    CommandDescription(
      .key, summary: "Make keys for sealed and signed messages.",
      operands: .actions(
        heading: "Actions",
        [
          Action("new", "Make a key.", synopsis: "--type TYPE FILE", files: .one),
          Action("public", "Print the public half of a key.", synopsis: "FILE", files: .one),
          Action("show", "Print the type and identifier of a key.", synopsis: "FILE", files: .one),
        ]),
      description: [
        "new makes a key and writes it to FILE, which only you can read.  A file that is there already is "
          + "left alone.",
        "public prints the public half of the key in FILE, which is the text of a key file too: to give to "
          + "those who seal for you, or verify what you sign.",
        "show prints a line with the type of the key in FILE, whether it is the secret or the public half, "
          + "and its identifier, by which messages name it.",
        "A file with a secret key that other users can read is refused wherever it is used.",
      ],
      examples: [
        Example("apus key new --type x25519 plant.key", "makes a key to open with"),
        Example("apus key public plant.key >plant.pub", "makes the key to seal with for it"),
        Example("apus pub --seal plant.pub -t plant/a -m secret", "seals a message"),
        Example("apus sub --open plant.key -t 'plant/#'", "opens messages"),
      ],
      exitStatuses: [
        Definition("0", "It is done."),
        Definition("1", "It is not, and one line on standard error says why."),
      ],
      seeAlso: ["apus-sealing(7)", "apus-pub", "apus-sub", "apus-rr"])
  }
}
