// From paths to layers: what belongs together, what each is called, and what is said of the rest.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { makeFolder } from '../cli/program.ts';

const POD = (name: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
`;
const INVENTORY =
  'format: bulkhead.inventory/1\nworkloads:\n  - id: cart-01\n    kind: vm\n    labels: { tier: cart }\n';
const ROOT = 'language 1\ntiers { application default drop }\nlabel tier in { cart, web }\n';

function load(files: Record<string, string>, paths: readonly string[], world: readonly string[] = []) {
  const cwd = makeFolder(files);
  const workspace = loadWorkspace({ paths, world, cwd });
  return {
    cwd,
    workspace,
    layers: workspace.layers.map(({ name, kind, world: { workloads } }) => [
      name,
      kind,
      workloads.map(({ id }) => id).join(),
    ]),
    findings: workspace.diagnostics
      .filter(({ code }) => !code.startsWith('kubernetes/'))
      .map(({ code, severity }) => `${severity} ${code}`),
  };
}

describe('a folder', () => {
  it('with policies is a root, to which its inventories belong', () => {
    const { layers, findings } = load(
      { 'p/a.seg': ROOT, 'p/deep/b.seg': 'language 1\n', 'p/inventory.yaml': INVENTORY },
      ['p'],
    );
    expect(layers).toEqual([['p', 'root', 'cart-01']]);
    expect(findings).toEqual([]);
  });

  it('with manifests is one cluster, whatever the names of the files', () => {
    const { layers } = load({ 'c/one.json': POD('a'), 'c/two.yml': `${POD('b')}---\n${POD('c')}` }, ['c']);
    expect(layers).toEqual([['c', 'import', 'shop/a,shop/b,shop/c']]);
  });

  it('with both is two layers of different names', () => {
    const { layers } = load({ 'p/a.seg': ROOT, 'p/pods.yaml': POD('a') }, ['p']);
    expect(layers).toEqual([
      ['p', 'root', ''],
      ['p-2', 'import', 'shop/a'],
    ]);
  });

  it('with an inventory alone is a world without a word on flows', () => {
    const { layers, workspace } = load({ 'w/machines.yaml': INVENTORY }, ['w']);
    expect(layers).toEqual([['w', 'import', 'cart-01']]);
    expect(workspace.layers[0]).toMatchObject({ tiers: [], governs: { kind: 'nothing' } });
  });

  it('that is named twice, or by another name too, is read once', () => {
    const files = { 'p/a.seg': ROOT };
    const cwd = makeFolder(files);
    symlinkSync(join(cwd, 'p'), join(cwd, 'q'));
    const { layers } = loadWorkspace({ paths: ['p', './p/', 'q', join(cwd, 'p')], world: [], cwd });
    expect(layers.map(({ name }) => name)).toEqual(['p']);
  });

  it('says of what it cannot make use of that it is left out', () => {
    const { findings } = load({ 'p/a.seg': ROOT, 'p/compose.yaml': 'services: {}\n', 'p/notes.md': '#' }, ['p']);
    expect(findings).toEqual(['note workspace/unrecognised']);
  });

  it('with nothing in it is an error', () => {
    expect(load({ 'p/notes.md': '#' }, ['p']).findings).toEqual(['error workspace/nothing-to-read']);
  });
});

describe('files that are named one by one', () => {
  it('belong together', () => {
    const { layers } = load(
      { 'a.seg': ROOT, 'b.seg': 'language 1\nvm w { labels tier=web }\n', 'x.yaml': POD('a'), 'y.yaml': POD('b') },
      ['a.seg', 'b.seg', 'x.yaml', 'y.yaml'],
    );
    expect(layers).toEqual([
      ['a', 'root', 'w'],
      ['a-2', 'import', 'shop/a,shop/b'],
    ]);
  });

  it('are what they hold, not what they are called', () => {
    const { layers, findings } = load({ 'policy.txt': `// mine\n\n${ROOT}`, pods: POD('a') }, ['policy.txt', 'pods']);
    expect(layers.map(([, kind]) => kind)).toEqual(['root', 'import']);
    expect(findings).toEqual([]);
  });

  it('are refused when nothing is known about them, and when they are empty', () => {
    expect(load({ 'compose.yaml': 'services: {}\n' }, ['compose.yaml']).findings).toEqual([
      'error workspace/unrecognised',
    ]);
    expect(load({ 'empty.yaml': '\n' }, ['empty.yaml']).findings).toEqual(['error workspace/unrecognised']);
  });

  it('that do not exist are told with the nearest that does', () => {
    const { workspace } = load({ 'policies/a.seg': ROOT }, ['polcies']);
    expect(workspace.diagnostics).toMatchObject([{ code: 'workspace/no-such-path', help: 'did you mean `policies`?' }]);
  });
});

describe('several layers', () => {
  it('keep the order in which they were named, with names of their own', () => {
    const { layers } = load({ 'x/p/a.seg': ROOT, 'y/p/a.seg': 'language 1\ntiers { t default drop }\n' }, [
      'y/p',
      'x/p',
    ]);
    expect(layers.map(([name]) => name)).toEqual(['p', 'p-2']);
  });

  it('may speak of each other’s workloads: roots of clusters and of other roots', () => {
    const rule = 'policy p in application { allow a: workload "shop/a" -> workload w on tcp/80 }\n';
    const { findings } = load(
      { 'one/a.seg': ROOT + rule, 'two/b.seg': 'language 1\nvm w\n', 'c/pods.yaml': POD('a') },
      ['one', 'two', 'c'],
    );
    expect(findings.filter((finding) => finding.startsWith('error'))).toEqual([]);
    const alone = load({ 'one/a.seg': `${ROOT}${rule}vm z\n` }, ['one']);
    expect(alone.findings.filter((finding) => finding.startsWith('error'))).toHaveLength(2);
  });

  it('added as worlds lose their rules and keep their workloads, after all others', () => {
    const { layers, workspace } = load(
      {
        'p/a.seg': ROOT,
        'w/b.seg': 'language 1\ntiers { t default allow }\npolicy p in t { allow a: any -> any }\nvm w\n',
        'c/pods.yaml': POD('a'),
      },
      ['p'],
      ['w', 'c'],
    );
    expect(layers).toEqual([
      ['p', 'root', ''],
      ['w', 'import', 'w'],
      ['c', 'import', 'shop/a'],
    ]);
    expect(
      workspace.layers.slice(1).every(({ policies, governs }) => policies.length === 0 && governs?.kind === 'nothing'),
    ).toBe(true);
  });
});

describe('bulkhead.yaml', () => {
  const files = {
    'bulkhead.yaml': 'version: 1\nlayers: [rules]\nworld: world\n',
    'rules/a.seg': ROOT,
    'world/i.yaml': INVENTORY,
    'other/b.seg': ROOT,
  };

  it('says what is read where nothing is named', () => {
    expect(load(files, []).layers.map(([name]) => name)).toEqual(['rules', 'world']);
  });

  it('does not add its world to layers that are named', () => {
    expect(load(files, ['other']).layers.map(([name]) => name)).toEqual(['other']);
  });

  it('with an error in it is not replaced by a guess', () => {
    const { layers, findings } = load(
      { ...files, 'bulkhead.yaml': 'version: 1\nlayer: [rules]\n', 'policies/c.seg': ROOT },
      [],
    );
    expect(findings).toContain('error config/unknown-key');
    expect(layers.map(([name]) => name)).not.toContain('rules');
  });
});
