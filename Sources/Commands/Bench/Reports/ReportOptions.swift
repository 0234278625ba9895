import LoadTest
import OptionTable

extension Option {
  /// Where the figures go, and what they have to be.
  static var reportOptions: [Option] {
    [
      Option(
        long: "json", value: .file("FILE"), group: .reports, commands: [.bench],
        summary: "Write the report as JSON to FILE; '-' for standard output, without the tables.",
        details: "Its members are told under JSON."
      ) { (word, settings) throws(OptionError) in settings.benching.json = word },
      Option(
        long: "csv", value: .file("FILE"), group: .reports, commands: [.bench],
        summary: "Write a line for each second to FILE: counts and latencies."
      ) { (word, settings) throws(OptionError) in settings.benching.csv = word },
      Option(
        long: "hdr", value: .file("FILE"), group: .reports, commands: [.bench],
        summary: "Write the histograms of latency to FILE as a log of HdrHistogram (version 1.3).",
        details:
          "A line for each second and kind of latency, whose tag is the kind's name, written while the run goes "
          + "on; values are nanoseconds.  Connections that were made before the measured time are in its "
          + "first second, stragglers in the seconds in which they came.  HdrHistogram's tools and libraries "
          + "read it: 'HistogramLogProcessor -tag delivery -i FILE'.  merge, which has no seconds' histograms, "
          + "writes one line for each kind."
      ) { (word, settings) throws(OptionError) in settings.benching.hdr = word },
      Option(
        long: "html", value: .file("FILE"), group: .reports, commands: [.bench],
        summary: "Write the report as a page with curves to FILE.",
        details:
          "The page is one file that loads nothing and runs no script; it is fit for light and dark screens "
          + "and for paper."
      ) { (word, settings) throws(OptionError) in settings.benching.html = word },
      Option(
        long: "prometheus", value: .text("HOST:PORT"), group: .reports, commands: [.bench],
        summary: "Answer GET /metrics there during the run, for Prometheus.",
        details:
          "HOST is an address of this machine or localhost; without it, as in ':9100', all addresses are "
          + "listened at.  The metrics are of the measured time, so they stay 0 during ramp and warm-up; the "
          + "latency is that of the seconds that are complete."
      ) { (word, settings) throws(OptionError) in
        settings.benching.prometheus = try ListenAddress(word)
      },
      Option(
        long: "expect", value: .text("GATES"), group: .reports, commands: [.bench],
        summary: "End with status 99 unless the figures are these: 'p99<5ms,loss=0,rate>=20000'.",
        details:
          "See GATES OF A RUN.  Which ones failed is told on standard error, after the report."
      ) { (word, settings) throws(OptionError) in settings.benching.expected = try word.string() },
    ]
  }
}
