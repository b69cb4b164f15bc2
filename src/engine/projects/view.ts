// What a project sees: its own and the provider's workloads, policies and names, and nothing that tells of others. What a
// project is answered is computed on this, so that no answer can hold what is not in it. Rules in private modules of the
// provider judge here too, under names that say nothing.

import type { Layer } from '../../model/layer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { NO_ADDRESSES } from '../../net/address-set.ts';
import { confinePolicy, ownBackends, projectOfName, projectOfPolicy } from './confine.ts';
import { type Grants, isPrivateModule, moduleOfPolicy, PROJECT_LABEL, projectOfId, projectOfModule } from './grants.ts';
import { makeSight, type Sight } from './sight.ts';

/** The layers as the project sees them, from layers in which nothing is confined yet. */
export function projectView(layers: readonly Layer[], project: string, grants: Grants): readonly Layer[] {
  const sight = makeSight(project, NO_ADDRESSES);
  return layers.map((layer) => (layer.kind === 'root' ? viewRoot(layer, project, sight, grants) : layer));
}

function viewRoot(layer: Layer, project: string, sight: Sight, grants: Grants): Layer {
  const isSeen = (owner: string | null): boolean => owner === null || owner === project;
  const named = <T>(names: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...names].filter(([id]) => isSeen(projectOfName(id))));
  const { world } = layer;
  let withheld = 0;
  const policies = layer.policies.flatMap((policy) => {
    const owner = projectOfPolicy(policy);
    if (!isSeen(owner)) return [];
    if (owner !== null) return [confinePolicy(policy, sight.own)];
    return [isPrivateModule(moduleOfPolicy(policy.id), grants) ? withhold(policy, ++withheld) : policy];
  });
  return {
    ...layer,
    policies,
    groups: named(layer.groups),
    ...(layer.addressSets === undefined ? {} : { addressSets: named(layer.addressSets) }),
    ...(layer.services === undefined ? {} : { services: named(layer.services) }),
    // The values of the label that names projects would name them all.
    labelKeys: new Map([...layer.labelKeys].filter(([key]) => key.toLowerCase() !== PROJECT_LABEL)),
    expectations: layer.expectations.filter(({ module }) => projectOfModule(module) === project),
    changes: [],
    world: {
      ...world,
      workloads: world.workloads.filter(({ id }) => isSeen(projectOfId(id, grants))),
      serviceAddresses: world.serviceAddresses.flatMap((service) => {
        const owner = projectOfId(service.id, grants);
        return !isSeen(owner) ? [] : [owner === null ? service : ownBackends(service, sight)];
      }),
    },
  };
}

/** The policy under a name that says nothing of what it is for. */
function withhold(policy: Policy, number: number): Policy {
  const id = `withheld/${number}`;
  return {
    ...policy,
    ...silent,
    name: `${number}`,
    id,
    rules: policy.rules.map((rule, i): Rule => ({ ...rule, ...silent, name: `${i + 1}`, id: `${id}.${i + 1}` })),
  };
}

const silent = { reason: null, owner: null, ticket: null, doc: null, span: null } as const;
