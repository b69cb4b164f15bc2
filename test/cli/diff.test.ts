// `diff` and `equiv` as a user runs them: folders, kinds against each other, revisions, and everything that can be
// wrong with what they are given. Nothing is ever written.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';
import { AT, SHOP } from './shop.ts';

const OPENED =
  SHOP['policies/main.seg']?.replace('  reject no-db', '  allow more: web -> db on tcp/8000-8010\n  reject no-db') ??
  '';

function git(cwd: string, ...words: readonly string[]): void {
  const run = spawnSync('git', ['-c', 'user.email=a@example.org', '-c', 'user.name=a', ...words], { cwd });
  if (run.status !== 0) throw new Error(run.stderr.toString());
}

/** A repository whose working tree opens more than its last commit. */
function makeRepository(): string {
  const cwd = makeFolder(SHOP);
  git(cwd, 'init', '-q', '-b', 'main');
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '-m', 'first');
  writeFileSync(join(cwd, 'policies/main.seg'), OPENED);
  return cwd;
}

const diff = (cwd: string, ...words: readonly string[]) => bulkhead(['diff', ...words, '--at', AT], { cwd });
const rowsOf = (cwd: string, ...words: readonly string[]) => JSON.parse(diff(cwd, ...words, '-f', 'json').stdout);

describe('the working tree against a revision', () => {
  const cwd = makeRepository();

  it('shows what is opened, with a flow as proof and the rules of both sides', () => {
    const { code, stdout, stderr } = diff(cwd, 'main');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^\+1 row gained, nothing lost \(\d+ pairs unchanged\)\n\n\+ \S*web -> \S+ {2}tcp\/8000-8010\n/,
    );
    expect(stdout).toMatch(/for example web-\d+ -> db-\d+ on tcp\/8000\n/);
    expect(stdout).toMatch(/before {2}reject {2}leaving: shop\.no-db {2}\(main:policies\/main\.seg:\d+\)/);
    expect(stdout).toMatch(/after {3}allow {2}leaving: \S+\.more {2}\(policies\/main\.seg:\d+\)/);
  });

  it('is lost the other way round, and equal to itself', () => {
    expect(diff(cwd, 'policies', 'git:main').stdout).toContain('nothing gained, -1 row lost');
    expect(diff(cwd, 'policies', 'policies').stdout).toContain('the same flows are allowed');
    expect(bulkhead(['equiv', 'HEAD', 'git:HEAD:policies'], { cwd }).code).toBe(0);
  });

  it('ends with 1 only where that is asked for', () => {
    expect(diff(cwd, 'main').code).toBe(0);
    expect(diff(cwd, 'main', '--exit-code').code).toBe(1);
    expect(diff(cwd, 'main', 'main', '--exit-code').code).toBe(0);
    const { code, stdout } = bulkhead(['equiv', 'main'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not equal: the newer alone allows web-\d+ -> db-\d+ on tcp\/8000\n/);
  });

  it('is a document of rows', () => {
    const document = rowsOf(cwd, 'main');
    expect(Object.keys(document)).toEqual(['format', 'gained', 'lost', 'unchangedPairs']);
    expect(document.lost).toEqual([]);
    expect(document.gained).toHaveLength(1);
    const [row] = document.gained;
    expect(row.services).toEqual([{ protocol: 'tcp', ports: [[8000, 8010]] }]);
    expect(row.witness.service).toEqual({ protocol: 'tcp', port: 8000, sourcePort: 40000 });
    expect([row.decidedBy.before.verdict, row.decidedBy.after.verdict]).toEqual(['reject', 'allow']);
    expect(row.decidedBy.before.points[0].file).toMatch(/^main:policies\//);
    expect(rowsOf(cwd, 'main', '--by', 'workload').gained.length).toBeGreaterThan(1);
  });

  it('is the same from a folder further down', () => {
    const from = join(cwd, 'policies');
    expect(diff(from, 'git:main:./main.seg', 'main.seg', '--world', '.').code).toBe(0);
    expect(diff(from, 'git:main:policies').stdout).toContain('+1 row gained');
    expect(diff(from, 'main:policies/').stdout).toContain('+1 row gained');
  });
});

/** A small boutique: a policy each for two services, and one that isolates everybody. */
const allow = (to: string, from: string, port: number): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${to}, namespace: boutique }
spec:
  podSelector: { matchLabels: { app: ${to} } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: ${from} } } }], ports: [{ port: ${port}, protocol: TCP }] }]
  egress: [{}]
