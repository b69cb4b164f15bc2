// Asking why: what is answered for people and for programs, and what the exit code says.
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder, start } from './program.ts';
import { AT, SHOP } from './shop.ts';

const cwd = makeFolder(SHOP);
const why = (...words: string[]) => bulkhead(['why', ...words, '--at', AT], { cwd });

describe('an answer for people', () => {
  it('has the verdict first, then each point with its rule and line, then replies', () => {
    expect(why('web-01', 'db-01', 'tcp/5432').stdout).toBe(`ALLOWED  web-01 -> db-01 on tcp/5432

  leaving   web-01/eth0  allow  policies › application › shop › store  (policies/main.seg:22)
  entering  db-01/eth0   allow  policies › application › shop › store  (policies/main.seg:22)

Replies are allowed.
`);
  });

  it('of a denial names the rules that nearly allowed it, and what they ask for instead', () => {
    const { stdout } = why('db-01 -> web-01 on tcp/443');
    expect(stdout).toContain('DENIED (drop)  db-01 -> web-01 on tcp/443');
    expect(stdout).toContain('the default of the tier');
    expect(stdout).toContain('source: it is for `internet`');
  });

  it('shows the labels of a workload where a rule asks for others', () => {
    const { stdout } = why('web-02 -> web-01 on tcp/5432');
    expect(stdout).toContain('destination: it is for `db`\n');
    expect(stdout).toContain('web-01 has app=shop, tier=web\n');
  });

  it('says of an expired rule when it ended', () => {
    const run = bulkhead(['why', 'web-01', 'db-01', 'tcp/5432', '--at', '2027-02-01'], { cwd });
    expect(run.stdout).toContain('DENIED (reject)');
    expect(run.stdout).toContain('expired: it expired at 2027-02-01T00:00:00Z');
  });

  it('between groups is unanimous, or shows one pair of each kind', () => {
    expect(why('web -> db on postgres').stdout).toContain('ALLOWED  web -> db on postgres');
    const mixed = why('workloads -> db on postgres');
    expect(mixed.stdout).toContain('ALLOWED');
    const unclear = why('any -> web on tcp/443').stdout;
    expect(unclear).toContain('UNKNOWN  any -> web on tcp/443\n  pairs differ');
    expect(unclear).toMatch(/allow: for example [0-9.]+ -> web-01\/eth0/);
  });
});

describe('what can be asked', () => {
  const questions: readonly (readonly [flow: string, verdict: string])[] = [
    ['web-01/eth0 -> db-01 on tcp/5432', 'allow'],
    ['10.10.1.11 -> 10.10.1.21 on tcp/5432', 'allow'],
    ['192.0.2.7 -> web-01 on tcp/443', 'allow'],
    ['web-01 -> 10.0.0.53 on udp/53', 'allow'],
    ['web-01 -> db-01 on tcp/5432 from 40000', 'allow'],
    ['web-01 -> db-01 on icmp/8/0', 'reject'],
    ['web-01 -> web-01 on tcp/1', 'allow'],
    ['web -> db on postgres', 'allow'],
    ['workloads -> db on tcp/22', 'reject'],
  ];
  const refused: readonly (readonly [flow: string, help: string])[] = [
    ['web-09 -> db-01 on tcp/1', 'did you mean `web-01`?'],
    ['web-01 -> db-01', 'SRC -> DST on SERVICE'],
    ['web-01 -> db-01 on postgras', 'postgres'],
    ['web-01 -> db-01 on tcp/1,2', 'ask about one of'],
    ['10.10.1.300 -> db-01 on tcp/1', '10.10.1.300'],
  ];

  it('are workloads, interfaces, addresses and groups, over services as policies write them', () => {
    const input = questions.map(([flow]) => flow).join('\n');
    const { stdout } = bulkhead(['why', '-', '-f', 'json', '--at', AT], { cwd, input });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line, i) => [questions[i]?.[0], JSON.parse(line).verdict])).toEqual(questions);
  });

  it('and nothing else: the flow is shown with what is wrong underlined, and what may have been meant', () => {
    const input = refused.map(([flow]) => flow).join('\n');
    const { code, stderr } = bulkhead(['why', '-', '--at', AT], { cwd, input });
    expect(code).toBe(2);
    for (const [i, [flow, help]] of refused.entries()) {
      expect(stderr).toContain(`${i + 1} | ${flow}`);
      expect(stderr).toContain(help);
    }
  });
});

