#!/usr/bin/env python3
"""Performance bar: the candidate against its peers, interleaved, medians, beside the physical limit.

  APUS       path of the candidate's multi-call binary (`apus pub`, `apus sub`, `apus rr`); unset: peers only
             (APUS_PUB, APUS_SUB, APUS_RR override a whole command prefix; flags are mosquitto's)
  PEER_PUB   [NAME=]PATH of a peer's publisher, several separated by ':'   (default: mosquitto_pub on PATH)
  PEER_SUB   the same for subscribers                                      (default: mosquitto_sub)
  PEER_RR    the same for requesters                                       (default: mosquitto_rr)
  BROKER     a broker that takes `-c CONF` in mosquitto's format           (default: mosquitto)
  MQTTSINK   a built mqttsink (default: built from mqttsink.c beside this file, with TLS where possible)

Every row runs all contenders in turn, --runs times, starting with another one each time. `x` is the
peer's median score over the contender's own: how many times the candidate is as fast as the best peer
(in the candidate's line), and how far each contender is from the floor (`/floor`) and from an ideal
client (`/ideal`: pre-encoded packets, big blocks). A contender that lost messages is marked `LOST`; its
score is then the pace at which it delivered what it did deliver, never its wall time.
Everything stays on 127.0.0.1; children are ended by pid.
"""
import argparse, json, os, shutil, signal, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
TMP = tempfile.mkdtemp(prefix='perf-')
KIDS = []
NULL = subprocess.DEVNULL
ENV = dict(os.environ, HOME=TMP, XDG_CONFIG_HOME=TMP, LC_ALL='C.UTF-8')


def build():
    own = os.environ.get('MQTTSINK')
    src, plain, tls = os.path.join(HERE, 'mqttsink.c'), os.path.join(TMP, 'mqttsink'), os.path.join(TMP, 'mqttsink-tls')
    if own:
        plain = own
    else:
        subprocess.run(['cc', '-O2', '-w', '-o', plain, src], check=True)
    ok = subprocess.run(['cc', '-O2', '-w', '-DTLS', '-o', tls, src, '-lssl', '-lcrypto'], stderr=NULL).returncode == 0
    return plain, tls if ok else None


class Server:
    """mqttsink as a server; .port, then .end() gives the JSON lines of the connections it saw."""

    def __init__(self, tool, mode, *args):
        self.p = subprocess.Popen([tool, mode, '-p', '0', *map(str, args)], stdout=subprocess.PIPE, text=True)
        KIDS.append(self.p)
        self.port = json.loads(self.p.stdout.readline())['port']

    def end(self, wait=1.0):
        try:
            self.p.wait(wait)
        except subprocess.TimeoutExpired:
            self.p.send_signal(signal.SIGTERM)
        out = self.p.stdout.read()
        self.p.wait(10)
        KIDS.remove(self.p)
        rows = [json.loads(l) for l in out.splitlines() if l.startswith('{')]
        self.total = next((r for r in rows if 'total' in r), {})
        return ([r for r in rows if 'ver' in r] or [{}])[0]


class Broker:
    def __init__(self, cmd):
        self.port = 20000 + os.getpid() % 20000
        self.tls_port = self.port + 1
        conf = os.path.join(TMP, 'broker.conf')
        with open(conf, 'w') as f:
            f.write('listener %d 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\n'
                    'max_queued_messages 0\nmax_inflight_messages 1000\nset_tcp_nodelay true\nsys_interval 1\nuser root\n' % self.port)
            if SINKTLS:
                f.write('listener %d 127.0.0.1\ncertfile %s\nkeyfile %s\n' % (self.tls_port, CERT, KEY))
        self.p = subprocess.Popen([cmd, '-c', conf], stdout=NULL, stderr=NULL)
        KIDS.append(self.p)
        for _ in range(100):
            if self.p.poll() is not None:
                raise SystemExit('perf: the broker did not start')
            if subprocess.run([SINK, 'blast', '-p', str(self.port), '-n', '1', '-s', '1'], stdout=NULL, stderr=NULL).returncode == 0:
                return
            time.sleep(0.05)

    def end(self):
        self.p.terminate()
        self.p.wait(10)
        KIDS.remove(self.p)


def timed(cmd, stdin=None, reps=1, limit=120, stdout=NULL):
    """Runs cmd under mqttsink's small parent; the dict it wrote."""
    out = os.path.join(TMP, 'timed.json')
    with open(stdin or os.devnull) as i:
        p = subprocess.Popen([SINK, 'time', str(reps), out, *map(str, cmd)], stdin=i, stdout=stdout, stderr=NULL, env=ENV)
        KIDS.append(p)
        p.wait(limit * 2)
        KIDS.remove(p)
    with open(out) as f:
        return json.load(f)


