// The live engine against building everything from nothing, after every edit of random sequences: the same classes, the
// same table of flows, and as gained and lost exactly the pairs that differ. LIVE_WORLDS and SEED in the environment ask
// for more worlds, or for others.
import { describe, expect, it } from 'vitest';
import { remember } from '../../src/base/remember.ts';
import type { FlowDelta } from '../../src/engine/live/changed-flows.ts';
import type { NodeName } from '../../src/engine/live/joint-nodes.ts';
import { type LiveEngine, startLive } from '../../src/engine/live/live.ts';
import { buildSnapshot, type Snapshot } from '../../src/engine/pipeline.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import { isSelf } from '../../src/evaluate/evaluator.ts';
import { flowRows } from '../../src/evaluate/flow-rows.ts';
import { pairOutcome } from '../../src/evaluate/pair-services.ts';
import type { Node } from '../../src/graph/universe.ts';
import type { Change } from '../../src/model/change.ts';
import type { Layer } from '../../src/model/layer.ts';
import { type Address, formatAddress } from '../../src/net/address.ts';
import { containsAddress } from '../../src/net/address-set.ts';
import {
  ALL_SERVICES,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  subtractServices,
} from '../../src/net/services.ts';
import { hasErrors } from '../../src/text/diagnostic.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { randomWorlds } from './compare.ts';
import { type Chance, chance, drawChange, drawRewrite } from './edits.ts';
import { now } from './pools.ts';

const SEED = Number(process.env.SEED ?? 11);
const WORLDS = Number(process.env.LIVE_WORLDS ?? sampleSize(60));
const STEPS = 5;

/** Endpoints by name; for external ones, an address of every atom of either side that nobody owns. */
interface Sampled {
  readonly keys: ReadonlyMap<string, number>;
  readonly evaluator: Evaluator;
}

function sample({ evaluator }: Snapshot, addresses: readonly Address[]): Sampled {
  const { universe } = evaluator;
  const keys = new Map<string, number>();
  for (let index = 0; index < universe.firstExternal; index++) keys.set(keyOf(universe, index), index);
  for (const address of addresses) {
    const node = universe.nodes.findIndex((item) => item.kind === 'external' && containsAddress(item.range, address));
    if (node >= 0) keys.set(`external ${formatAddress(address)}`, node);
  }
  return { keys, evaluator };
}

function keyOf(universe: Evaluator['universe'], index: number): string {
  const node = universe.nodes[index] as Node & { readonly endpoint: number };
  const endpoint = universe.world.endpoints[node.endpoint];
  const face =
    node.kind === 'workload' && endpoint?.kind === 'workload' ? endpoint.interfaces[node.interface]?.name : null;
  const address = 'address' in node && node.address !== null ? formatAddress(node.address) : null;
  return JSON.stringify([node.kind, endpoint?.id, face, address, node.family]);
}

function externalSamples(...snapshots: readonly Snapshot[]): readonly Address[] {
  const all = snapshots.flatMap(({ evaluator }) =>
    evaluator.universe.nodes.flatMap((node): readonly Address[] => {
      if (node.kind !== 'external') return [];
      return node.family === 4
        ? [{ family: 4, value: node.range.v4[0] as number }]
        : [{ family: 6, value: node.range.v6[0] as bigint }];
    }),
  );
  const owned = snapshots.map(({ evaluator }) => evaluator.universe.owned);
  const distinct = new Map(all.map((address) => [formatAddress(address), address]));
  return [...distinct.values()].filter((address) => !owned.some((set) => containsAddress(set, address)));
}

const MISSING = -2;

/** The number of the outcome between two of the names; MISSING: one of them is not there; null: they are no pair. */
function outcome({ keys, evaluator }: Sampled, from: string, to: string): number | null {
  const [a, b] = [keys.get(from), keys.get(to)];
  if (a === undefined || b === undefined) return MISSING;
  const [source, destination] = [evaluator.universe.nodes[a] as Node, evaluator.universe.nodes[b] as Node];
  const isPair = source.family === destination.family && !isSelf(source, destination);
  if (!isPair || (source.kind === 'external' && destination.kind === 'external')) return null;
  return pairOutcome(evaluator, a, b);
}

