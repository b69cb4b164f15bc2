// Whatever the documents are, the importer ends soon, says what is wrong, and never throws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { importKubernetes } from '../../../src/importers/kubernetes/import-kubernetes.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { kubernetesWorlds, type Raw } from '../../properties/kubernetes-worlds.ts';
import { load, SHOP } from './kit.ts';

const SEED = 5;
const asText = (objects: readonly unknown[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

/** Any value in place of one that is there. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1e300,
    true,
    'x',
    [],
    {},
    [null],
    [[]],
    { '': {} },
    'toString',
    '10.0.0.0/8',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The objects with one value replaced. */
function damage(objects: readonly Raw[], at: number, value: unknown): unknown {
  let count = 0;
  const visit = (node: unknown): unknown => {
    if (count++ === at) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, visit(item)]));
  };
  return visit(objects);
}

describe('documents of any kind', () => {
  it('with a value replaced by another are read, reported and can be evaluated', () => {
    let reported = 0;
    fc.assert(
      fc.property(kubernetesWorlds, fc.nat(400), junk, ({ objects }, at, value) => {
        const text = asText(damage(objects, at, value) as readonly unknown[]);
        const { layer, diagnostics } = importKubernetes([{ name: 'a.json', text }], { name: 'cluster' });
        if (diagnostics.some(({ severity }) => severity !== 'note')) reported++;
        for (const { span } of diagnostics)
          expect(span === null || (span.start >= 0 && span.end <= text.length)).toBe(true);
        buildSnapshot([layer], { at: 0 });
      }),
      { seed: SEED, numRuns: sampleSize(500) },
    );
    expect(reported).toBeGreaterThan(50);
  });

  it('that are nothing of the sort are read, too', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), (values) => {
        importKubernetes(
          values.map((value, i) => ({ name: `${i}`, text: JSON.stringify(value) })),
          { name: 'cluster' },
        );
      }),
      { seed: SEED, numRuns: sampleSize(500) },
    );
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('with the key %s do no harm', (key) => {
    const pod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "n", "labels": {"${key}": "v"}, "${key}": {"name": "y"}}}`;
    const { layer } = load(pod);
    expect(layer.world.workloads.map(({ id, labels }) => [id, labels.get(key)])).toEqual([['n/x', ['v']]]);
    expect(({} as Record<string, unknown>).name).toBeUndefined();
  });

  it.each([
    ['cut off', SHOP.slice(0, SHOP.length - 40).concat('"')],
    ['binary', `${SHOP}\u0000`],
    ['a page of the web', '<!DOCTYPE html><html><body>404: not found</body></html>'],
    ['a list of something else', '{"apiVersion": "v1", "kind": "List", "items": 7}'],
    [
      'a list in itself',
      '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "List", "items": [{}]}]}',
    ],
  ])('that are %s say so', (_, text) => {
    const { diagnostics } = load(text);
    expect(diagnostics.some(({ severity, span }) => severity !== 'note' && span !== null)).toBe(true);
  });
});

describe('large clusters', () => {
  const pods = (count: number): readonly Raw[] =>
    Array.from({ length: count }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `pod-${i}`,
        namespace: `ns-${i % 50}`,
        labels: { app: `app-${i % 40}`, tier: i % 2 ? 'a' : 'b' },
      },
      spec: { nodeName: `n${i % 100}`, containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 80 }] }] },
      status: { phase: 'Running', podIPs: [{ ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }] },
    }));
  const policies = (count: number, spec: (i: number) => Raw): readonly Raw[] =>
    Array.from({ length: count }, (_, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `np-${i}`, namespace: `ns-${i % 50}` },
      spec: spec(i),
    }));
  const usual = (i: number): Raw => ({
    podSelector: { matchLabels: { app: `app-${i % 40}` } },
    ingress: [{ from: [{ podSelector: { matchLabels: { tier: 'a' } } }], ports: [{ port: 'http' }] }],
  });

  it('of 5,000 pods and 1,000 policies are read', () => {
    const text = asText([...pods(5000), ...policies(1000, usual)]);
    const { layer } = load(text);
    expect([layer.world.workloads.length, layer.policies.length]).toEqual([5000, 1000]);
  });

  it('are told of every selector that selects nobody', () => {
    const dead = (i: number): Raw => ({
      podSelector: { matchLabels: { app: `nope-${i}` } },
      ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { tier: `c${i}` } } }] }],
    });
    const text = asText([...pods(5000), ...policies(1000, dead)]);
    expect(load(text).diagnostics.filter(({ code }) => code === 'kubernetes/dead-selector')).toHaveLength(2000);
  });

  it('may have long lists and wide objects', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => `v${i}`);
    const labels = Object.fromEntries(values.map((value) => [value, value]));
    const wide = policies(1, () => ({
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values }] },
      ingress: [{ from: values.slice(0, 5000).map((app) => ({ podSelector: { matchLabels: { app } } })) }],
    }));
    const text = asText([
      ...pods(500),
      ...wide,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'wide', labels } },
    ]);
    const { layer } = load(text);
    expect([layer.world.workloads.length, layer.policies.length]).toEqual([500, 1]);
  });
});