`;
const pod = (app: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${app}, namespace: boutique, labels: { app: ${app} } }\nspec: { containers: [{ name: c, image: i }] }\n`;
const BOUTIQUE = {
  'pods.yaml': ['frontend', 'cart', 'redis'].map(pod).join('---\n'),
  'deny-all.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny-all, namespace: boutique }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`,
  'cart.yaml': allow('cart', 'frontend', 7070),
  'frontend.yaml': allow('frontend', 'nobody', 8080),
  'redis.yaml': allow('redis', 'cart', 6379),
};

describe('manifests', () => {
  const files = (folder: string, without: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(BOUTIQUE).flatMap(([name, text]) => (name === without ? [] : [[`${folder}/${name}`, text]])),
    );
  const cwd = makeFolder({ ...files('old', ''), ...files('new', 'redis.yaml'), 'empty/README.md': '' });

  it('without one of their policies lose exactly what it allowed', () => {
    const document = rowsOf(cwd, 'old', 'new');
    expect(document.gained).toEqual([]);
    const rows = document.lost.map(
      ({ source, destination, services }: Record<string, { id?: string; kind: string }>) => [
        source?.id ?? source?.kind,
        destination?.id ?? destination?.kind,
        services,
      ],
    );
    expect(rows).toContainEqual(['boutique/cart', 'boutique/redis', [{ protocol: 'tcp', ports: [[6379, 6379]] }]]);
    // Nobody else lost anything but redis what it could open itself.
    expect(rows.filter(([source]: string[]) => source !== 'boutique/redis')).toHaveLength(1);
    const { stdout } = diff(cwd, 'old', 'new');
    expect(stdout).toContain('(old/redis.yaml:7)');
  });

  it('allow what the policies allow that `import` writes of them', () => {
    expect(bulkhead(['import', 'old', '-o', 'seg', '-q'], { cwd }).code).toBe(0);
    const { code, stdout } = bulkhead(['equiv', 'old', 'seg'], { cwd });
    expect([code, stdout]).toEqual([0, 'equal: both allow the same flows\n']);
    expect(bulkhead(['equiv', 'new', 'seg'], { cwd }).code).toBe(1);
    expect(JSON.parse(bulkhead(['equiv', 'old', 'seg', '-f', 'json'], { cwd }).stdout)).toEqual({
      format: 'bulkhead.equiv/1',
      equal: true,
    });
  });

  it('that are not there, or no manifests, are no side', () => {
    expect(diff(cwd, 'old', 'nwe').stderr).toContain('error[git/no-repository]');
    expect(diff(cwd, './old', './nwe').stderr).toContain('did you mean `new`?');
    expect(diff(cwd, 'old', 'empty').stderr).toContain('error[workspace/nothing-to-read]');
  });
});

describe('what cannot be compared', () => {
  const cwd = makeRepository();
  const listing = () => readdirSync(cwd, { recursive: true }).map(String).sort();

  it.each([
    [['mian'], 'git/unknown-revision', 'did you mean `main`?'],
    [['HEAD~7'], 'git/unknown-revision', ''],
    [['git:--upload-pack=touch x'], 'git/unknown-revision', ''],
    [['git:main:nowhere'], 'workspace/no-such-path', 'git:main:nowhere'.slice(4)],
    [['main', 'policies/nowhere.seg'], 'git/unknown-revision', ''],
    [['main', '--by', 'colour'], 'usage/invalid-value', 'group'],
    [[], 'usage/missing-argument', ''],
    [['main', 'main', 'main'], 'usage/excess-argument', ''],
    [['main', '--exit-cod'], 'usage/unknown-option', '--exit-code'],
  ])('%j: %s', (words, code, text) => {
    const before = listing();
    const run = diff(cwd, ...words);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(`error[${code}]: `);
    expect(run.stderr).toContain(text);
    expect(listing()).toEqual(before);
  });

  it('is said of both sides, in a document too', () => {
    const run = diff(cwd, 'nope', 'nada', '-f', 'json', '-o', 'out.json');
    expect(run.code).toBe(2);
    const { format, diagnostics } = JSON.parse(run.stdout);
    expect(format).toBe('bulkhead.diagnostics/1');
    expect(diagnostics).toHaveLength(2);
    expect(listing()).not.toContain('out.json');
  });
});