def lines_file(n, more=''):
    path = os.path.join(TMP, 'lines-%d-%d' % (n, len(more)))
    if not os.path.exists(path):
        with open(path, 'w') as f:
            f.writelines('reading-%d%s\n' % (i, more) for i in range(1000000, 1000000 + n))
    return path, 15 + len(more)                                  # payload length


def big_file(size):
    path = os.path.join(TMP, 'big-%d' % size)
    if not os.path.exists(path):
        with open(path, 'wb') as f:
            f.write(os.urandom(1 << 20) * (size >> 20))
    return path


TOPIC = 'bench/some/topic'


def raw(n, size, _qos=0):
    r = json.loads(subprocess.run([SINK, 'raw-floor', '-n', str(n), '-s', str(size), '-t', TOPIC], stdout=subprocess.PIPE, check=True).stdout)
    return {'score': r['secs'], 'wall': r['secs'], 'n': n, 'got': n}


def sample(t, n, got, pace_secs=None, **more):
    """score: seconds for all n; a contender that lost some is scored by its pace."""
    lost = got < n or t['rc'] != 0
    score = t['wall'] if not lost else (pace_secs / got * n if pace_secs and got else float('inf'))
    return dict(score=score, wall=t['wall'], cpu=t['user'] + t['sys'], rss=t['maxrss_kb'], rc=t['rc'], n=n, got=got, lost=lost, pace=got / pace_secs if pace_secs else None, **more)


# -- rows. Each is (contenders' kind, function(contender) -> sample, floor() or None, ideal() or None)

def pub_lines(n, qos, rtt=0, tool=None, extra=(), ver=None, window=None):
    path, size = lines_file(n)
    sink_args = ['-v', '-d', rtt] + (['-C', CERT, '-K', KEY] if tool else []) + (['-R', window] if window else [])

    def run(c):
        s = Server(tool or SINK, 'sink', *sink_args)
        t = timed(c.pub + ['-h', 'localhost' if tool else '127.0.0.1', '-p', s.port, '-t', TOPIC, '-q', qos, '-l', *extra, *(['-V', ver] if ver else [])], stdin=path)
        r = s.end()
        return sample(t, n, r.get('msgs', 0), r.get('secs'), faults=sum(r.get(k, 0) for k in ('dup', 'out_of_order', 'bad', 'over_rxmax')),
                      window=r.get('unacked_max', 0), reads=r.get('reads', 0))

    def ideal():
        s = Server(SINK, 'sink', '-d', rtt)
        t = timed([SINK, 'blast', '-p', s.port, '-n', n, '-s', size, '-t', TOPIC, '-q', qos, '-w', window or 1000])
        return sample(t, n, s.end().get('msgs', 0))
    return 'pub', run, lambda: raw(n, size), ideal


def sub_msgs(n, qos, size=64, extra=(), tool=None, window=1000, sink_to=None):
    def server(t=None):
        return Server(t or SINK, 'source', '-n', n, '-s', size, '-q', qos, '-j', '-t', TOPIC, '-w', window, *(['-C', CERT, '-K', KEY] if t else []))

    def run(c):
        s = server(tool)
        cmd = c.sub + ['-h', 'localhost' if tool else '127.0.0.1', '-p', s.port, '-t', 'bench/#', '-q', qos, '-C', n, *extra]
        if sink_to == 'count':                                   # into a file, lines counted: nothing may be lost
            path = os.path.join(TMP, 'subout')
            with open(path, 'wb') as f:
                t = timed(cmd, stdout=f)
            s.end()
            with open(path, 'rb') as f:
                got = sum(b.count(b'\n') for b in iter(lambda: f.read(1 << 20), b''))
            return sample(t, n, got)
        if sink_to == 'pipe':
            cat = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=NULL)
            t = timed(cmd, stdout=cat.stdin)
            cat.stdin.close(); cat.wait()
        else:
            t = timed(cmd)
        r = s.end()
        return sample(t, n, r.get('sent', 0), r.get('consume'), reads=r.get('reads', 0), unacked=n - r.get('acked', 0) if qos else 0)

    def ideal():
        s = server()
        t = timed([SINK, 'drain', '-p', s.port, '-n', n, '-q', qos])
        s.end()
        return sample(t, n, n)
    return 'sub', run, lambda: raw(n, size), ideal


