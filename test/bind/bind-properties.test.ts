// Whatever the parser makes of a text, binding it ends, does not throw, and points only into that text; and it is fast.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoundRoot, bindRoot } from '../../src/bind/bind.ts';
import { parseFlowQuestion } from '../../src/bind/question/flow.ts';
import { makeQuestionNames } from '../../src/bind/question/question-names.ts';
import type { Peer } from '../../src/model/peer.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { makeSource } from '../../src/text/source.ts';
import { sampleSize } from '../kit/sample-size.ts';

const SEED = 20270131;
const folder = fileURLToPath(new URL('../../policies', import.meta.url));

function listFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return path.endsWith('.seg') ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

const examples = listFiles(folder).map((path) => readFileSync(path, 'utf8'));
const pages = fileURLToPath(new URL('../../docs/codes', import.meta.url));
const snippets = readdirSync(pages)
  .filter((name) => /^(check|world)-/.test(name))
  .flatMap((name) =>
    [...readFileSync(join(pages, name), 'utf8').matchAll(/```seg\n([\s\S]*?)```/g)].map(([, text = '']) => text),
  );

function bindAll(texts: readonly string[]): BoundRoot {
  const trees = texts.map((text, i) => parsePolicyFile(makeSource(`f${i}`, text)).tree);
  return bindRoot(trees, { name: 'root' });
}

/** Holds for every root, whatever was wrong in it. */
function expectSound(root: BoundRoot, texts: readonly string[]): void {
  for (const { span, notes, message } of root.diagnostics) {
    for (const place of [span, ...notes.map((note) => note.span)]) {
      if (place === null) continue;
      const length = texts[Number(place.file.slice(1))]?.length ?? -1;
      if (!(place.start >= 0 && place.start <= place.end && place.end <= length)) {
        throw new Error(`${message}: ${JSON.stringify(place)} is outside its text of ${length}`);
      }
    }
  }
  const { groups, policies, tiers } = root.layer;
  const known = (peer: Peer): boolean => peer.kind !== 'group' || groups.has(peer.group);
  const rules = policies.flatMap((policy) => policy.rules);
  expect(rules.every((rule) => known(rule.source) && known(rule.destination))).toBe(true);
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  expect(policies.every((policy) => tiers.some((tier) => tier.name === policy.tier))).toBe(true);
  expectNoGroupCycle(root);
}

function expectNoGroupCycle({ layer: { groups } }: BoundRoot): void {
  const depths = new Map<string, number>();
  const depthOf = (id: string, open: ReadonlySet<string>): number => {
    if (open.has(id)) throw new Error(`the group ${id} is defined by itself`);
    const known = depths.get(id);
    if (known !== undefined) return known;
    const inner = new Set([...open, id]);
    const depth = Math.max(0, ...namedIn(groups.get(id)?.peer).map((other) => 1 + depthOf(other, inner)));
    depths.set(id, depth);
    return depth;
  };
  for (const id of groups.keys()) depthOf(id, new Set());
}

function namedIn(peer: Peer | undefined): readonly string[] {
  return [
    ...JSON.stringify(peer ?? null, (_, v) => (typeof v === 'bigint' ? String(v) : v)).matchAll(
      /"kind":"group","group":"([^"]*)"/g,
    ),
  ].map(([, id = '']) => id);
}

