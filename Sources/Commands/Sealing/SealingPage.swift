import OptionTable

extension Program {
  static var sealing: ReferencePage {
    ReferencePage(
      title: "apus-sealing", section: 7, summary: "Sealed and signed messages of apus.",
      description: ["TODO"], tables: [])
  }
}
