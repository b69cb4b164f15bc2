// Two projects of one provider, on random policies and inventories: what one writes changes nothing of what the other
// sees, decides nothing at the other's workloads, and gets nothing from the other's rules that its address would not.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSnapshot, type Snapshot } from '../../src/engine/pipeline.ts';
import { confineRules } from '../../src/engine/projects/confine.ts';
import { bindProject, bindProvider, joinProjects } from '../../src/engine/projects/estate.ts';
import type { Grant } from '../../src/engine/projects/grants.ts';
import { readGrants } from '../../src/engine/projects/read-grants.ts';
import { projectView } from '../../src/engine/projects/view.ts';
import { type Decision, decide } from '../../src/evaluate/decide.ts';
import type { Layer } from '../../src/model/layer.ts';
import { hasErrors } from '../../src/text/diagnostic.ts';
import { parts, say } from '../engine/projects/two-projects.ts';
import { question } from '../kit/layers.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { now } from './pools.ts';
import { project, provider, type Written } from './project-worlds.ts';

const SEED = Number(process.env.SEED ?? 23);

const tiers = ['middle', 'application'];
const { grants } = readGrants({
  projects: { shop: { tiers, addresses: ['10.20.0.0/16'] }, bank: { tiers, addresses: ['10.30.0.0/16'] } },
});
const options = { name: 'policies', beside: [] };

/** The provider's layer joined with those of the projects. */
function join(own: Written, projects: Readonly<Record<string, Written>>): Layer {
  const ours = parts(own.policies, own.inventories, 'provider');
  const bound = bindProvider(ours, options);
  if (hasErrors(bound.diagnostics)) throw new Error(say(bound.diagnostics).join('\n'));
  const layers = Object.entries(projects).map(([name, { policies, inventories }]): [string, Layer] => {
    const theirs = parts(policies, inventories, name);
    const grant = grants.projects.get(name) as Grant;
    const { root, diagnostics } = bindProject({ ...ours, layer: bound.layer }, theirs, grant, grants, options);
    if (root === null || hasErrors(diagnostics))
      throw new Error(`${say(diagnostics).join('\n')}\n${policies.join('\n')}`);
    return [name, root.layer];
  });
  return joinProjects(bound.layer, new Map(layers), grants);
}

const snapshotOf = (layer: Layer): Snapshot => {
  const { snapshot, diagnostics } = buildSnapshot([layer], { at: now });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(say(errors).join('\n'));
  return snapshot;
};
const enforced = (layer: Layer): Snapshot => snapshotOf(confineRules(layer, grants));

const SERVICES = ['tcp/80', 'tcp/85', 'tcp/443', 'udp/53', 'icmp/8/0', 'proto/47'];
const OUTSIDE = ['10.20.7.7', '10.40.0.1', '203.0.113.9', '198.51.100.1', '10.0.9.9', 'dns-1', 'log-1'];
const ofShop = (layer: Layer): readonly string[] =>
  layer.world.workloads.flatMap(({ id }) => (id.startsWith('shop/') ? [id] : []));

/** An end as a question names it: ids of projects have a slash in them. */
function ask({ evaluator }: Snapshot, from: string, to: string, service: string): Decision {
  const asked = question('10.0.0.1', '10.0.0.1', service, 4);
  const end = (text: string) =>
    text.includes('/') || text.endsWith('-1')
      ? ({ kind: 'workload', id: text, interface: null } as const)
      : question(text, text, service).source;
  return decide(evaluator, { ...asked, source: end(from), destination: end(to) });
}

const isSingle = (layer: Layer, id: string): boolean =>
  layer.world.workloads.find((each) => each.id === id)?.interfaces[0]?.addresses.length === 1;

/** What is the same if it is decided the same way, by the same rules. */
const outcome = ({ verdict, reason, points, reply }: Decision) => ({
  ...{ verdict, reason, reply },
  points: points.map(({ direction, workload, tier, rule, verdict: own }) => ({ direction, workload, tier, rule, own })),
});

