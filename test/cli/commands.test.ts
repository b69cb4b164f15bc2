// Each command against small projects: what it prints, writes and ends with.
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/text/codes.ts';
import { bulkhead, makeFolder, programPath, shell } from './program.ts';
import { AT, SHOP } from './shop.ts';

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

describe('init', () => {
  it('writes a project that checks, tests and is in form', () => {
    const cwd = makeFolder({});
    expect(bulkhead(['init'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(bulkhead(['check', '--strict'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no findings'),
    });
    expect(bulkhead(['test'], { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining('1 passed') });
    expect(bulkhead(['fmt', '--check'], { cwd })).toMatchObject({ code: 0, stdout: '' });
  });

  it('overwrites nothing, and then writes nothing', () => {
    const cwd = makeFolder({ 'policies/main.seg': 'mine' });
    const run = bulkhead(['init'], { cwd });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('`policies/main.seg` is already there') });
    expect(read(cwd, 'policies/main.seg')).toBe('mine');
    expect(existsSync(join(cwd, 'bulkhead.yaml'))).toBe(false);
  });
});

describe('check', () => {
  it('sums up what it judged where there is nothing to find', () => {
    const run = bulkhead(['check', '--at', AT], { cwd: makeFolder(SHOP) });
    expect(run).toEqual({
      code: 0,
      stdout: 'no findings in 3 files, 1 layer, 4 rules, 2 groups and 3 workloads\n',
      stderr: '',
    });
  });

  it('prints every finding with its line, and ends with 1', () => {
    const cwd = makeFolder({
      ...SHOP,
      'policies/more.seg': 'language 1\npolicy more in application {\n  allow a: wbe -> db\n  allow b: web -> bd\n}\n',
    });
    const run = bulkhead(['check', '--at', AT], { cwd });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toContain(' --> policies/more.seg:3:12\n');
    expect(run.stdout).toContain(' --> policies/more.seg:4:19\n');
    expect(run.stdout).toContain('help: did you mean `web`?');
    expect(run.stdout).toMatch(/\n2 errors in 4 files/);
    expect(bulkhead(['check', '-f', 'json', '--at', AT], { cwd })).toMatchObject({ code: 1, stderr: '' });
  });

  it('ends with 2 where something cannot be read', () => {
    const cwd = makeFolder(SHOP);
    const run = bulkhead(['check', 'polices'], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: expect.stringContaining('did you mean `policies`?') });
  });

  it('judges findings as bulkhead.yaml says, and warnings are findings with --strict', () => {
    const files = { ...SHOP, 'policies/other.yaml': 'services: { web: {} }\n' };
    const plain = makeFolder(files);
    expect(bulkhead(['check', '--strict'], { cwd: plain })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 note in'),
    });
    const raised = makeFolder({ ...files, 'bulkhead.yaml': 'version: 1\nlint: { workspace/unrecognised: warning }\n' });
    expect(bulkhead(['check'], { cwd: raised }).code).toBe(0);
    expect(bulkhead(['check', '--strict'], { cwd: raised }).code).toBe(1);
    const silenced = makeFolder({ ...files, 'bulkhead.yaml': 'version: 1\nlint: { workspace/unrecognised: off }\n' });
    expect(bulkhead(['check'], { cwd: silenced }).stdout).toContain('no findings');
  });

  it('underlines what is wrong in bulkhead.yaml, also from a folder below', () => {
    const cwd = makeFolder({ ...SHOP, 'bulkhead.yaml': 'version: 1\nlayrs: [policies]\n' });
    const run = bulkhead(['check'], { cwd: join(cwd, 'policies') });
    expect(run.code).toBe(2);
    expect(run.stdout).toContain(' --> ../bulkhead.yaml:2:1\n');
    expect(run.stdout).toContain('did you mean `layers`?');
  });
});

describe('fmt', () => {
  const crooked = '// why\nlanguage 1\ngroup   web=workloads   // all\n';

  it('brings files into form, keeps comments, and says which', () => {
    const cwd = makeFolder({ 'policies/a.seg': crooked, 'policies/b.seg': 'language 1\n' });
    expect(bulkhead(['fmt'], { cwd })).toMatchObject({ code: 0, stdout: 'policies/a.seg\n' });
    const formed = read(cwd, 'policies/a.seg');
    expect(formed).toContain('// why');
    expect(formed).toContain('// all');
    expect(bulkhead(['fmt'], { cwd })).toMatchObject({ code: 0, stdout: '', stderr: '2 files already in form\n' });
    expect(read(cwd, 'policies/a.seg')).toBe(formed);
  });

  it('--check lists, --diff shows, neither writes, both end with 1', () => {
    const cwd = makeFolder({ 'policies/a.seg': crooked });
    expect(bulkhead(['fmt', '--check'], { cwd })).toMatchObject({ code: 1, stdout: 'policies/a.seg\n' });
    const run = bulkhead(['fmt', '--diff'], { cwd });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^--- policies\/a\.seg\n\+\+\+ policies\/a\.seg\n@@ -1,3 \+1,\d+ @@\n/);
    expect(run.stdout).toContain('\n-group   web=workloads   // all\n');
    expect(read(cwd, 'policies/a.seg')).toBe(crooked);
  });

  it('writes a diff that patch applies', () => {
    const cwd = makeFolder({
      'policies/a.seg': crooked,
      'policies/b.seg': `${crooked}${'// same\n'.repeat(20)}\n\n\ngroup  b=web`,
    });
    const run = shell('bulkhead fmt --diff > fix.patch; patch -p0 -s < fix.patch && bulkhead fmt --check; echo $?', {
      cwd,
    });
    expect(run).toMatchObject({ stdout: '0\n' });
  });

  it('leaves a file with an error as it is, reports it, and brings the others into form', () => {
    const broken = 'language 1\ngroup = = =\n';
    const cwd = makeFolder({ 'policies/a.seg': broken, 'policies/b.seg': crooked });
    const run = bulkhead(['fmt'], { cwd });
    expect(run).toMatchObject({
      code: 2,
      stdout: 'policies/b.seg\n',
      stderr: expect.stringContaining('policies/a.seg:2:'),
    });
    expect(read(cwd, 'policies/a.seg')).toBe(broken);
  });

  it('keeps the mode of a file, and takes off a byte order mark', () => {
    const cwd = makeFolder({ 'policies/a.seg': `\uFEFF${crooked}` });
    const path = join(cwd, 'policies/a.seg');
    const { mode } = statSync(path);
    bulkhead(['fmt', 'policies/a.seg'], { cwd });
    expect(read(cwd, 'policies/a.seg').startsWith('// why')).toBe(true);
    expect(statSync(path).mode).toBe(mode);
  });
});