def start(qos, reps, tls=False):
    def run(c):
        where = ['-h', 'localhost', '-p', broker().tls_port, '--cafile', CERT] if tls else ['-h', '127.0.0.1', '-p', broker().port]
        t = timed(c.pub + where + ['-t', TOPIC, '-q', qos, '-m', 'hello'], reps=reps)
        return sample(t, 1, 1 if t['rc'] == 0 else 0)

    def ideal():
        t = timed([SINK, 'blast', '-p', broker().port, '-n', 1, '-s', 5, '-q', qos], reps=reps)
        return sample(t, 1, 1)
    return 'pub', run, lambda: sample(timed(['true'], reps=reps), 1, 1), None if tls else ideal


def large_pub(size):
    path = big_file(size)

    def run(c):
        s = Server(SINK, 'sink')
        t = timed(c.pub + ['-h', '127.0.0.1', '-p', s.port, '-t', TOPIC, '-f', path])
        r = s.end()
        return sample(t, size, r.get('payload', 0))
    return 'pub', run, lambda: raw(1, size), None


def rr(reps):
    def run(c):
        s = Server(SINK, 'sink', '-c', 0, '-r')
        t = timed(c.rr + ['-h', '127.0.0.1', '-p', s.port, '-V', 5, '-t', 'bench/q', '-e', 'bench/a', '-m', 'hello'], reps=reps)
        s.end(0)
        w = sorted(t['walls'])
        return sample(t, 1, 1 if t['rc'] == 0 else 0, p50=w[len(w) // 2], p99=w[int(len(w) * 0.99)])
    return 'rr', run, None, None


def received():
    """How many PUBLISHes the broker has read since it started, by its own count (once a second); None if nobody can ask."""
    subs = [c for c in contenders() if c.sub and not c.candidate]
    if not subs:
        return None
    out = subprocess.run(subs[0].sub + ['-h', '127.0.0.1', '-p', str(broker().port), '-t', '$SYS/broker/publish/messages/received', '-C', '1', '-W', '3'],
                         stdout=subprocess.PIPE, stderr=NULL, env=ENV).stdout.strip()
    # A broker that has read none yet does not say so.
    return int(out) if out.isdigit() else 0


def broker_pub(n, qos):
    path, size = lines_file(n)
    seen = [None]

    def go(cmd, stdin=None):
        if seen[0] is None:
            time.sleep(2.2)
            seen[0] = received()
        t = timed(cmd, stdin=stdin)
        last, end = None, time.monotonic() + 20
        while seen[0] is not None and time.monotonic() < end:    # until all are counted, or the count stands still
            time.sleep(2.2)                                      # its count moves once a second
            now = received()
            if now is None or now - seen[0] >= n or now == last:
                break
            last = now
        got = n if seen[0] is None or now is None else now - seen[0]
        seen[0] = None if seen[0] is None else now
        return sample(t, n, got, t['wall'])
    return 'pub', lambda c: go(c.pub + ['-h', '127.0.0.1', '-p', broker().port, '-t', TOPIC, '-q', qos, '-l'], path), lambda: raw(n, size), \
        lambda: go([SINK, 'blast', '-p', broker().port, '-n', n, '-s', size, '-t', TOPIC, '-q', qos])


def broker_sub(n):
    """An ideal publisher at QoS 1 through the broker to the contender at QoS 1."""
    def go(cmd):
        p = subprocess.Popen([SINK, 'time', '1', os.path.join(TMP, 'e2e.json'), *map(str, cmd)], stdout=NULL, stderr=NULL, env=ENV)
        KIDS.append(p)
        time.sleep(0.4)
        t0 = time.monotonic()
        subprocess.run([SINK, 'blast', '-p', str(broker().port), '-n', str(n), '-s', '64', '-j', '-t', TOPIC, '-q', '1', '-w', '1000'], stdout=NULL)
        p.wait(120)
        secs = time.monotonic() - t0
        KIDS.remove(p)
        with open(os.path.join(TMP, 'e2e.json')) as f:
            t = json.load(f)
        t['wall'] = secs
        return sample(t, n, n if t['rc'] == 0 else 0)
    return 'sub', lambda c: go(c.sub + ['-h', '127.0.0.1', '-p', broker().port, '-t', 'bench/#', '-q', 1, '-C', n]), None, \
        lambda: go([SINK, 'drain', '-p', broker().port, '-n', n, '-q', 1])


def bench_pub(n, qos):
    """`apus bench pub` into the sink: 64 bytes, two clients."""
    def run(c):
        s = Server(SINK, 'sink', '-c', 0)
        t = timed(c.bench + ['pub', '-h', '127.0.0.1', '-p', s.port, '-t', TOPIC, '-q', qos, '--clients', 2, '--size', 64, '--count', n])
        s.end(0)
        total = s.total
        return sample(t, n, total.get('msgs', 0), faults=sum(total.get(k, 0) for k in ('dup', 'bad', 'over_rxmax')))

    def ideal():
        s = Server(SINK, 'sink')
        t = timed([SINK, 'blast', '-p', s.port, '-n', n, '-s', 64, '-t', TOPIC, '-q', qos, '-w', 1000])
        return sample(t, n, s.end().get('msgs', 0))
    return 'bench', run, lambda: raw(n, 64), ideal


def connected(port):
    """Whether the server on the port still has connections that it has not closed."""
    with open('/proc/net/tcp') as f:
        rows = [l.split() for l in f.readlines()[1:]]
    return any(int(r[1].split(':')[1], 16) == port and r[3] not in ('0A', '06') for r in rows)


def bench_broker(n, qos, publishers=4):
    """As many messages as the broker takes: `apus bench pub` with four clients, or four publishers of lines at once."""
    path, size = lines_file(n // publishers, '-' * 49)

    def run(c):
        time.sleep(2.2)                                          # the broker counts once a second
        before = received()
        to = ['-h', '127.0.0.1', '-p', str(broker().port), '-t', TOPIC, '-q', str(qos)]
        if c.candidate:
            cmd = c.bench + ['pub', *to, '--clients', publishers, '--size', size, '--count', n]
        else:
            cmd = ['sh', '-c', ' '.join(c.pub + to + ['-l', '<', path, '&']) * publishers + ' wait']
        t = timed(cmd)
        # At QoS 0 a publisher may leave before the broker has read everything: what counts is when it has.
        left = time.monotonic()
        while connected(broker().port):
            time.sleep(0.002)
        t['wall'] += time.monotonic() - left
        time.sleep(2.2)
        return sample(t, n, min(n, received() - before), t['wall'])
    return 'bench', run, None, None


def bench_conns(n, seconds=30):
    """Connections that only stand, with keep-alive: the CPU of ten seconds of it, and the memory."""
    def run(c):
        out = os.path.join(TMP, 'conns.json')
        p = subprocess.Popen([*c.bench, 'conn', '-h', '127.0.0.1', '-p', str(broker().port), '--clients', str(n), '--keepalive', '20', '--duration', str(seconds),
                              '--json', out], stdout=NULL, stderr=NULL, env=ENV)
        KIDS.append(p)

        def cpu():
            with open('/proc/%d/stat' % p.pid) as f:
                fields = f.read().rsplit(')', 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
        time.sleep(seconds / 3)
        a = cpu()
        time.sleep(10)
        used = cpu() - a
        with open('/proc/%d/status' % p.pid) as f:
            rss = next(int(l.split()[1]) for l in f if l.startswith('VmHWM'))
        p.wait(60)
        KIDS.remove(p)
        with open(out) as f:
            stood = json.load(f)['latency_us']['connack']['count']
        return {'score': 10, 'wall': 10, 'cpu': used, 'rss': rss, 'rc': p.returncode, 'n': n, 'got': stood, 'lost': stood < n or p.returncode != 0}
    return 'bench', run, None, None


def rows(scale):
    k = lambda n: max(1000, int(n * scale))
    tls = [] if not SINKTLS else [
        ('start-q0-tls', lambda: start(0, 20, tls=True)),
        ('pub-l-q0-tls', lambda: pub_lines(k(500000), 0, tool=SINKTLS, extra=['--cafile', CERT])),
        ('sub-q0-tls', lambda: sub_msgs(k(500000), 0, tool=SINKTLS, extra=['--cafile', CERT]))]
    return [
        ('start-q0', lambda: start(0, 20)), ('start-q1', lambda: start(1, 20)),
        ('pub-l-q0', lambda: pub_lines(k(500000), 0)), ('pub-l-q1', lambda: pub_lines(k(500000), 1)), ('pub-l-q2', lambda: pub_lines(k(100000), 2)),
        ('pub-l-q1-60k', lambda: pub_lines(k(60000), 1)), ('pub-l-q2-60k', lambda: pub_lines(k(60000), 2)), ('pub-l-q1-5k', lambda: pub_lines(5000, 1)),
        ('pub-l-q1-rtt2', lambda: pub_lines(5000, 1, rtt=2)), ('pub-l-v5-rtt2', lambda: pub_lines(5000, 1, rtt=2, ver=5, window=500)),
        ('sub-q0', lambda: sub_msgs(k(500000), 0)), ('sub-q1', lambda: sub_msgs(k(500000), 1)), ('sub-q2', lambda: sub_msgs(k(500000), 2)),
        ('sub-q1-w20', lambda: sub_msgs(k(200000), 1, window=20)),
        ('sub-q0-v', lambda: sub_msgs(k(500000), 0, extra=['-v'])), ('sub-q0-J', lambda: sub_msgs(k(500000), 0, extra=['-F', '%J'])),
        ('sub-q0-file', lambda: sub_msgs(k(500000), 0, sink_to='count')), ('sub-q0-pipe', lambda: sub_msgs(k(500000), 0, sink_to='pipe')),
        ('large-pub', lambda: large_pub(64 << 20)), ('large-sub', lambda: sub_msgs(1, 0, size=64 << 20)),
        ('rr', lambda: rr(40)), *tls,
        ('bench-q0', lambda: bench_pub(k(10000000), 0)), ('bench-q1', lambda: bench_pub(k(3000000), 1)),
        ('bench-conns', lambda: bench_conns(10000)),
        ('bench-broker-q0', lambda: bench_broker(k(400000), 0)), ('bench-broker-q1', lambda: bench_broker(k(60000), 1)),
        ('broker-pub-q0', lambda: broker_pub(k(200000), 0)), ('broker-pub-q1', lambda: broker_pub(k(60000), 1)), ('broker-sub-q1', lambda: broker_sub(k(100000)))]


class Contender:
    def __init__(self, name, pub=None, sub=None, rr=None, bench=None, candidate=False):
        self.name, self.pub, self.sub, self.rr, self.bench, self.candidate = name, pub, sub, rr, bench, candidate


def contenders():
    found = {}
    for kind, default in (('pub', 'mosquitto_pub'), ('sub', 'mosquitto_sub'), ('rr', 'mosquitto_rr')):
        for i, spec in enumerate(filter(None, os.environ.get('PEER_' + kind.upper(), default).split(':'))):
            name, _, path = spec.rpartition('=')
            path = shutil.which(path)
            if path:
                c = found.setdefault(name or 'peer%d' % (i + 1), Contender(name or 'peer%d' % (i + 1)))
                setattr(c, kind, [path])
    out = list(found.values())
    apus = os.environ.get('APUS')
    if apus or os.environ.get('APUS_PUB') or os.environ.get('APUS_SUB'):
        cmd = lambda k: os.environ['APUS_' + k.upper()].split() if os.environ.get('APUS_' + k.upper()) else [apus, k] if apus else None
        out.append(Contender('apus', cmd('pub'), cmd('sub'), cmd('rr'), cmd('bench'), True))
    return out


_broker = None


def broker():
    global _broker
    if not _broker:
        _broker = Broker(shutil.which(os.environ.get('BROKER', 'mosquitto'), path=os.environ['PATH'] + ':/usr/sbin:/usr/local/sbin') or sys.exit('perf: no BROKER'))
    return _broker


def measure(name, make, who, runs):
    kind, run, floor, ideal = make()
    cast = [(c.name, lambda c=c: run(c), c) for c in who if getattr(c, kind) or name.startswith('bench-broker') and c.pub]
    for label, f in (('floor', floor), ('ideal', ideal)):
        if f:
            cast.append((label, f, None))
    got = {label: [] for label, _, _ in cast}
    for r in range(runs):
        for label, f, _ in cast[r % len(cast):] + cast[:r % len(cast)]:
            got[label].append(f())
    med = lambda xs: statistics.median(xs) if xs else None
    res = {}
    for label, _, c in cast:
        s = got[label]
        scores = [x['score'] for x in s]
        m = med(scores)
        res[label] = {'row': name, 'who': label, 'candidate': bool(c and c.candidate), 'score_s': m, 'wall_s': med([x['wall'] for x in s]),
                      'cpu_s': med([x['cpu'] for x in s if 'cpu' in x]), 'rss_kb': med([x['rss'] for x in s if 'rss' in x]),
                      'n': s[0]['n'], 'got': min(x['got'] for x in s), 'lost': any(x.get('lost') for x in s), 'runs': scores,
                      'noise': (max(scores) - min(scores)) / m if m and m != float('inf') else None, 'per_s': s[0]['n'] / m if m else None,
                      **{key: med([x[key] for x in s]) for key in ('p50', 'p99', 'faults', 'window', 'reads', 'unacked') if key in s[0]}}
    peers = [v['score_s'] for k, v in res.items() if k not in ('floor', 'ideal') and not v['candidate']]
    for k, v in res.items():
        v['x'] = min(peers) / v['score_s'] if peers and v['score_s'] else None
        for ref in ('floor', 'ideal'):
            v['to_' + ref] = v['score_s'] / res[ref]['score_s'] if ref in res and res[ref]['score_s'] else None
    return res


def table(res):
    f = lambda v, p: '-' if v is None else ('inf' if v == float('inf') else p % v)
    for v in res.values():
        flags = (' LOST %d of %d' % (v['n'] - v['got'], v['n']) if v['lost'] else '') + (' FAULTS %d' % v['faults'] if v.get('faults') else '') + \
                (' p50 %.2f ms p99 %.2f ms' % (v['p50'] * 1e3, v['p99'] * 1e3) if 'p50' in v else '') + (' window %d' % v['window'] if v.get('window') else '') + \
                (' UNACKED %d' % v['unacked'] if v.get('unacked') else '')
        print('%-14s %-8s %9s s %9s cpu %8s KiB %11s/s  x%-6s /floor %-7s /ideal %-7s +-%s%s' % (
            v['row'], v['who'], f(v['score_s'], '%.4f'), f(v['cpu_s'], '%.3f'), f(v['rss_kb'], '%d'), f(v['per_s'], '%.0f'), f(v['x'], '%.2f'),
            f(v['to_floor'], '%.1f'), f(v['to_ideal'], '%.1f'), f(None if v['noise'] is None else v['noise'] * 100, '%.0f%%'), flags))
    sys.stdout.flush()


def main():
    global SINK, SINKTLS, CERT, KEY
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--only', action='append', default=[], metavar='NAME', help='rows whose name begins so (repeatable)')
    a.add_argument('--runs', type=int, default=5)
    a.add_argument('--scale', type=float, default=1.0, help='message counts times this')
    a.add_argument('--need', type=float, metavar='RATIO', help="fail unless the candidate is this many times the best peer in every row, lossless")
    a.add_argument('--json', metavar='FILE')
    a.add_argument('--list', action='store_true')
    o = a.parse_args()
    SINK, SINKTLS = build()
    CERT, KEY = os.path.join(TMP, 'cert.pem'), os.path.join(TMP, 'key.pem')
    if SINKTLS and subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', KEY, '-out', CERT, '-days', '2', '-subj', '/CN=localhost',
                                   '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], stderr=NULL).returncode:
        SINKTLS = None
    todo = [(n, m) for n, m in rows(o.scale) if not o.only or any(n == x or (n.startswith(x) and x not in [y for y, _ in rows(1)]) for x in o.only)]
    if o.list or not todo:
        print('\n'.join(n for n, _ in todo) or 'perf: no such row'); return 0 if todo else 2
    who, out, bad = contenders(), [], []
    print('# contenders: %s; load %.2f; %d runs' % (', '.join(c.name for c in who), os.getloadavg()[0], o.runs))
    for name, make in todo:
        res = measure(name, make, who, o.runs)
        table(res); out += list(res.values())
        mine = [v for v in res.values() if v['candidate']]
        if o.need and (not mine or mine[0]['lost'] or mine[0].get('faults') or not mine[0]['x'] or mine[0]['x'] < o.need):
            bad.append(name)
    print('# load at the end %.2f' % os.getloadavg()[0])
    if o.json:
        with open(o.json, 'w') as f:
            clean = lambda v: None if v == float('inf') else [clean(x) for x in v] if isinstance(v, list) else v
            out = [{k: clean(v) for k, v in r.items()} for r in out]
            json.dump({'when': int(time.time()), 'cpus': os.cpu_count(), 'load': os.getloadavg(), 'rows': out}, f, indent=1)
    if bad:
        print('perf: below %.2f times the best peer, or lossy, or absent: %s' % (o.need, ', '.join(bad))); return 1
    return 0


if __name__ == '__main__':
    try:
        code = main()
    finally:
        for p in KIDS:
            p.kill()
        if _broker and _broker.p.poll() is None:
            _broker.p.kill()
        shutil.rmtree(TMP, ignore_errors=True)
    sys.exit(code)
