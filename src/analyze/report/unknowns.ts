// What could not be known while a report was made, beside pairs of workloads: inventory without addresses, members in
// doubt, rules known only in part, tests that cannot be run yet.
import { countBits } from '../../base/bitset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Layer } from '../../model/layer.ts';
import type { TestResult } from '../test-result.ts';

/** Things of one kind that are not known, by name. */
export interface Unresolved {
  readonly kind: 'no address' | 'host not known' | 'members in doubt' | 'rule in part' | 'test not supported';
  readonly names: readonly string[];
}

export function findUnresolved(evaluator: Evaluator, tests: readonly TestResult[]): readonly Unresolved[] {
  const { universe, membership } = evaluator;
  const { endpoints, hostAliases } = universe.world;
  const found: readonly Unresolved[] = [
    {
      kind: 'no address',
      names: endpoints.flatMap((endpoint) =>
        endpoint.kind === 'workload' && endpoint.interfaces.every(({ addresses }) => addresses.length === 0)
          ? [endpoint.id]
          : [],
      ),
    },
    {
      kind: 'host not known',
      names: [...hostAliases.values()].flatMap(({ id, host }) => (host === null ? [id] : [])),
    },
    {
      kind: 'members in doubt',
      names: universe.layers.flatMap((layer, index) =>
        [...layer.groups.values()].flatMap(({ id }) => {
          const { sure, possible } = membership.evaluate(index, { kind: 'group', group: id, span: null });
          return sure !== possible && countBits(possible) > countBits(sure) ? [id] : [];
        }),
      ),
    },
    { kind: 'rule in part', names: universe.layers.flatMap(opaqueRules) },
    {
      kind: 'test not supported',
      names: tests.flatMap(({ name, outcome }) => (outcome === 'unsupported' ? [name] : [])),
    },
  ];
  return found.filter(({ names }) => names.length > 0);
}

function opaqueRules({ policies }: Layer): readonly string[] {
  return policies.flatMap(({ rules }) =>
    rules.flatMap(({ id, opaque, service }) => (opaque === null && service.opaque === null ? [] : [id])),
  );
}
