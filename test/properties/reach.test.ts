// Reach, paths and cuts on random worlds: what is reached is what going every way reaches, and no fewer rules cut it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCut } from '../../src/analyze/reach/cut/cut.ts';
import { type CutRule, withDenied } from '../../src/analyze/reach/cut/denied.ts';
import { findShortestPath } from '../../src/analyze/reach/path.ts';
import type { ReachQuestion } from '../../src/analyze/reach/question.ts';
import { reach } from '../../src/analyze/reach/reach.ts';
import { rulesOf } from '../../src/analyze/reach/witness.ts';
import { bindRoot } from '../../src/bind/bind.ts';
import type { Endpoint } from '../../src/bind/question/endpoint.ts';
import { buildSnapshot, type Snapshot } from '../../src/engine/pipeline.ts';
import type { Expectation } from '../../src/model/expectation.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { makeSource } from '../../src/text/source.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { pick } from './arbitrary.ts';
import { closed, reachOf, tableOf } from './claims.ts';
import { peer } from './peers.ts';
import { now as AT, match, serviceSets } from './pools.ts';
import { type Random, random } from './questions.ts';
import { worlds } from './worlds.ts';

const SEED = 5;
const WORLDS = Number(process.env.REACH_WORLDS ?? sampleSize(60));

const question = fc.record({
  direction: pick<'from' | 'to'>('from', 'to'),
  of: peer(true),
  service: fc.option(pick(...serviceSets).map((set) => match(set, { text: 'named' }))),
  hops: fc.option(fc.integer({ min: 1, max: 3 })),
});

describe('chains in random worlds', () => {
  it('reach what going every way reaches', () => {
    const counts: Record<string, number> = {};
    const count = (what: string): void => {
      counts[what] = (counts[what] ?? 0) + 1;
    };
    const drawn = fc.sample(fc.tuple(worlds.map(closed), fc.array(question, { minLength: 3, maxLength: 3 })), {
      seed: SEED,
      numRuns: WORLDS,
    });
    for (const [index, [layers, questions]] of drawn.entries()) {
      const { snapshot } = buildSnapshot(layers, { at: AT });
      const table = tableOf(snapshot.evaluator);
      for (const [position, { of, ...rest }] of questions.entries()) {
        const where = `world ${index}, question ${position}`;
        const asked: ReachQuestion = { ...rest, of: { kind: 'every', peer: of, layer: 'layer0' }, only: null };
        const found = reach(snapshot.evaluator, asked);
        if ('problem' in found) throw new Error(found.problem);
        if (rest.service === null) {
          const budget = {
            kind: 'budget',
            name: '',
            module: null,
            of,
            atMost: 0,
            span: { file: '', start: 0, end: 0 },
            ...rest,
          } as const;
          const { sure, possible } = reachOf(table, 0, budget satisfies Expectation);
          const workloads = found.reached.filter(({ kind }) => kind === 'workload');
          expect(workloads.length, where).toBe(possible);
          expect(workloads.filter(({ certain }) => certain).length, where).toBe(sure);
        }
        for (const { certain, by } of found.reached) {
          expect(by.witness.decision.verdict === 'allow' || !certain, where).toBe(true);
        }
        if (rest.direction === 'from') {
          const path = findShortestPath(snapshot.evaluator, {
            ...asked,
            direction: 'from',
            only: { kind: 'every', peer: { kind: 'select', kinds: null, where: null, span: null }, layer: 'layer0' },
          });
          if ('problem' in path) throw new Error(path.problem);
          count(`path ${path.outcome}`);
          for (const hop of path.hops)
            if (path.outcome === 'path') expect(hop.witness.decision.verdict, where).toBe('allow');
          for (const hop of path.hops) expect(rulesOf(hop.witness.decision).length >= 0).toBe(true);
        }
      }
    }
    console.log(`${WORLDS} worlds (seed ${SEED}): ${JSON.stringify(counts)}`);
    for (const what of ['path none', 'path path']) expect(counts[what] ?? 0, what).toBeGreaterThan(0);
  }, 120_000);
});

describe('cuts of random chains', () => {
  it('contain, and no fewer rules do', () => {
    const counts: Record<string, number> = {};
    for (let world = 0; world < CUTS; world++) {
      const next = random(SEED + world);
      const snapshot = chains(next);
      const [from, to] = [`v${next(MACHINES)}`, `v${next(MACHINES)}`];
      const end = (id: string): Endpoint => ({ kind: 'one', ref: { kind: 'workload', id, interface: null } });
      const only = next(3) === 0 ? null : end(to);
      const asked: ReachQuestion = {
        direction: next(4) === 0 && only === null ? 'to' : 'from',
        of: end(from),
        only,
        service: null,
        hops: next(3) === 0 ? 2 : null,
      };
      const cut = findCut(snapshot, asked);
      if ('problem' in cut) throw new Error(cut.problem);
      const where = `world ${world}`;
      expect(cut.outcome, where).toBe('minimum');
      expect(isContained(snapshot, asked, cut.rules), where).toBe(true);
      const fewer = subsets(allowRules(snapshot), cut.rules.length - 1);
      expect(
        fewer.some((rules) => isContained(snapshot, asked, rules)),
        where,
      ).toBe(false);
      counts[cut.rules.length] = (counts[cut.rules.length] ?? 0) + 1;
    }
    console.log(`${CUTS} cuts (seed ${SEED}), by size: ${JSON.stringify(counts)}`);
    for (const size of [0, 1, 2]) expect(counts[size] ?? 0, `${size}`).toBeGreaterThan(0);
  }, 60_000);
});

const CUTS = Number(process.env.CUT_WORLDS ?? sampleSize(200));
const MACHINES = 6;

/** Six machines in which nothing is allowed but by a dozen rules: some at one end only, some for several machines. */
function chains(next: Random): Snapshot {
  const machines = Array.from({ length: MACHINES }, (_, i) => `v${i}`);
  const some = (): string => {
    const [a, b] = [machines[next(MACHINES)], machines[next(MACHINES)]];
    return next(3) === 0 && a !== b ? `(${a} or ${b})` : `${a}`;
  };
  const rules = Array.from({ length: 12 }, (_, i) => {
    const way = ['', '', 'out ', 'in '][next(4)];
    return `  allow ${way}r${i}: ${some()} -> ${some()} on tcp/${1 + next(3)}-${3 + next(3)}`;
  });
  const text = [
    'language 1\ntiers { application default drop }\nsegment n { subnet 10.0.0.1/24 }',
    ...machines.map((id, i) => `vm ${id} { nic n 10.0.0.${10 + i} }`),
    `policy p in application {\n${rules.join('\n')}\n}\n`,
  ].join('\n');
  const bound = bindRoot([parsePolicyFile(makeSource('p.seg', text)).tree], { name: 'policies' });
  return buildSnapshot([bound.layer], { at: AT }).snapshot;
}

function isContained(snapshot: Snapshot, question: ReachQuestion, rules: readonly CutRule[]): boolean {
  const found = reach(withDenied(snapshot, rules).evaluator, question);
  return 'reached' in found && found.reached.length === 0;
}

function allowRules({ evaluator }: Snapshot): readonly CutRule[] {
  const ids = evaluator.ruleset.layers.flatMap(({ index, rules }) =>
    rules.flatMap(({ action, rule }) => (action === 'allow' ? [`${index} ${rule.id}`] : [])),
  );
  return [...new Set(ids)].map((key) => {
    const [layer = '', id = ''] = key.split(' ');
    return { layer: Number(layer), id };
  });
}

/** Every set of so many; none for a negative number. */
function subsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size < 0) return [];
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}