describe('flows', () => {
  const cwd = makeFolder(SHOP);
  const flows = (...words: string[]) => bulkhead(['flows', '--at', AT, ...words], { cwd }).stdout;

  it('lists a pair a line, in the words of policies', () => {
    expect(flows()).toBe(`db-01    -> 10.0.0.53  tcp/53, udp/53
web-01   -> db-01      tcp/5432
web-01   -> 10.0.0.53  tcp/53, udp/53
web-02   -> db-01      tcp/5432
web-02   -> 10.0.0.53  tcp/53, udp/53
internet -> web-01     tcp/443
internet -> web-02     tcp/443
`);
  });

  it('by group, from an end, to an end', () => {
    expect(flows('--by', 'group', '--to', 'db')).toBe('web -> db  tcp/5432\n');
    expect(flows('--from', 'internet', '--to', 'web-01')).toBe('internet -> web-01  tcp/443\n');
    expect(flows('--from', '10.10.1.12', '--to', 'workloads')).toBe('web-02 -> db-01  tcp/5432\n');
    expect(flows('--from', 'db', '--to', 'web')).toBe('no flow is allowed\n');
  });

  it('in JSON has the fields of bulkhead.flows/1, a row a line, and the instant', () => {
    const text = flows('-f', 'json', '--from', 'web-01', '--to', 'db');
    expect(JSON.parse(text)).toEqual({
      format: 'bulkhead.flows/1',
      at: AT,
      flows: [
        {
          source: { kind: 'vm', id: 'web-01' },
          destination: { kind: 'vm', id: 'db-01' },
          services: [{ protocol: 'tcp', ports: [[5432, 5432]] }],
          all: false,
          unknown: [],
        },
      ],
    });
    expect(text.split('\n')).toHaveLength(8);
  });

  it('is another after a rule has ended', () => {
    const { stdout } = bulkhead(['flows', '--by', 'group', '--to', 'db', '--at', '2027-02-01', '-f', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ at: '2027-02-01T00:00:00Z', flows: [] });
  });

  it('refuses an end that does not exist, with the nearest that does', () => {
    const run = bulkhead(['flows', '--from', 'wbe-01'], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('did you mean `web-01`?') });
  });
});