const worlds = fc.record({
  own: provider,
  shop: project('shop', '10.20'),
  bank: project('bank', '10.30'),
  other: project('bank', '10.30'),
});

describe('a project', () => {
  it('sees the same, and is judged the same, whatever another one writes', () => {
    const seen = { asked: 0, byShop: 0, denied: 0, strangers: 0, byShopOfStrangers: 0, byBank: 0 };
    fc.assert(
      fc.property(worlds, ({ own, shop, bank, other }) => {
        const alone = join(own, { shop });
        const both = join(own, { shop, bank });
        const view = projectView([both], 'shop', grants);
        expect(view).toEqual(projectView([alone], 'shop', grants));
        expect(view).toEqual(projectView([join(own, { shop, bank: other })], 'shop', grants));
        expect(
          JSON.stringify(view, (_, value) =>
            value instanceof Map ? [...value] : typeof value === 'bigint' ? `${value}` : value,
          ),
        ).not.toContain('bank/');

        const [without, withBank, seenByShop] = [enforced(alone), enforced(both), snapshotOf(view[0] as Layer)];
        const ends = [...ofShop(both), ...OUTSIDE];
        const theirs = both.world.workloads.filter(({ id }) => id.startsWith('bank/'));
        for (const [i, mine] of ends.entries()) {
          const service = SERVICES[i % SERVICES.length] as string;
          for (const [j, end] of ends.entries()) {
            if (!mine.startsWith('shop/') && !end.startsWith('shop/') && (i + j) % 4 > 0) continue;
            const asked = outcome(ask(withBank, mine, end, service));
            expect(asked).toEqual(outcome(ask(without, mine, end, service)));
            // What the project is told is what is enforced.
            expect(asked).toEqual(outcome(ask(seenByShop, mine, end, service)));
            seen.asked++;
            if (asked.points.some(({ rule }) => rule?.startsWith('projects.shop/'))) seen.byShop++;
            if (asked.verdict !== 'allow') seen.denied++;
          }
          for (const [j, { id, interfaces }] of theirs.entries()) {
            const address = interfaces[0]?.addresses[0];
            if (address === undefined || !mine.startsWith('shop/')) continue;
            const text = `10.30.0.${j + 1}`;
            const there = ask(withBank, mine, id, service).points;
            const back = ask(withBank, id, mine, service).points;
            for (const point of [...there, ...back]) {
              const isOurs = point.workload.startsWith('shop/');
              expect(point.rule ?? '').not.toMatch(isOurs ? /^projects\.bank/ : /^projects\.shop/);
              if (!isOurs && point.rule?.startsWith('projects.bank') === true) seen.byBank++;
            }
            // At its own points another's workload is nothing but its address.
            const own4 = (decision: Decision) =>
              outcome(decision).points.filter(({ workload }) => workload.startsWith('shop/'));
            const expected = [ask(without, mine, text, service), ask(without, text, mine, service)].map(own4);
            // Of several addresses an answer shows the pair that made it, which is another one where the other end drops.
            if (isSingle(both, mine) && isSingle(both, id)) {
              expect([ask(withBank, mine, id, service), ask(withBank, id, mine, service)].map(own4)).toEqual(expected);
              seen.strangers++;
              if (expected.flat().some(({ rule }) => rule?.startsWith('projects.shop/'))) seen.byShopOfStrangers++;
            }
          }
        }
      }),
      { seed: SEED, numRuns: sampleSize(100) },
    );
    process.stdout.write(`${JSON.stringify(seen)} (seed ${SEED})\n`);
    expect(seen.byShop).toBeGreaterThan(seen.asked / 20);
    expect(seen.denied).toBeGreaterThan(seen.asked / 20);
    expect(seen.byShopOfStrangers).toBeGreaterThan(seen.strangers / 10);
    expect(seen.byBank).toBeGreaterThan(0);
  });
});
