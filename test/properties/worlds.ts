// Random worlds as layers, built directly at model level: 8 to 14 workloads, 12 to 24 rules, one to three layers.
// Names, addresses and ports come from small pools, so that rules overlap, shadow each other and leave gaps. Each world
// draws its habits first (whether anything is in doubt, how ties are broken), so that no feature drowns in the others.

import fc from 'fast-check';
import { bulkheadDialect, type Dialect } from '../../src/model/dialect.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Group, Peer } from '../../src/model/peer.ts';
import type { Options, Policy, Tier, TierDefault } from '../../src/model/policy.ts';
import type { Labels, Workload } from '../../src/model/workload.ts';
import { emptyWorld, type World } from '../../src/model/world.ts';
import type { AddressSet } from '../../src/net/address-set.ts';
import {
  ALL_SERVICES,
  complementServices,
  icmp,
  protocolNumbers,
  type ServiceSet,
  unionServices,
} from '../../src/net/services.ts';
import { oneIn, pick, rarely, weighted, weightedOf } from './arbitrary.ts';
import { places, serviceAddresses, toWorkload, workloadDrafts } from './inventory.ts';
import { groups, scope, selecting } from './peers.ts';
import { type PolicyDraft, policyDraft, type RuleDraft, ruleDraft, toPolicy, withEchoes } from './policies.ts';
import { internalSets } from './pools.ts';

interface TierDraft {
  readonly default: TierDefault;
  readonly decides: ServiceSet | null;
  readonly ethernet: boolean;
}

const transport = protocolNumbers([6, 6, 17, 17, 132, 132]);
const withoutIcmp = complementServices(unionServices(icmp(4), icmp(6)));
const always = (verdict: TierDefault['verdict']): TierDefault => ({ verdict, whereSelected: false });
const whereSelected = (verdict: TierDefault['verdict']): TierDefault => ({ verdict, whereSelected: true });

const tierDraft: fc.Arbitrary<TierDraft> = fc.record({
  default: weightedOf<TierDefault>(
    [10, always('pass')],
    [4, whereSelected('drop')],
    [1, always('drop')],
    [1, always('allow')],
    [1, whereSelected('reject')],
    [1, whereSelected('allow')],
    [1, whereSelected('pass')],
  ),
  decides: weightedOf<ServiceSet | null>([2, null], [1, transport], [1, withoutIcmp]),
  ethernet: oneIn(25),
});
const lastDefault = weightedOf<TierDefault>([5, always('drop')], [5, always('allow')], [1, always('reject')]);

const dialect: fc.Arbitrary<Dialect> = fc.record({
  name: fc.constant('random'),
  ties: weightedOf<Dialect['ties']>([1, 'error'], [3, 'undefined'], [5, 'deny-wins'], [3, 'by-name']),
  selection: weightedOf<Dialect['selection']>([1, 'per-direction'], [2, 'any-direction']),
  peers: weightedOf<Dialect['peers']>([1, 'identity'], [1, 'realised-address']),
  addressPeersMatchWorkloads: weightedOf([1, true], [1, false]),
  residentHostExempt: oneIn(3),
  fqdnWildcard: fc.constant(bulkheadDialect.fqdnWildcard),
  labelCase: weightedOf<Dialect['labelCase']>([1, 'sensitive'], [2, 'insensitive']),
  established: fc.constant(bulkheadDialect.established),
  defines: fc.constant(ALL_SERVICES),
});

interface LayerDraft {
  readonly dialect: Dialect;
  readonly kind: Layer['kind'];
  readonly tiers: readonly TierDraft[];
  readonly last: TierDefault;
  readonly groups: ReadonlyMap<string, Group>;
  readonly exclude: Peer | null;
  readonly governs: Peer | null;
  readonly internal: AddressSet | null;
}

const layerDraft: fc.Arbitrary<LayerDraft> = fc.record({
  dialect,
  kind: pick<Layer['kind']>('root', 'import'),
  tiers: weighted<readonly TierDraft[]>(
    [1, fc.array(tierDraft, { minLength: 1, maxLength: 1 })],
    [3, fc.array(tierDraft, { minLength: 2, maxLength: 3 })],
  ),
  last: lastDefault,
  groups,
  exclude: rarely(3, scope),
  governs: rarely(3, selecting),
  internal: weighted<AddressSet | null>([1, fc.constant(null)], [3, pick(...internalSets)]),
});

