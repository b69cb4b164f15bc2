// `trace` and `fabric` as programs: what they answer, how they end, and what they say of bad input.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';

const cwd = makeFolder({
  'policies/world.seg': `language 1
tiers { only default drop }
site s : on-prem { tep-subnet 172.16.0.0/24 }
tier1 t1 { advertises connected }
segment n in s { vni 5001  subnet 10.0.1.1/24  on t1 }
segment m in s { vni 5002  subnet 10.0.2.1/24  on t1 }
host h1 in s { tep 172.16.0.1 }
host h2 in s { tep 172.16.0.2 }
vm a on h1 { nic n 10.0.1.11 }
vm b on h2 { nic m 10.0.2.12 }
vm nowhere { nic 10.0.9.9 }
policy p in only { allow ab: a -> b on tcp/443 }
`,
  'broken/world.seg': `language 1
tiers { only default drop }
segment n { vni 5001  subnet 10.0.1.1/24 }
segment m { vni 5001  subnet 10.0.2.1/24 }
vm a { nic n 10.0.1.11 }
vm b { nic m 10.0.2.12 }
`,
});
const run = (...words: readonly string[]) => bulkhead(words, { cwd });

describe('trace', () => {
  it('answers in every format', () => {
    const starts = {
      text: 'DELIVERED  a -> b on tcp/443\n  tcp 10.0.1.11:49152 -> 10.0.2.12:443, ttl 64\n\n1  host h1 in s\n',
      json: '{\n  "format": "bulkhead.trace/1",\n',
      mermaid: 'sequenceDiagram\n  participant p0 as h1 (s)\n',
      svg: '<svg xmlns="http://www.w3.org/2000/svg" ',
      traceflow: '{\n  "results": [\n',
      pcap: '\n\r\r\n',
    };
    for (const [format, start] of Object.entries(starts)) {
      const { code, stdout, stderr } = run('trace', 'a', 'b', 'tcp/443', '-f', format);
      expect([code, stderr, stdout.slice(0, start.length)]).toEqual([0, '', start]);
    }
  });

  it('answers many, one document a line, and goes on after one that cannot be read', () => {
    const input = 'a b tcp/443\nnobody b tcp/443\n\na -> b on tcp/22\n';
    const { code, stdout } = bulkhead(['trace', '-', '-f', 'json'], { cwd, input });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(2);
    expect(lines.map(({ format, disposition }) => disposition ?? format)).toEqual([
      'delivered',
      'bulkhead.diagnostics/1',
      'denied-out',
    ]);
  });

  it('ends by what was expected', () => {
    expect(run('trace', 'a', 'b', 'tcp/443', '--expect', 'delivered').code).toBe(0);
    expect(run('trace', 'a', 'b', 'tcp/22', '--expect', 'delivered').code).toBe(1);
    expect(run('trace', 'a', 'b', 'tcp/443', '--fail', 'h2', '--expect', 'unreachable-host').code).toBe(0);
    expect(run('trace', 'nowhere', 'b', 'tcp/443', '--expect', 'delivered').code).toBe(3);
  });

  it('makes changes first, of the network and of everything else', () => {
    const changed = (expected: string, ...statements: readonly string[]) =>
      run('trace', 'a', 'b', 'tcp/443', '--expect', expected, ...statements.flatMap((text) => ['-e', text]));
    expect(changed('unreachable-host', 'fail host h2').code).toBe(0);
    expect(changed('delivered', 'fail host h2', 'restore host h2').code).toBe(0);
    expect(changed('delivered', 'fail host h2', 'move b to h1').code).toBe(0);
    expect(changed('denied-out', 'remove rule p.ab')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['trace'], 'usage/missing-argument'],
    [['trace', 'a', 'b'], 'usage/flow'],
    [['trace', 'a', 'nobody', 'tcp/443'], 'check/unknown-in-world'],
    [['trace', 'any', 'b', 'tcp/443'], 'check/wrong-kind'],
    [['trace', 'a', 'b', 'tcp'], 'check/wrong-kind'],
    [['trace', 'a', 'b', 'tcp/443', '--ttl', '0'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '--size', '9.5'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '--flags', 'urg'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '--spoof', '10.0.0'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '--fail', 'h9'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '-e', 'fail host h9'], 'check/unknown-in-world'],
    [['trace', 'a', 'b', 'tcp/443', '-e', 'cut s <-> t'], 'change/unknown-name'],
    [['trace', 'a', 'b', 'tcp/443', '-e', 'explode'], 'syntax/unexpected'],
    [['trace', 'a', 'b', 'tcp/443', '--expect', 'arrived'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '-f', 'png'], 'usage/invalid-value'],
    [['trace', 'a', 'b', 'tcp/443', '--in', 'broken'], 'fabric/duplicate-vni'],
    [['fabric'], 'usage/missing-argument'],
    [['fabric', 'routes'], 'usage/invalid-value'],
    [['fabric', 'tables', '--segment', 'x'], 'usage/invalid-value'],
    [['fabric', 'tables', 'nowhere'], 'workspace/no-such-path'],
    [['fabric', 'tables', 'broken'], 'fabric/duplicate-vni'],
  ])('%j: %s', (words, code) => {
    const out = join(cwd, 'out');
    const { code: exit, stdout, stderr } = run(...words, '-o', out);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`[${code}]`);
    expect(existsSync(out)).toBe(false);
  });

  it('writes bytes to a file, or says why it cannot', () => {
    expect(run('trace', 'a', 'b', 'tcp/443', '-f', 'pcap', '-o', 'way.pcap')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(join(cwd, 'way.pcap')).readUInt32LE(0)).toBe(0x0a0d0d0a);
    const refused = run('trace', 'a', 'b', 'tcp/443', '-f', 'pcap', '-o', 'no/such/way.pcap');
    expect([refused.code, refused.stderr.includes('[workspace/cannot-write]')]).toEqual([2, true]);
  });
});

describe('fabric', () => {
  it('shows the tables, and of one segment alone', () => {
    const all = run('fabric', 'tables').stdout;
    expect(all).toContain('  5001  n        h1    172.16.0.1  172.16.0.0/24\n');
    expect(all).toContain('b/eth0');
    expect(run('fabric', 'tables', '--segment', 'n').stdout).not.toContain('b/eth0');
  });

  it('checks: 1 where something cannot be', () => {
    expect(run('fabric', 'check')).toMatchObject({ code: 0, stdout: 'nothing is wrong with the fabric\n' });
    const broken = run('fabric', 'check', 'broken');
    expect([broken.code, broken.stdout.includes('error[fabric/duplicate-vni]')]).toEqual([1, true]);
  });
});