describe('--expect', () => {
  it.each([
    ['web-01 -> db-01 on tcp/5432', 'allow', 0],
    ['web-01 -> db-01 on tcp/5432', 'deny', 1],
    ['web-01 -> db-01 on tcp/22', 'reject', 0],
    ['web-01 -> db-01 on tcp/22', 'deny', 0],
    ['web-01 -> db-01 on tcp/22', 'drop', 1],
    ['any -> web on tcp/443', 'allow', 3],
    ['any -> web on tcp/443', 'deny', 3],
  ])('%s expected to %s ends with %i', (flow, verdict, code) => {
    expect(why(flow, '--expect', verdict).code).toBe(code);
  });
});

describe('JSON', () => {
  it('has the fields of bulkhead.why/1', () => {
    expect(JSON.parse(why('web-01', 'db-01', 'tcp/22', '-f', 'json').stdout)).toEqual({
      format: 'bulkhead.why/1',
      at: AT,
      verdict: 'reject',
      points: [
        {
          direction: 'out',
          workload: 'web-01',
          layer: 'policies',
          tier: 'application',
          policy: 'shop',
          rule: 'shop.no-db',
          file: 'policies/main.seg',
          line: 23,
          verdict: 'reject',
        },
        {
          direction: 'in',
          workload: 'db-01',
          layer: 'policies',
          tier: 'application',
          policy: 'shop',
          rule: 'shop.no-db',
          file: 'policies/main.seg',
          line: 23,
          verdict: 'reject',
        },
      ],
      near: expect.arrayContaining([
        expect.objectContaining({ rule: 'shop.store', line: 22, failed: ['service'], action: 'allow' }),
      ]),
      reply: null,
    });
  });
});

describe('standard input', () => {
  const ask = (input: string, ...words: string[]) => bulkhead(['why', '-', '--at', AT, ...words], { cwd, input });

  it('is answered line by line, in either form, with any line ends', () => {
    const run = ask('web-01 db-01 tcp/5432\r\n\r\nweb-01 -> db-01 on tcp/22', '-f', 'json');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const lines = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ format, verdict }) => [format, verdict])).toEqual([
      ['bulkhead.why/1', 'allow'],
      ['bulkhead.why/1', 'reject'],
    ]);
  });

  it('answers a line that cannot be read by its errors, goes on, and ends with 2', () => {
    const run = ask('web-01 db-01 tcp/5432\nnonsense\nweb-01 db-01 tcp/22\n', '-f', 'json', '--expect', 'allow');
    const lines = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ format }) => format)).toEqual(['bulkhead.why/1', 'bulkhead.diagnostics/1', 'bulkhead.why/1']);
    expect(lines[1].diagnostics[0]).toMatchObject({ file: 'standard input', line: 2, column: 1 });
    expect(run.code).toBe(2);
  });

  it('ends with 1 for one unexpected verdict, with 3 for one unknown', () => {
    expect(ask('web-01 db-01 tcp/5432\nweb-01 db-01 tcp/22\n', '--expect', 'allow').code).toBe(1);
    expect(ask('web-01 db-01 tcp/5432\nany -> web on tcp/443\n', '--expect', 'allow').code).toBe(3);
    expect(ask('web-01 db-01 tcp/22\nany -> web on tcp/443\n', '--expect', 'allow').code).toBe(1);
    expect(ask('', '--expect', 'allow').code).toBe(0);
  });

  it('is answered as it comes, and an interrupt ends with 130', async () => {
    const child = start(['why', '-', '-f', 'json', '--at', AT], { cwd });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const answered = new Promise<string>((resolve) => child.stdout?.once('data', (data) => resolve(String(data))));
    child.stdin?.write('web-01 db-01 tcp/5432\n');
    expect(JSON.parse(await answered).verdict).toBe('allow');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});