function allowed({ judge }: Evaluator, id: number): ServiceSet {
  return id === MISSING ? NO_SERVICES : id === -1 ? ALL_SERVICES : judge.outcome(id).allow;
}

/** Every pair that differs, with what it gains and loses: found by looking at all of them. */
function differences(before: Snapshot, after: Snapshot, addresses: readonly Address[]): ReadonlyMap<string, string> {
  const [a, b] = [sample(before, addresses), sample(after, addresses)];
  const names = [...new Set([...a.keys.keys(), ...b.keys.keys()])];
  const ends = names.map((name) => ({ name, family: familyOf(name), endpoint: endpointOf(name) }));
  const changes = new Map<string, string | null>();
  const changeOf = (old: number, own: number): string | null =>
    remember(changes, `${old} ${own}`, () => {
      const [x, y] = [allowed(before.evaluator, old), allowed(after.evaluator, own)];
      const [gained, lost] = [subtractServices(y, x), subtractServices(x, y)];
      return isNoServices(gained) && isNoServices(lost) ? null : `${servicesKey(gained)} ${servicesKey(lost)}`;
    });
  const found = new Map<string, string>();
  for (const from of ends) {
    for (const to of ends) {
      if (from.family !== to.family || from.endpoint === to.endpoint) continue;
      const [old, own] = [outcome(a, from.name, to.name), outcome(b, from.name, to.name)];
      const change = old === null || own === null ? null : changeOf(old, own);
      if (change !== null) found.set(`${from.name} -> ${to.name}`, change);
    }
  }
  return found;
}

const familyOf = (key: string): number =>
  key.startsWith('external')
    ? key.includes(':')
      ? 6
      : 4
    : (JSON.parse(key) as readonly [string, string, string, string, number])[4];
const endpointOf = (key: string): string =>
  key.startsWith('external') ? key : (JSON.parse(key) as readonly string[]).slice(0, 2).join(' ');

/** The same from what the engine says. */
function expand(deltas: readonly FlowDelta[], addresses: readonly Address[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { family, sources, destinations, gained, lost } of deltas) {
    const keysOf = (name: NodeName): readonly string[] => {
      if (name.kind !== 'external') return [JSON.stringify([name.kind, name.id, name.interface, name.address, family])];
      return addresses.filter((one) => containsAddress(name.range, one)).map((one) => `external ${formatAddress(one)}`);
    };
    const to = destinations.flatMap(keysOf);
    for (const from of sources.flatMap(keysOf)) {
      for (const other of to) {
        if (endpointOf(from) === endpointOf(other)) continue;
        const key = `${from} -> ${other}`;
        expect(found.has(key)).toBe(false);
        found.set(key, `${servicesKey(gained)} ${servicesKey(lost)}`);
      }
    }
  }
  return found;
}

