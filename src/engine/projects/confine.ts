// Confines the rules of projects: present only at the project's own workloads, whatever they and their policies say, and
// seeing of other projects nothing but addresses (sight.ts). Service addresses of a project stand for its own workloads
// only. What the provider wrote stays as it is.

import { remember } from '../../base/remember.ts';
import { internalOf } from '../../graph/universe.ts';
import type { Layer } from '../../model/layer.ts';
import type { Group, Peer } from '../../model/peer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { ServiceAddress } from '../../model/world.ts';
import { complementAddresses } from '../../net/address-set.ts';
import { type Grants, moduleOfName, moduleOfPolicy, projectOfId, projectOfModule } from './grants.ts';
import { makeSight, type Sight, seenBy } from './sight.ts';

/** The project whose policy it is; null: the provider's. */
export function projectOfPolicy(policy: Policy): string | null {
  return projectOfModule(moduleOfPolicy(policy.id));
}

/** The project whose group, address set or service it is; null: the provider's. */
export function projectOfName(id: string): string | null {
  return projectOfModule(moduleOfName(id));
}

/** The policy, present at the project's own workloads only. */
export function confinePolicy(policy: Policy, own: Peer): Policy {
  return { ...policy, within: own };
}

/**
 * A root as it is enforced: rules of projects are confined, and expectations of projects are left out, which are judged
 * on what each project sees. A policy of a project that is not granted anything is present nowhere.
 */
export function confineRules(layer: Layer, grants: Grants): Layer {
  if (layer.kind !== 'root') return layer;
  const rules = rulesOf(layer, grants);
  const serviceAddresses = layer.world.serviceAddresses.map((service) => {
    const project = projectOfId(service.id, grants);
    return project === null ? service : ownBackends(service, rules.sightOf(project));
  });
  return {
    ...layer,
    policies: rules.policies,
    groups: rules.groups,
    expectations: layer.expectations.filter(({ module }) => projectOfModule(module) === null),
    world: { ...layer.world, serviceAddresses },
  };
}

/** The service address with those of its backends that are its project's own. */
export function ownBackends(service: ServiceAddress, { own }: Sight): ServiceAddress {
  return { ...service, backends: { kind: 'intersect', of: [service.backends, own] } };
}

interface ConfinedRules {
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly sightOf: (project: string) => Sight;
}

/** By the policies of a layer: inventory changes more often than they do, and who has the same rules is told so by identity. */
const confined = new WeakMap<
  readonly Policy[],
  {
    readonly groups: Layer['groups'];
    readonly internal: Layer['internal'];
    grants: Grants;
    readonly rules: ConfinedRules;
  }
>();

function rulesOf(layer: Layer, grants: Grants): ConfinedRules {
  const known = confined.get(layer.policies);
  if (known?.groups === layer.groups && known.internal === layer.internal && known.grants === grants)
    return known.rules;
  const rules = makeRules(layer, grants);
  confined.set(layer.policies, { groups: layer.groups, internal: layer.internal, grants, rules });
  return rules;
}

function makeRules(layer: Layer, grants: Grants): ConfinedRules {
  const outside = complementAddresses(internalOf([layer]));
  const sights = new Map<string, Sight>();
  const sightOf = (project: string): Sight => remember(sights, project, () => makeSight(project, outside));
  const groups = new Map(layer.groups);
  const copies = new Map<string, Map<string, string>>();

  /** The id of the group as the project means it: its own are meant so by everybody, of the provider's it has a copy. */
  function groupFor(project: string): (id: string) => string {
    const ids = remember(copies, project, () => new Map<string, string>());
    return (id) => {
      if (projectOfName(id) === project || !layer.groups.has(id)) return id;
      const copy = remember(ids, id, () => freeName(`${id}@${project}`, groups));
      if (!groups.has(copy)) open.push([project, id, copy]);
      return copy;
    };
  }
  const open: [project: string, id: string, copy: string][] = [];

  for (const [id, group] of layer.groups) {
    const project = projectOfName(id);
    if (project !== null) groups.set(id, { ...group, peer: seenBy(sightOf(project), group.peer, groupFor(project)) });
  }
  const policies = layer.policies.map((policy) => {
    const project = projectOfPolicy(policy);
    if (project === null) return policy;
    if (!grants.projects.has(project)) return confinePolicy(policy, { kind: 'nothing' });
    const sight = sightOf(project);
    const see = (peer: Peer): Peer => seenBy(sight, peer, groupFor(project));
    return {
      ...confinePolicy(policy, sight.own),
      ...seenScope(policy, see),
      rules: policy.rules.map((rule) => seenRule(rule, see)),
    };
  });
  // Copies may name further groups; no call goes deeper for a longer chain.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [project, id, copy] = next;
    const group = layer.groups.get(id);
    if (group === undefined || groups.has(copy)) continue;
    groups.set(copy, { ...group, id: copy, peer: seenBy(sightOf(project), group.peer, groupFor(project)) });
  }
  return { policies, groups, sightOf };
}

/** A name in quotes may have any text: one that is taken is made longer. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  while (taken.has(free)) free += '@';
  return free;
}

function seenScope(of: Policy | Rule, see: (peer: Peer) => Peer): Pick<Policy, 'appliesTo'> {
  return { appliesTo: of.appliesTo === null ? null : see(of.appliesTo) };
}

function seenRule(rule: Rule, see: (peer: Peer) => Peer): Rule {
  return { ...rule, ...seenScope(rule, see), source: see(rule.source), destination: see(rule.destination) };
}