describe('random changes of valid texts', () => {
  it('the texts themselves are many, and bind', () => {
    expect(examples.length).toBeGreaterThan(10);
    expect(snippets.length).toBeGreaterThan(80);
    const root = bindAll(examples);
    expect(root.layer.policies.length).toBeGreaterThan(20);
    expect(root.layer.world.workloads.length).toBeGreaterThan(30);
    expectSound(root, examples);
  });

  const words = [...new Set(snippets.join(' ').match(/[A-Za-z0-9_.:/-]+|[^\sA-Za-z0-9]/g) ?? [])];
  const word = fc.constantFrom(...words);
  /** A text with some of its words replaced, removed, repeated or swapped with another's. */
  const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'remove', 'repeat'), word), { maxLength: 4 }),
      )
      .map(([text, edits]) => {
        const parts = text.split(/([A-Za-z0-9_.:/-]+)/);
        for (const [at, edit, other] of edits) {
          const i = (at % parts.length) | 1;
          if (parts[i] === undefined) continue;
          parts[i] = edit === 'replace' ? other : edit === 'remove' ? '' : `${parts[i]} ${parts[i]}`;
        }
        return parts.join('');
      });

  it('bind without throwing, several files together', () => {
    let bound = 0;
    let diagnosed = 0;
    fc.assert(
      fc.property(fc.array(mutated(snippets), { minLength: 1, maxLength: 4 }), (texts) => {
        const root = bindAll(texts);
        expectSound(root, texts);
        bound += root.layer.policies.length + root.layer.groups.size + root.layer.world.workloads.length;
        diagnosed += root.diagnostics.length;
      }),
      { seed: SEED, numRuns: sampleSize(400) },
    );
    expect(bound).toBeGreaterThan(sampleSize(400) / 2);
    expect(diagnosed).toBeGreaterThan(sampleSize(400) / 2);
  });

  it('bind without throwing, whole files of a real root', () => {
    fc.assert(
      fc.property(mutated(examples), fc.nat(), (text, at) => {
        const texts = examples.map((example, i) => (i === at % examples.length ? text : example));
        expectSound(bindAll(texts), texts);
      }),
      { seed: SEED, numRuns: 5 },
    );
  });

  it('repeat to the letter', () => {
    fc.assert(
      fc.property(mutated(snippets), (text) => {
        expect(bindAll([text]).diagnostics).toEqual(bindAll([text]).diagnostics);
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it('as questions are answered or refused, never thrown', () => {
    const names = makeQuestionNames([bindAll(examples).layer]);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (parts) => {
        const { flow, diagnostics } = parseFlowQuestion(makeSource('line', parts.join(' ')), names);
        expect(flow !== null || diagnostics.length > 0).toBe(true);
      }),
      { seed: SEED, numRuns: sampleSize(1000) },
    );
  });
});

describe('a large root', () => {
  const workloads = Array.from(
    { length: 10_000 },
    (_, i) =>
      `vm w${i} on h${i % 100} { nic net-${i % 50} 10.${i % 50}.${(i / 50 / 250) | 0}.${2 + (((i / 50) | 0) % 250)}  labels app=a${i % 40} tier=${['web', 'api', 'db'][i % 3]} }`,
  );
  const lines = [
    'label app',
    'label tier in { web, api, db }',
    ...Array.from({ length: 100 }, (_, i) => `host h${i}`),
    ...Array.from({ length: 50 }, (_, i) => `segment net-${i} { subnet 10.${i}.0.1/16 }`),
    ...workloads,
    ...Array.from(
      { length: 200 },
      (_, i) => `group g${i} = vms where app == a${i % 40} and tier == ${['web', 'api', 'db'][i % 3]}`,
    ),
    ...Array.from(
      { length: 100 },
      (_, p) =>
        `policy p${p} in application priority ${p} {\n${Array.from({ length: 10 }, (_, r) => `  allow r${r}: g${(p + r) % 200} -> g${(p * 7 + r) % 200} or w${p * 10 + r} on tcp/${1000 + r}, udp/53`).join('\n')}\n}`,
    ),
  ];

  it('of 10,000 workloads and 1,000 rules binds', () => {
    const { tree, diagnostics } = parsePolicyFile(makeSource('f0', lines.join('\n')));
    const root = bindRoot([tree], { name: 'root' });
    expect([...diagnostics, ...root.diagnostics]).toEqual([]);
    expect(root.layer.world.workloads).toHaveLength(10_000);
    expect(root.layer.policies.flatMap((policy) => policy.rules)).toHaveLength(1000);
  });
});
