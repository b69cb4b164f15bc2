// Deltas between contents: they lead exactly from one to the other, say nothing where nothing changed, leave rules alone
// where only members changed, and are refused by any other content.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startLive } from '../../../src/engine/live/live.ts';
import { prepareBundles } from '../../../src/exporters/bundle/build.ts';
import { canonicalText } from '../../../src/exporters/bundle/canonical.ts';
import type { BundleContent } from '../../../src/exporters/bundle/content.ts';
import { applyDelta, type ContentDelta, delta, isEmptyDelta } from '../../../src/exporters/bundle/delta.ts';
import { guardedNodes } from '../../../src/exporters/bundle/guarded.ts';
import type { Change } from '../../../src/model/change.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { type Chance, chance, drawChange, drawRewrite } from '../../properties/edits.ts';
import { now } from '../../properties/pools.ts';
import { worlds } from '../../properties/worlds.ts';
import { drawScope } from './point-kit.ts';

const SEED = Number(process.env.SEED ?? 5);
const WORLDS = Number(process.env.WORLDS ?? sampleSize(100));
const STEPS = 6;

const nothing: ContentDelta = {
  rules: { upsert: [], delete: [] },
  groups: { upsert: [], change: [], delete: [] },
  places: { upsert: [], delete: [] },
};

/** Who is a member changes, and nothing else. */
function relabel(workload: string, draw: Chance): Change {
  const labels = new Map([['tier', [['web', 'api', 'db'][draw(3)] as string]]]);
  return { kind: 'set', workload, labels, span: null };
}

/** The content after the delta, read back from JSON as a point reads it. */
function applied(content: BundleContent, change: ContentDelta): string {
  const result = applyDelta(JSON.parse(JSON.stringify(content)), JSON.parse(JSON.stringify(change)));
  return result.kind === 'applied' ? canonicalText(result.content) : result.problem;
}

describe('deltas of a live engine', () => {
  it('lead from each content to the next, there and back', () => {
    const counts = { edits: 0, empty: 0, members: 0, rules: 0, layers: 0, places: 0, refused: 0 };
    for (const [serial, layers] of fc.sample(worlds, { numRuns: WORLDS, seed: SEED }).entries()) {
      const draw = chance(SEED + serial);
      const { live, diagnostics } = startLive(layers, now);
      if (hasErrors(diagnostics)) continue;
      const scope = drawScope(layers, draw);
      let before = prepareBundles(live.snapshot()).contentFor(scope);
      for (let step = 0; step < STEPS; step++) {
        const { layers: current } = live.snapshot();
        const guarded = guardedNodes(live.snapshot().evaluator.universe, scope);
        const others = current.flatMap(({ world }) => world.workloads.map(({ id }) => id));
        const change: Change | null =
          draw(3) === 0
            ? relabel(others[draw(others.length)] as string, draw)
            : draw(4) === 0
              ? null
              : drawChange(current, serial * 100 + step, draw);
        const update =
          change === null ? live.update(drawRewrite(current, draw), live.snapshot().at) : live.apply(0, [change]);
        if (hasErrors(update.diagnostics)) continue;
        counts.edits++;
        const { universe } = live.snapshot().evaluator;
        const after = prepareBundles(live.snapshot()).contentFor(scope);
        const made = delta(before, after);
        expect(applied(before, made)).toBe(canonicalText(after));
        expect(applied(after, delta(after, before))).toBe(canonicalText(before));
        expect(isEmptyDelta(made)).toBe(canonicalText(before) === canonicalText(after));
        if (isEmptyDelta(made)) counts.empty++;
        else if (applied(after, made) !== canonicalText(after)) counts.refused++;
        counts.layers += made.layers === undefined ? 0 : 1;
        counts.rules += made.rules.upsert.length + made.rules.delete.length > 0 ? 1 : 0;
        counts.places += made.places.upsert.length + made.places.delete.length > 0 ? 1 : 0;
        if (change?.kind === 'set') {
          const index = universe.workloadIndex.get(change.workload) ?? -1;
          if (!guarded.some((node) => universe.nodesOf[index]?.includes(node))) {
            expect(made.rules).toEqual({ upsert: [], delete: [] });
            expect(made.layers).toBeUndefined();
            expect(made.places).toEqual({ upsert: [], delete: [] });
            counts.members += isEmptyDelta(made) ? 0 : 1;
          }
        }
        before = after;
      }
    }
    console.log(`${WORLDS} worlds (seed ${SEED}): ${JSON.stringify(counts)}`);
    for (const kind of ['empty', 'members', 'rules', 'layers', 'places', 'refused'] as const)
      expect(counts[kind], kind).toBeGreaterThan(WORLDS / 15);
  }, 3_600_000);
});

describe('a delta', () => {
  const content: BundleContent = {
    layers: [],
    rules: [],
    groups: [{ id: 'shop.db', addresses: ['10.0.0.0/31'], here: ['a'], unresolved: 1 }],
    places: [{ id: 'a', workload: 'a', interface: 'eth0', family: 4, address: '10.0.0.9' }],
  };
  const change = (item: Partial<ContentDelta['groups']['change'][number]>): ContentDelta => ({
    ...nothing,
    groups: { upsert: [], change: [{ id: 'shop.db', ...item }], delete: [] },
  });
  const problemOf = (made: ContentDelta): string => {
    const result = applyDelta(content, made);
    return result.kind === 'refused' ? result.problem : 'applied';
  };

  it('without any change changes nothing', () => {
    expect(isEmptyDelta(nothing)).toBe(true);
    expect(applyDelta(content, nothing)).toEqual({ kind: 'applied', content });
  });

  it('adds and takes away addresses, whatever prefixes they are part of', () => {
    const result = applyDelta(
      content,
      change({ add: { addresses: ['10.0.0.2'] }, remove: { addresses: ['10.0.0.0'] } }),
    );
    expect(result.kind === 'applied' && result.content.groups[0]?.addresses).toEqual(['10.0.0.1-10.0.0.2']);
  });

  it('is refused where what it names is not there', () => {
    expect(problemOf({ ...nothing, rules: { upsert: [], delete: ['r'] } })).toBe('there is no rule `r` to delete');
    expect(problemOf({ ...nothing, places: { upsert: [], delete: ['b'] } })).toBe('there is no place `b` to delete');
    expect(problemOf(change({ id: 'shop.web' }))).toBe('there is no group `shop.web` to change');
    expect(problemOf(change({ space: 'blue' }))).toBe('there is no group `shop.db` to change');
    expect(problemOf({ ...nothing, groups: { upsert: [], change: [], delete: [{ id: 'x', space: 's' }] } })).toBe(
      'there is no group `x` to delete',
    );
    expect(problemOf(change({ remove: { addresses: ['10.0.0.7'] } }))).toBe(
      'group `shop.db` does not have the addresses to remove',
    );
    expect(problemOf(change({ add: { addresses: ['10.0.0.1'] } }))).toBe(
      'group `shop.db` has addresses to add already',
    );
    expect(problemOf(change({ remove: { here: ['b'] } }))).toBe('group `shop.db` does not have the places to remove');
    expect(problemOf(change({ add: { here: ['a'] } }))).toBe('group `shop.db` has places to add already');
  });
});
