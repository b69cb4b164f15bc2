// Compiles the layers once for each set of rules that are in force together, and for each world that a test brings: what
// mutants are tried against. The node numbers of all of them know every address that a mutant names.
import { overlapBits } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import { idleBecause } from '../../compile/activity.ts';
import { buildLookup } from '../../compile/lookup.ts';
import { lower } from '../../compile/lower.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { createMembership, type Membership } from '../../graph/membership.ts';
import { buildUniverse } from '../../graph/universe.ts';
import type { Invariant } from '../../model/expectation.ts';
import type { Layer } from '../../model/layer.ts';
import type { Peer } from '../../model/peer.ts';
import type { Instant } from '../../model/time.ts';
import { ALL_SERVICES } from '../../net/services.ts';
import type { Mutant } from './operators/mutant.ts';
import type { SharedWalker } from './shared-walker.ts';
import type { NodeArea } from './splice.ts';
import { createSharedJudge } from './walk-pair.ts';

/** The layers, or those of a test, with the rules that are in force at an instant. */
export interface Context {
  readonly layers: readonly Layer[];
  readonly at: Instant;
  readonly evaluator: Evaluator;
  /** Whether the world is as it is, and not as a test has it. */
  readonly isReal: boolean;
}

/** Contexts of one world, by instant: instants at which the same rules are in force have the same one. */
export interface Contexts {
  at(instant: Instant): Context;
}

/** `mutants` : all that will be tried. `policies` of the layers must be those that the mutants change. */
export function makeContexts(
  layers: readonly Layer[],
  mutants: readonly Mutant[],
  walker: SharedWalker,
  isReal: boolean,
): Contexts {
  const { universe: cut } = buildUniverse(layers.map((layer, index) => withPeersOf(layer, index, mutants)));
  const universe = { ...cut, layers };
  const membership: Membership = createMembership(universe);
  const timed = layers.flatMap(({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules.flatMap((rule) =>
        [policy, rule].some(({ until, window }) => until !== null || window !== null) ? [[policy, rule] as const] : [],
      ),
    ),
  );
  const keys = new Map<Instant, string>();
  const byKey = new Map<string, Context>();
  const keyAt = (at: Instant): string =>
    remember(keys, at, () =>
      timed.map(([policy, rule]) => (idleBecause(policy, rule, at) === null ? '1' : '0')).join(''),
    );
  return {
    at: (at) =>
      remember(byKey, keyAt(at), () => {
        const { ruleset } = lower(membership, at);
        const lookup = buildLookup(ruleset);
        const judge = createSharedJudge(lookup, walker, null);
        return { layers, at, isReal, evaluator: { universe, membership, ruleset, lookup, judge } };
      }),
  };
}

/** With a claim about everybody whom the mutants name, so that addresses outside are told apart where mutants do. */
function withPeersOf(layer: Layer, index: number, mutants: readonly Mutant[]): Layer {
  const peers = mutants.flatMap((mutant): readonly Peer[] => {
    if (mutant.layer !== index || mutant.edit.kind !== 'policy') return [];
    const { policy, to } = mutant.edit;
    return to.rules
      .filter((rule) => !policy.rules.includes(rule))
      .flatMap(({ source, destination }) => [source, destination]);
  });
  const span = { file: '', start: 0, end: 0 };
  const service = { set: ALL_SERVICES, named: [], opaque: null, text: null };
  const claims = peers.map((source): Invariant => ({ kind: 'never', source, destination: source, service, span }));
  return {
    ...layer,
    expectations: [...layer.expectations, { kind: 'invariant', name: '', module: null, claims, span }],
  };
}

/** Where the rules in force differ between two contexts of one world: everywhere else the same rules are tried. */
export function areasBetween(a: Context, b: Context): readonly NodeArea[] {
  return a.evaluator.ruleset.layers.flatMap((layer, index) => {
    const other = b.evaluator.ruleset.layers[index]?.rules ?? [];
    const [left, right] = [new Set(layer.rules.map(({ rule }) => rule)), new Set(other.map(({ rule }) => rule))];
    const alone = [
      ...layer.rules.filter(({ rule }) => !right.has(rule)),
      ...other.filter(({ rule }) => !left.has(rule)),
    ];
    return alone.map(({ source, destination }) => ({ source: source.possible, destination: destination.possible }));
  });
}

export function overlap(a: readonly NodeArea[], b: readonly NodeArea[]): boolean {
  return a.some((x) => b.some((y) => overlapBits(x.source, y.source) && overlapBits(x.destination, y.destination)));
}
