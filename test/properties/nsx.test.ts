// The importer and the evaluator together answer as a naive reading of the raw dump does, whatever shape it comes in.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { decide } from '../../src/evaluate/decide.ts';
import { importNsx } from '../../src/importers/nsx/import-nsx.ts';
import type { EndpointRef } from '../../src/model/question.ts';
import { parseAddress } from '../../src/net/address.ts';
import { makeSource } from '../../src/text/source.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { type Dump, type End, judge, type Policy, type Rule, type Verdict } from '../oracle/naive-nsx.ts';
import { type Shape, shapes, writeDump } from './nsx-shapes.ts';
import { type NsxQuestion, type NsxWorld, nsxWorld } from './nsx-worlds.ts';

const SEED = 20261121;
const RUNS = sampleSize(1000);

function endpointOf(dump: Dump, end: End): EndpointRef {
  if ('ip' in end) {
    const address = parseAddress(end.ip);
    if ('problem' in address) throw new Error(address.problem);
    return { kind: 'address', address };
  }
  const machine = dump.virtual_machines?.find(({ external_id }) => external_id === end.vm);
  return { kind: 'workload', id: machine?.display_name ?? '', interface: null };
}

function answers(dump: Dump, shape: Shape, questions: readonly NsxQuestion[]): readonly Verdict[] {
  const sources = writeDump(dump, shape).map((text, i) => makeSource(`dump-${i}.json`, text));
  const { layer, diagnostics } = importNsx(sources, { name: 'nsx' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { snapshot } = buildSnapshot([layer], { at: 0 });
  return questions.map(
    ({ source, destination, packet }) =>
      decide(snapshot.evaluator, {
        source: endpointOf(dump, source),
        destination: endpointOf(dump, destination),
        family: null,
        service: packet,
      }).verdict,
  );
}

it(`agrees with the naive evaluator on ${RUNS} random dumps`, { timeout: 240_000 }, () => {
  const verdicts = new Map<Verdict, number>();
  fc.assert(
    fc.property(nsxWorld, fc.constantFrom(...shapes), ({ dump, questions }, shape) => {
      const expected = questions.map(({ source, destination, packet }) => judge(dump, source, destination, packet));
      for (const verdict of expected) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      expect(answers(dump, shape, questions)).toEqual(expected);
    }),
    { seed: SEED, numRuns: RUNS },
  );
  const total = [...verdicts.values()].reduce((sum, count) => sum + count, 0);
  for (const verdict of ['allow', 'drop', 'reject', 'unknown'] as const) {
    expect((verdicts.get(verdict) ?? 0) / total, `share of ${verdict}`).toBeGreaterThan(0.04);
  }
});

/** Each feature as what takes it out of a rule or a policy: where that changes an answer, the feature decided it. */
const FEATURES: Readonly<
  Record<
    string,
    {
      readonly rule?: (rule: Rule) => Rule;
      readonly policy?: (policy: Policy) => Policy;
      readonly dump?: (dump: Dump) => Dump;
    }
  >
> = {
  jump: { rule: (rule) => (rule.action === 'JUMP_TO_APPLICATION' ? { ...rule, action: 'ALLOW' } : rule) },
  'rule scope': { rule: (rule) => ({ ...rule, scope: null }) },
  'policy scope': { policy: (policy) => ({ ...policy, scope: null }) },
  direction: { rule: (rule) => ({ ...rule, direction: null }) },
  disabled: { rule: (rule) => ({ ...rule, disabled: false }) },
  negation: { rule: (rule) => ({ ...rule, sources_excluded: false, destinations_excluded: false }) },
  family: { rule: (rule) => ({ ...rule, ip_protocol: null }) },
  profile: { rule: (rule) => ({ ...rule, profiles: null }) },
  'inline entries': { rule: (rule) => ({ ...rule, service_entries: null }) },
  'sequence numbers': {
    rule: (rule) => ({ ...rule, sequence_number: null }),
    policy: (policy) => ({ ...policy, sequence_number: null }),
  },
  preference: { policy: (policy) => ({ ...policy, connectivity_preference: null }) },
  'default section': { policy: (policy) => ({ ...policy, is_default: false }) },
  exclusion: { dump: (dump) => ({ ...dump, exclude_list: null }) },
  addresses: { dump: (dump) => ({ ...dump, virtual_network_interface: null }) },
};

function without(dump: Dump, name: string): Dump {
  const feature = FEATURES[name] ?? {};
  const rule = feature.rule ?? ((own: Rule) => own);
  const policy = feature.policy ?? ((own: Policy) => own);
  const whole = feature.dump ?? ((own: Dump) => own);
  return whole({
    ...dump,
    domains: dump.domains.map((domain) => ({
      ...domain,
      security_policies: (domain.security_policies ?? []).map((own) => ({
        ...policy(own),
        rules: (own.rules ?? []).map(rule),
      })),
    })),
  });
}

it('is tried on dumps in which every feature decides something', { timeout: 240_000 }, () => {
  const worlds = fc.sample(nsxWorld, { seed: SEED, numRuns: 100 });
  const ask = ({ questions }: NsxWorld, changed: Dump): string =>
    questions.map(({ source, destination, packet }) => judge(changed, source, destination, packet)).join();
  const shares = Object.fromEntries(
    Object.keys(FEATURES).map((name) => {
      const decided = worlds.filter((world) => ask(world, world.dump) !== ask(world, without(world.dump, name)));
      return [name, Math.round((decided.length / worlds.length) * 100)];
    }),
  );
  console.log(`share of dumps in which a feature decides, in percent (seed ${SEED}):`, JSON.stringify(shares));
  expect(Object.entries(shares).filter(([, share]) => share < 5)).toEqual([]);
});