describe('test', () => {
  it('shows each test, and for a failed one what does not hold, where, and for which pairs', () => {
    const cwd = makeFolder({
      ...SHOP,
      'policies/wrong-test.seg':
        'language 1\n\ntest "wrong" {\n  deny web -> db on tcp/5432\n  allow web -> db on tcp/22\n}\n',
    });
    const run = bulkhead(['test', '--at', AT], { cwd });
    expect(run).toEqual({
      code: 1,
      stderr: '',
      stdout: `ok    only the web servers reach the database
FAIL  wrong  (policies/wrong-test.seg:3)
      policies/wrong-test.seg:4: not every pair is denied on tcp/5432
        web-01 -> db-01 on tcp/5432: allow by shop.store
        web-02 -> db-01 on tcp/5432: allow by shop.store
      policies/wrong-test.seg:5: not every pair is allowed on tcp/22
        web-01 -> db-01 on tcp/22: reject by shop.no-db
        web-02 -> db-01 on tcp/22: reject by shop.no-db

2 tests: 1 passed, 1 failed (14 pairs)
`,
    });
    expect(bulkhead(['test', '--at', AT, '--run', 'only'], { cwd })).toMatchObject({ code: 0 });
    const missing = bulkhead(['test', '--run', 'wrung'], { cwd });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean `wrong`?') });
  });

  it('without tests is a success, and with --require-tests a failure', () => {
    const cwd = makeFolder({ 'policies/a.seg': 'language 1\n' });
    expect(bulkhead(['test'], { cwd })).toMatchObject({ code: 0, stdout: 'no tests\n' });
    expect(bulkhead(['test', '--require-tests'], { cwd })).toMatchObject({ code: 1, stdout: 'no tests\n' });
  });

  it('never counts as met what it cannot judge', () => {
    const cwd = makeFolder({
      ...SHOP,
      'policies/later.seg': [
        'language 1',
        'host later-1 {}',
        'scenario "later" { at +0s { fail host later-1; deny internet -> web on tcp/443 } }',
        'invariant closed { never internet -> db }',
        '',
      ].join('\n'),
    });
    const run = bulkhead(['test', '--at', AT], { cwd });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('N/A   later');
    expect(run.stdout).toContain('1 not supported yet');
    expect(run.stdout).toContain('ok    closed');
  });
});

describe('graph', () => {
  const cwd = makeFolder(SHOP);
  const graph = (...words: string[]) => bulkhead(['graph', '--at', AT, ...words], { cwd });

  it.each([
    ['text', /^segments\n {2}shop-net {2}10\.10\.1\.0\/24\n/],
    ['json', /^{\n {2}"format": "bulkhead\.graph\/1",/],
    ['dot', /^digraph bulkhead {/],
    ['mermaid', /^flowchart LR\n/],
    ['svg', /^<\?xml [^>]*\?>\n<svg [\s\S]*<\/svg>\n$/],
  ])('in %s', (format, expected) => {
    const run = graph('-f', format);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(expected);
    expect(run.stdout).toContain('web-01');
  });

  it('in SVG says what is missing where the optional package is not installed', () => {
    const away = makeFolder({});
    cpSync(dirname(programPath()), join(away, 'program'), { recursive: true });
    const run = shell(`"${process.execPath}" ${away}/program/cli.js graph -f svg`, { cwd });
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('npm install @hpcc-js/wasm-graphviz'),
    });
  });
});

describe('explain', () => {
  it('prints the page of a code as it is in docs', () => {
    const page = readFileSync('docs/codes/usage-stray-dash.md', 'utf8');
    expect(bulkhead(['explain', 'usage/stray-dash'])).toEqual({ code: 0, stdout: page, stderr: '' });
  });

  it('without a code lists all of them', () => {
    const listed = bulkhead(['explain']).stdout.trimEnd().split('\n');
    expect(listed.map((line) => line.split(' ')[0])).toEqual(Object.keys(codes));
  });
});

