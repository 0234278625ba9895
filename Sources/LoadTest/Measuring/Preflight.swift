import Glibc
import Transport

/// What the system must have for so many connections: raised where it can be, told where it cannot.
enum Preflight {
  /// - Throws: when the run cannot come about here.
  static func prepare(_ plan: LoadPlan) throws(LoadFault) {
    let clients = plan.crowd.count + plan.audience.count
    try raiseDescriptors(to: clients + plan.threads * 3 + 40)
    try checkPorts(clients, plan)
  }

  private static func raiseDescriptors(to needed: Int) throws(LoadFault) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    if limit.rlim_cur >= rlim_t(needed) { return }
    // Root may raise the hard limit too.
    var raised = rlimit(rlim_cur: rlim_t(needed), rlim_max: max(limit.rlim_max, rlim_t(needed)))
    if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { return }
    throw .impossible(
      "\(needed) descriptors are needed and this process may have \(limit.rlim_max): raise it with "
        + "'ulimit -Hn \(needed)', or spread the run over several with --shard")
  }

  /// Each pair of addresses has a port for each connection.
  private static func checkPorts(_ clients: Int, _ plan: LoadPlan) throws(LoadFault) {
    guard case .direct(let targets) = plan.dialling,
      let range = ProcessUse.read("/proc/sys/net/ipv4/ip_local_port_range")
    else { return }
    let ends = range.split(whereSeparator: { $0 == "\t" || $0 == "\n" || $0 == " " })
      .compactMap { Int($0) }
    let pairs = targets.reduce(0) { $0 + $1.pairs }
    guard ends.count == 2, pairs > 0 else { return }
    let ports = (ends[1] - ends[0] + 1) * pairs
    if clients <= ports { return }
    throw .impossible(
      "\(clients) connections are more than the \(ports) local ports there are for them: widen "
        + "net.ipv4.ip_local_port_range, or connect from several addresses with -A")
  }
}