interface WorldDraft {
  readonly workloads: Parameters<typeof toWorkload>[0][];
  readonly layers: readonly LayerDraft[];
  readonly policies: readonly PolicyDraft[];
  readonly rules: readonly RuleDraft[];
  readonly services: World['serviceAddresses'];
  /** Declares every third workload in a second layer too, with a label more. */
  readonly twice: boolean;
  readonly habits: Habits;
}

/** What the authors of a world make use of. What they do not leaves more rules that matter for the rest. */
interface Habits {
  readonly scopes: boolean;
  readonly times: boolean;
  readonly families: boolean;
  readonly switches: boolean;
  readonly exemptions: boolean;
  readonly protocols: boolean;
  /** All policies in the first two tiers, with one priority, and with rules about the same flows. */
  readonly crowded: boolean;
}
const habits: fc.Arbitrary<Habits> = fc.record({
  scopes: oneIn(2),
  times: oneIn(2),
  families: oneIn(2),
  switches: oneIn(2),
  exemptions: oneIn(2),
  protocols: oneIn(2),
  crowded: weightedOf([3, false], [2, true]),
});

const draftOf = (doubt: boolean): fc.Arbitrary<WorldDraft> =>
  fc.record({
    workloads: workloadDrafts.map((drafts) => [...drafts]),
    layers: weighted<readonly LayerDraft[]>(
      [2, fc.array(layerDraft, { minLength: 1, maxLength: 1 })],
      [1, fc.array(layerDraft, { minLength: 2, maxLength: 3 })],
    ),
    policies: fc.array(policyDraft, { minLength: 3, maxLength: 6 }),
    rules: fc.array(ruleDraft(doubt), { minLength: 12, maxLength: 24, size: 'max' }),
    services: serviceAddresses,
    twice: oneIn(2),
    habits,
  });

/** Worlds in which everything is known, and worlds in which some matches are only maybes. */
export const worlds: fc.Arbitrary<readonly Layer[]> = weighted([3, draftOf(false)], [2, draftOf(true)]).map(toLayers);

function toLayers({ workloads, layers, policies, rules, services, twice, habits: uses }: WorldDraft): readonly Layer[] {
  const all = workloads.map(toWorkload);
  const drawn = uses.crowded ? withEchoes(rules) : rules;
  return layers.map((draft, position): Layer => {
    const tierCount = draft.tiers.length + 1;
    return {
      name: `layer${position}`,
      // The first layer is a policy root: some layer always judges.
      kind: position === 0 ? 'root' : draft.kind,
      dialect: draft.dialect,
      tiers: [
        ...draft.tiers.map((tier, n) => toTier(uses.protocols ? tier : { ...tier, decides: null }, n)),
        toTier({ default: draft.last, decides: null, ethernet: false }, tierCount - 1),
      ],
      policies: policies.flatMap((policy, n) => {
        if (n % layers.length !== position) return [];
        const own = drawn.filter((_, r) => r % policies.length === n);
        const place = uses.crowded ? { tier: policy.tier % 2, priority: 10 } : {};
        return [restrict(toPolicy({ ...policy, ...place }, n, own, tierCount), uses)];
      }),
      groups: draft.groups,
      labelKeys: new Map(),
      world: {
        ...(position === 0 ? { ...places, serviceAddresses: services } : emptyWorld),
        namespaces: places.namespaces,
        workloads: all.flatMap((workload, n) => {
          if (n % layers.length === position) return [workload];
          return twice && n % 3 === 0 ? [seenAgain(workload)] : [];
        }),
      },
      exclude: uses.exemptions ? draft.exclude : null,
      governs: uses.exemptions && (position === 0 || draft.kind === 'root') ? draft.governs : null,
      internal: position === 0 ? draft.internal : null,
      expectations: [],
      changes: [],
    };
  });
}

/** The policy without the options that nobody in its world makes use of. */
function restrict(policy: Policy, uses: Habits): Policy {
  const plain: Partial<Options> = {
    ...(uses.scopes ? {} : { appliesTo: null }),
    ...(uses.times ? {} : { window: null, until: null }),
    ...(uses.families ? {} : { family: null }),
    ...(uses.switches ? {} : { disabled: false, staged: false }),
  };
  return { ...policy, ...plain, rules: policy.rules.map((rule) => ({ ...rule, ...plain })) };
}

function toTier(draft: TierDraft, n: number): Tier {
  return { ...draft, name: `t${n}`, span: null };
}

/** The same workload as another layer knows it: other labels, no interfaces of its own. */
function seenAgain(workload: Workload): Workload {
  const labels: Labels = new Map([
    ['tier', ['api']],
    ['env', ['prod']],
  ]);
  return { ...workload, labels, namespace: null, host: null, interfaces: [], ports: [] };
}