describe('what is read', () => {
  it('without paths is what bulkhead.yaml names, here or above', () => {
    const cwd = makeFolder({
      'deep/er/.keep': '',
      'bulkhead.yaml': 'version: 1\nlayers: [rules]\n',
      'rules/a.seg': 'language 1\n',
    });
    expect(bulkhead(['check'], { cwd: join(cwd, 'deep/er') }).stdout).toContain('in 2 files, 1 layer');
  });

  it('does not look above the root of a repository', () => {
    const cwd = makeFolder({
      'bulkhead.yaml': 'nonsense',
      'repo/.git/HEAD': '',
      'repo/policies/a.seg': 'language 1\n',
    });
    expect(bulkhead(['check'], { cwd: join(cwd, 'repo') })).toMatchObject({ code: 0 });
  });

  it('is nothing where there is nothing, and the help says how to begin', () => {
    const run = bulkhead(['flows'], { cwd: makeFolder({}) });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('`bulkhead init`') });
  });

  it('can be named file by file, which belong together, and by content', () => {
    const cwd = makeFolder({ ...SHOP, 'renamed.txt': SHOP['policies/world.seg'] ?? '', 'x.dat': '\u0001' });
    const named = bulkhead(['flows', 'policies/main.seg', 'renamed.txt', '--at', AT, '--to', 'db-01'], { cwd });
    expect(named.stdout).toContain('web-01 -> db-01');
    expect(bulkhead(['check', 'x.dat'], { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('document/not-text'),
    });
  });

  it('takes the inventory of --world without its policies', () => {
    const cwd = makeFolder({
      'policies/a.seg':
        'language 1\ntiers { application default drop }\npolicy p in application { allow a: vms -> vms on tcp/80 }\n',
      'world/w.seg': `${SHOP['policies/world.seg']}`,
      'world/p.seg': 'language 1\npolicy q in application { allow b: vms -> vms on tcp/81 }\n',
    });
    const run = bulkhead(['flows', '--world', 'world', '--from', 'web-01', '--to', 'db-01'], { cwd });
    expect(run.stdout).toBe('web-01 -> db-01  tcp/80\n');
  });

  it('accepts CRLF and a byte order mark', () => {
    const main = `\uFEFF${SHOP['policies/main.seg']}`.replaceAll('\n', '\r\n');
    const cwd = makeFolder({ ...SHOP, 'policies/main.seg': main });
    expect(bulkhead(['check', '--at', AT], { cwd }).stdout).toContain('no findings');
  });

  it('has a fixed order: the answer does not depend on how files were named', () => {
    const cwd = makeFolder(SHOP);
    const files = Object.keys(SHOP);
    const forward = bulkhead(['flows', '-f', 'json', '--at', AT, ...files], { cwd });
    const backward = bulkhead(['flows', '-f', 'json', '--at', AT, ...files.toReversed()], { cwd });
    expect(forward.stdout).toBe(backward.stdout);
    expect(forward.code).toBe(0);
  });
});

describe('output', () => {
  const cwd = makeFolder(SHOP);

  it('goes to a file whole, or leaves the file as it was', () => {
    writeFileSync(join(cwd, 'old.json'), 'old');
    expect(bulkhead(['flows', '-f', 'json', '-o', 'old.json', '--at', AT], { cwd })).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(JSON.parse(read(cwd, 'old.json')).format).toBe('bulkhead.flows/1');
    writeFileSync(join(cwd, 'kept.json'), 'kept');
    const failed = bulkhead(['flows', 'nowhere', '-f', 'json', '-o', 'kept.json'], { cwd });
    expect(failed.code).toBe(2);
    expect(JSON.parse(failed.stdout).format).toBe('bulkhead.diagnostics/1');
    expect(read(cwd, 'kept.json')).toBe('kept');
  });

  it('that cannot be written is an error with the reason', () => {
    mkdirSync(join(cwd, 'taken'), { recursive: true });
    for (const path of ['no/such/file', 'taken']) {
      const run = bulkhead(['flows', '-o', path], { cwd });
      expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('workspace/cannot-write') });
    }
  });

  it('ends quietly when the reader goes away', () => {
    const many = Array.from({ length: 120 }, (_, i) => `vm v-${i} { nic n 10.1.0.${i + 1}  labels a=b }`).join('\n');
    const world = `language 1\nsegment n { subnet 10.1.0.254/24 }\n${many}\n`;
    const folder = makeFolder({ 'policies/w.seg': world, 'policies/p.seg': 'language 1\ntiers { t default allow }\n' });
    const run = shell('bulkhead flows | head -1', { cwd: folder });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n')).toHaveLength(2);
  });

  it('is colored where asked for, and only there', () => {
    const escapes = (words: readonly string[], env: Record<string, string> = {}) =>
      bulkhead(['why', 'web-01', 'db-01', 'tcp/22', '--at', AT, ...words], { cwd, env }).stdout.includes('\u001b[');
    expect(escapes([])).toBe(false);
    expect(escapes(['--color', 'always'])).toBe(true);
    expect(escapes(['--color'])).toBe(true);
    expect(escapes([], { FORCE_COLOR: '1' })).toBe(true);
    expect(escapes([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(escapes(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
    expect(escapes(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
    expect(escapes(['--color', 'auto'], { FORCE_COLOR: '1' })).toBe(false);
  });

  it('beside an answer says warnings on standard error, and nothing with --quiet', () => {
    const folder = makeFolder({ ...SHOP, 'policies/other.yaml': 'services: {}\n' });
    const loud = bulkhead(['flows', '--at', AT], { cwd: folder });
    const quiet = bulkhead(['flows', '--at', AT, '-q'], { cwd: folder });
    expect(loud.stderr).toContain('note[workspace/unrecognised]');
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout).toBe(loud.stdout);
  });
});

describe('version', () => {
  it('is that of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const words of [['version'], ['--version'], ['-V']]) {
      expect(bulkhead(words)).toEqual({ code: 0, stdout: `bulkhead ${version}\n`, stderr: '' });
    }
    expect(JSON.parse(bulkhead(['version', '-f', 'json']).stdout)).toEqual({ format: 'bulkhead.version/1', version });
  });
});