const sorted = (map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

function expectEqual(live: LiveEngine): Snapshot {
  const { layers, at, evaluator } = live.snapshot();
  const { snapshot: fresh } = buildSnapshot(layers, { at });
  for (const role of ['source', 'destination'] as const) {
    expect([...evaluator.lookup[role].of]).toEqual([...fresh.evaluator.lookup[role].of]);
    expect([...evaluator.lookup[role].representative]).toEqual([...fresh.evaluator.lookup[role].representative]);
  }
  for (const by of ['workload', 'class'] as const) {
    const table = (own: Evaluator): string => JSON.stringify([...flowRows(own, { by, from: null, to: null })]);
    expect(table(evaluator)).toBe(table(fresh.evaluator));
  }
  return fresh;
}

/** Edits a world step by step, and looks at everything after each step. Gives how many steps were what. */
function run(
  layers: readonly Layer[],
  draw: Chance,
  serial: number,
): Record<'patched' | 'rebuilt' | 'refused' | 'changed', number> {
  const counts = { patched: 0, rebuilt: 0, refused: 0, changed: 0 };
  const { live } = startLive(layers, now);
  let before = expectEqual(live);
  const earlier: Snapshot[] = [before];
  for (let step = 0; step < STEPS; step++) {
    const { layers: current, at } = live.snapshot();
    const kind = draw(6);
    const changes = Array.from({ length: 1 + draw(2) }, (_, i) =>
      drawChange(current, serial * 100 + step * 10 + i, draw),
    );
    const undone = earlier[draw(earlier.length)] as Snapshot;
    const update =
      kind === 0
        ? live.update(drawRewrite(current, draw), at)
        : kind === 1
          ? live.update(undone.layers, undone.at)
          : live.apply(0, changes);
    if (hasErrors(update.diagnostics)) {
      counts.refused++;
      expect(update.deltas).toEqual([]);
      expect(live.snapshot().layers).toBe(current);
      continue;
    }
    counts[update.isPatched ? 'patched' : 'rebuilt']++;
    const after = expectEqual(live);
    const addresses = externalSamples(before, after);
    const expected = differences(before, after, addresses);
    if (expected.size > 0) counts.changed++;
    expect(sorted(expand(update.deltas, addresses))).toEqual(sorted(expected));
    before = after;
    earlier.push(after);
  }
  const { layers: last } = live.snapshot();
  const nothing = live.apply(0, [{ kind: 'delete', workload: 'nobody', span: null }]);
  expect(hasErrors(nothing.diagnostics)).toBe(true);
  expect(live.snapshot().layers).toBe(last);
  return counts;
}

/** Worlds that can be answered from: in others nothing may be asked to begin with. */
function* soundWorlds(count: number, seed: number): Generator<readonly Layer[]> {
  for (const layers of randomWorlds(count, seed)) {
    if (!hasErrors(buildSnapshot(layers, { at: now }).diagnostics)) yield layers;
  }
}

describe('the live engine', () => {
  it('is what building from nothing gives, after every edit, and says exactly what changed', () => {
    const counts = { patched: 0, rebuilt: 0, refused: 0, changed: 0 };
    let serial = 0;
    for (const layers of soundWorlds(WORLDS, SEED)) {
      const own = run(layers, chance(SEED * 1000 + serial), serial);
      for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += own[key];
      serial++;
    }
    console.log(`${serial} worlds of ${STEPS} edits (seed ${SEED}): ${JSON.stringify(counts)}`);
    expect(counts.patched).toBeGreaterThan(WORLDS / 2);
    expect(counts.rebuilt).toBeGreaterThan(WORLDS / 2);
    expect(counts.changed).toBeGreaterThan(WORLDS / 3);
  }, 3_600_000);

  it('comes to the same whether changes are made at once, one by one, or twice', () => {
    let compared = 0;
    for (const [serial, layers] of [...soundWorlds(8, SEED + 1)].entries()) {
      const draw = chance(SEED + serial);
      const changes: Change[] = [];
      const alone = startLive(layers, now).live;
      for (let i = 0; i < 4; i++) {
        const { layers: current } = alone.snapshot();
        const change = drawChange(current, serial * 100 + i, draw);
        if (!hasErrors(alone.apply(0, [change]).diagnostics)) changes.push(change);
      }
      const together = startLive(layers, now).live;
      expect(together.apply(0, changes).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
      const table = ({ evaluator }: Snapshot): string =>
        JSON.stringify([...flowRows(evaluator, { by: 'workload', from: null, to: null })]);
      expect(table(together.snapshot())).toBe(table(alone.snapshot()));
      const again = together.update(alone.snapshot().layers, alone.snapshot().at);
      expect(again.deltas).toEqual([]);
      const back = together.update(layers, now);
      expect(hasErrors(back.diagnostics)).toBe(false);
      expect(table(together.snapshot())).toBe(table(startLive(layers, now).live.snapshot()));
      compared += changes.length;
    }
    expect(compared).toBeGreaterThan(8);
  }, 3_600_000);
});
