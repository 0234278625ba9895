#!/usr/bin/env python3
"""Puts what perf.py measured into README.md, between its two marks.

  table.py RESULTS.json README.md
"""
import datetime, json, re, sys

ROWS = [
    ('start-q0', 'one message at QoS 0: the whole process'), ('start-q1', 'one message at QoS 1'),
    ('start-q0-tls', 'one message at QoS 0 over TLS'),
    ('pub-l-q0', '500,000 lines, QoS 0'), ('pub-l-q1', '500,000 lines, QoS 1'), ('pub-l-q2', '100,000 lines, QoS 2'),
    ('pub-l-q1-60k', '60,000 lines, QoS 1'), ('pub-l-q2-60k', '60,000 lines, QoS 2'), ('pub-l-q1-5k', '5,000 lines, QoS 1'),
    ('pub-l-q1-rtt2', '5,000 lines, QoS 1, 2 ms away'), ('pub-l-v5-rtt2', 'the same, MQTT 5, Receive Maximum 500'),
    ('pub-l-q0-tls', '500,000 lines, QoS 0, TLS'), ('sub-q0', '500,000 messages, QoS 0'), ('sub-q1', 'QoS 1'), ('sub-q2', 'QoS 2'),
    ('sub-q1-w20', 'QoS 1, the sender 20 ahead'), ('sub-q0-v', '`-v`'), ('sub-q0-J', '`-F %J`'), ('sub-q0-file', 'into a file'),
    ('sub-q0-pipe', 'into a pipe'), ('sub-q0-tls', 'TLS'), ('large-pub', '64 MiB, `pub -f`'), ('large-sub', '64 MiB, `sub`'),
    ('rr', 'one request and its answer'), ('broker-pub-q0', '200,000 lines through mosquitto, QoS 0'),
    ('broker-pub-q1', '60,000 lines through mosquitto, QoS 1'), ('broker-sub-q1', '100,000 messages through mosquitto, QoS 1'),
    ('bench-q0', '`bench pub`, 64 bytes, QoS 0'), ('bench-q1', '`bench pub`, 64 bytes, QoS 1'),
    ('bench-broker-q0', '`bench pub` into mosquitto, QoS 0, against four `mosquitto_pub -l`'),
    ('bench-broker-q1', 'the same, QoS 1'), ('bench-conns', '10,000 connections held: CPU of 10 s, memory')]


def seconds(v):
    return '-' if v is None else '%.2f ms' % (v * 1e3) if v < 0.1 else '%.2f s' % v


def pace(row):
    if row is None or row['score_s'] is None:
        return '-'
    if row['row'] == 'bench-conns':
        return '%.1f %% of a core' % (row['cpu_s'] * 10)
    return seconds(row['score_s']) if row['n'] == 1 or row['row'].startswith('large') else '{:,.0f}/s'.format(row['per_s'])


def times(v):
    return '-' if v is None else '%.1f' % v if v >= 1 else '%.2f' % v


def main():
    with open(sys.argv[1]) as f:
        data = json.load(f)
    rows = {}
    for row in data['rows']:
        rows.setdefault(row['row'], {})['apus' if row['candidate'] else 'peer' if row['who'] not in ('floor', 'ideal') else row['who']] = row
    lines = ['| | apus | mosquitto\'s client | times as fast | of the ideal | CPU | memory |', '|---|---|---|---|---|---|---|']
    for name, words in ROWS:
        if name not in rows:
            continue
        apus, peer = rows[name].get('apus'), rows[name].get('peer')
        share = 1 / apus['to_ideal'] if apus['to_ideal'] else None
        lost = ' (%d %% lost)' % round(100 * (1 - peer['got'] / peer['n'])) if peer and peer['lost'] else ''
        cpu = seconds(apus['cpu_s']) + (' / ' + seconds(peer['cpu_s']) if peer else '')
        memory = '%.1f' % (apus['rss_kb'] / 1024) + (' / %.1f' % (peer['rss_kb'] / 1024) if peer else '') + ' MiB'
        lines.append('| %s | %s | %s%s | %s | %s | %s | %s |' % (
            words, pace(apus) + (' LOST' if apus['lost'] else ''), pace(peer), lost, times(apus['x']) if peer else '-', times(share), cpu, memory))
    when = datetime.date.fromtimestamp(data['when'])
    lines += ['', 'Medians of %d runs in turn, %s, %d cores, load %.1f at the end. "Ideal" is `mqttsink`, which only copies packets that '
              'were made before.' % (len(data['rows'][0]['runs']), when, data['cpus'], data['load'][0])]
    with open(sys.argv[2]) as f:
        text = f.read()
    new = re.sub(r'(<!-- perf -->\n).*?(<!-- /perf -->)', lambda m: m[1] + '\n'.join(lines) + '\n' + m[2], text, flags=re.S)
    with open(sys.argv[2], 'w') as f:
        f.write(new)


main()
