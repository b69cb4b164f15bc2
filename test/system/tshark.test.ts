// The captures of traces as somebody else reads them: tshark finds the VNI, the addresses and ports inside and outside,
// and every checksum right, and they are what the trace says.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TraceDocument, TraceStep } from '../../src/workspace/formats/trace.ts';
import { bulkhead, makeFolder } from '../cli/program.ts';
import { TWO_SITES } from '../overlay/two-sites.ts';

const folder = makeFolder({
  'policies/world.seg': `language 1
tiers { only default allow }
site s : on-prem { tep-subnet 172.16.0.0/24 }
tier1 t1 { advertises connected }
segment n in s { vni 5001  subnet 10.0.1.1/24 2001:db8:1::1/64  on t1 }
segment m in s { vni 5002  subnet 10.0.2.1/24 2001:db8:2::1/64  on t1 }
host h1 in s { tep 172.16.0.1 }
host h2 in s { tep 172.16.0.2 }
vm a on h1 { nic n 10.0.1.11 2001:db8:1::11 }
vm b on h2 { nic m 10.0.2.12 2001:db8:2::12 }
vm c on h2 { nic n 10.0.1.13 }
`,
});

const FIELDS = [
  ...['geneve.vni', 'vxlan.vni', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'udp.srcport', 'udp.dstport'],
  ...['tcp.srcport', 'tcp.dstport', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status'],
  ...[
    'icmp.checksum.status',
    'icmpv6.checksum.status',
    'sctp.checksum.status',
    'frame.interface_name',
    '_ws.malformed',
  ],
] as const;
type Row = Readonly<Record<(typeof FIELDS)[number], readonly string[]>>;

function readCapture(file: string): readonly Row[] {
  const checks = ['ip', 'tcp', 'udp'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`]);
  const words = ['-r', file, '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=;', '-o', 'sctp.checksum:crc-32c'];
  const run = spawnSync('tshark', [...words, ...checks, ...FIELDS.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
  });
  expect(run.error).toBeUndefined();
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(
        FIELDS.map((field, i) => [field, (cells[i] ?? '').split(';').filter((cell) => cell !== '')]),
      ) as unknown as Row;
    });
}

/** 1: tshark has worked it out and finds it right. */
const isRight = (row: Row): boolean =>
  FIELDS.filter((field) => field.endsWith('checksum.status')).every((field) =>
    row[field].every((status) => status === '1' || status === 'Good'),
  );

describe('a capture', () => {
  it.each([
    ['a', 'b', 'tcp/443', []],
    ['a', 'b', 'udp/53', ['--encapsulation', 'vxlan']],
    ['a', 'b', 'icmp/8', ['--size', '700']],
    ['2001:db8:1::11', '2001:db8:2::12', 'icmp6/128', []],
    ['2001:db8:1::11', '2001:db8:2::12', 'tcp/80', []],
    ['a', 'c', 'sctp/3868', []],
  ])('%s -> %s %s %j', (source, destination, service, more) => {
    const file = join(folder, `${service.replaceAll('/', '-')}.pcap`);
    const words = ['trace', source, destination, service, ...more];
    expect(bulkhead([...words, '-f', 'pcap', '-o', file], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    const trace: TraceDocument = JSON.parse(bulkhead([...words, '-f', 'json'], { cwd: folder }).stdout);
    const steps = [...trace.hops, ...(trace.reply?.hops ?? [])].flatMap((hop) => hop.steps);
    const wrapped = steps.filter(
      (step): step is TraceStep & Required<Pick<TraceStep, 'outer'>> => step.outer !== undefined,
    );
    const rows = readCapture(file);
    // Each way: at the interface that sends, on the wire, at the interface that gets it.
    expect(rows).toHaveLength(wrapped.length * 3);
    expect(rows.filter((row) => !isRight(row) || row['_ws.malformed'].length > 0)).toEqual([]);
    const onWire = rows.filter((row) => row['geneve.vni'].length + row['vxlan.vni'].length > 0);
    expect(onWire).toHaveLength(wrapped.length);
    expect(wrapped.length).toBeGreaterThan(0);
    for (const [i, { outer, header }] of wrapped.entries()) {
      const row = onWire[i] as Row;
      expect(row['frame.interface_name'][0]).toContain(outer.source);
      expect(Number([...row['geneve.vni'], ...row['vxlan.vni']][0])).toBe(outer.vni);
      expect([row['ip.src'][0], row['ip.dst'][0]]).toEqual([outer.source, outer.destination]);
      expect([row['udp.srcport'][0], row['udp.dstport'][0]].map(Number)).toEqual([
        outer.sourcePort,
        outer.destinationPort,
      ]);
      const inner = header.source.includes(':')
        ? [row['ipv6.src'][0], row['ipv6.dst'][0]]
        : [row['ip.src'][1], row['ip.dst'][1]];
      expect(inner).toEqual([header.source, header.destination]);
      if (header.protocol === 'tcp') {
        expect([row['tcp.srcport'][0], row['tcp.dstport'][0]].map(Number)).toEqual([
          header.sourcePort,
          header.destinationPort,
        ]);
      }
    }
  });

  it('of pods on nodes that are virtual machines holds three packets in each other on the wire', () => {
    const nested = makeFolder({
      'policies/world.seg': TWO_SITES.seg?.replace(/^/, 'language 1\n') ?? '',
      'policies/world.yaml': `format: bulkhead.inventory/1\n${TWO_SITES.inventory}`,
    });
    const file = join(nested, 'pods.pcap');
    expect(bulkhead(['trace', 'pod-1', 'pod-3', 'tcp/8080', '-f', 'pcap', '-o', file], { cwd: nested })).toMatchObject({
      code: 0,
    });
    const rows = readCapture(file);
    expect(rows.filter((row) => !isRight(row) || row['_ws.malformed'].length > 0)).toEqual([]);
    const onWire = rows.filter((row) => row['geneve.vni'].length > 0);
    expect(
      onWire.map((row) => [row['geneve.vni'].map(Number), row['vxlan.vni'].map(Number), row['ip.src'], row['ip.dst']]),
    ).toEqual([
      [[5002], [1], ['172.16.1.11', '10.1.2.31', '10.9.0.11'], ['172.16.1.12', '10.1.2.32', '10.9.0.13']],
      [[5002], [1], ['172.16.1.12', '10.1.2.32', '10.9.0.13'], ['172.16.1.11', '10.1.2.31', '10.9.0.11']],
    ]);
  });
});
