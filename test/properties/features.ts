// What "a feature decided a flow" means: for each feature, the same world without it. A feature decided in a world if
// taking it away changes a verdict or a reply there. A feature that is merely written somewhere, or whose rule would have
// decided the same way without it, does not count.

import { isDeepStrictEqual } from 'node:util';
import type { Dialect } from '../../src/model/dialect.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Condition, Peer } from '../../src/model/peer.ts';
import { noOptions, type Options, type Policy, type Rule, type Tier } from '../../src/model/policy.ts';
import type { Workload } from '../../src/model/workload.ts';
import type { World } from '../../src/model/world.ts';
import type { AddressSet } from '../../src/net/address-set.ts';
import type { Area } from '../../src/net/area.ts';
import { single } from '../../src/net/intervals.ts';
import type { ServiceSet } from '../../src/net/services.ts';
import { evaluatorOf, randomWorlds } from './compare.ts';
import { answersDiffer, answersOf, tableOf, tablesDiffer } from './difference.ts';
import { v4At, v6At } from './pools.ts';
import { questionsOf, random } from './questions.ts';

/** The world without the feature; worlds that do not have it come back equal. */
type Removal = (layers: readonly Layer[]) => readonly Layer[];

const nothing: Peer = { kind: 'nothing' };
const any: Peer = { kind: 'any' };

const inLayers = (edit: (layer: Layer, index: number) => Partial<Layer>): Removal => {
  return (layers) => layers.map((layer, index) => ({ ...layer, ...edit(layer, index) }));
};
const inDialects = (edit: Partial<Dialect>): Removal =>
  inLayers(({ dialect }) => ({ dialect: { ...dialect, ...edit } }));
const inTiers = (edit: (tier: Tier) => Partial<Tier>): Removal =>
  inLayers(({ tiers }) => ({ tiers: tiers.map((tier) => ({ ...tier, ...edit(tier) })) }));
const inPolicies = (edit: (policy: Policy) => Partial<Policy>): Removal =>
  inLayers(({ policies }) => ({ policies: policies.map((policy) => ({ ...policy, ...edit(policy) })) }));
const inRules = (edit: (rule: Rule) => Partial<Rule>): Removal =>
  inPolicies(({ rules }) => ({ rules: rules.map((rule) => ({ ...rule, ...edit(rule) })) }));
/** An option of policies and rules alike, back to what it is when nothing is written. */
const withoutOption = <K extends keyof Options>(key: K): Removal => {
  const plain = { [key]: noOptions[key] } as Pick<Options, K>;
  return (layers) => inRules(() => plain)(inPolicies(() => plain)(layers));
};
const inWorlds = (edit: (world: World) => Partial<World>): Removal =>
  inLayers(({ world }) => ({ world: { ...world, ...edit(world) } }));
const inWorkloads = (edit: (workload: Workload) => Partial<Workload>): Removal =>
  inWorlds(({ workloads }) => ({ workloads: workloads.map((workload) => ({ ...workload, ...edit(workload) })) }));

/** Rebuilds a peer from the leaves up. */
function mapPeer(peer: Peer, edit: (peer: Peer) => Peer): Peer {
  const again = (item: Peer): Peer => mapPeer(item, edit);
  switch (peer.kind) {
    case 'union':
    case 'intersect':
      return edit({ ...peer, of: peer.of.map(again) });
    case 'except':
      return edit({ ...peer, of: again(peer.of), except: again(peer.except) });
    case 'negated':
      return edit({ ...peer, of: again(peer.of) });
    default:
      return edit(peer);
  }
}
const inSides = (edit: (peer: Peer) => Peer): Removal =>
  inRules(({ source, destination }) => ({ source: mapPeer(source, edit), destination: mapPeer(destination, edit) }));
const inGroups = (edit: (peer: Peer) => Peer): Removal =>
  inLayers(({ groups }) => ({
    groups: new Map([...groups].map(([id, group]) => [id, { ...group, peer: mapPeer(group.peer, edit) }])),
  }));
const inPeers =
  (edit: (peer: Peer) => Peer): Removal =>
  (layers) =>
    inSides(edit)(inGroups(edit)(layers));

const inServices = (edit: (set: ServiceSet) => Partial<ServiceSet>): Removal =>
  inRules(({ service }) => ({ service: { ...service, set: { ...service.set, ...edit(service.set) } } }));
const everySource = (area: Area): Area => area.map((band) => ({ ...band, inner: single(0, 65535) }));

const withoutV6 = (set: AddressSet): AddressSet => ({ v4: set.v4, v6: [] });
const conditionWithoutV6 = (condition: Condition): Condition => {
  switch (condition.op) {
    case 'address':
      return { ...condition, addresses: withoutV6(condition.addresses) };
    case 'not':
      return { ...condition, of: conditionWithoutV6(condition.of) };
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map(conditionWithoutV6) };
    default:
      return condition;
  }
};
const peerWithoutV6 = (peer: Peer): Peer => {
  if (peer.kind === 'addresses') return { ...peer, addresses: withoutV6(peer.addresses) };
  if (peer.kind === 'select' && peer.where !== null) return { ...peer, where: conditionWithoutV6(peer.where) };
  return peer;
};
const isNot =
  (...kinds: readonly Peer['kind'][]) =>
  (peer: Peer): Peer =>
    kinds.includes(peer.kind) ? nothing : peer;

/** What a table of flows cannot show: it is of interfaces, not of workloads, of no service address, and of no replies. */
const unseenInTables = new Set(['several interfaces', 'service address', 'stateless']);

/** Feature → its removal. Asserted one by one: none may be decisive in too few worlds. */
const removals: Readonly<Record<string, Removal>> = {
  pass: inRules(({ action, disabled }) => ({ disabled: disabled || action === 'pass' })),
  'pass to tier': inRules(() => ({ passTo: null })),
  except: inPeers((peer) => (peer.kind === 'except' ? peer.of : peer)),
  negated: inPeers((peer) => (peer.kind === 'negated' ? any : peer)),
  // What is taken away from everything may be empty.
  'negation of an empty set': inPeers((peer) =>
    peer.kind === 'negated' ? { kind: 'except', of: any, except: peer.of } : peer,
  ),
  'nested group': inGroups(isNot('group')),
  'applied-to': withoutOption('appliesTo'),
  v6: (layers) => inPeers(peerWithoutV6)(inRules(({ family }) => ({ family: family === 6 ? null : family }))(layers)),
  family: withoutOption('family'),
  'several interfaces': inWorkloads(({ interfaces }) => ({ interfaces: interfaces.slice(0, 1) })),
  window: withoutOption('window'),
  'window in a zone': (layers) => inRules(inUtc)(inPolicies(inUtc)(layers)),
  expiry: withoutOption('until'),
  'disabled or staged': (layers) => withoutOption('disabled')(withoutOption('staged')(layers)),
  icmp: inServices(() => ({ icmp: [], icmp6: [] })),
  'source port': inServices(({ tcp, udp, sctp }) => ({
    tcp: everySource(tcp),
    udp: everySource(udp),
    sctp: everySource(sctp),
  })),
  'named port': inRules(({ service }) => ({ service: { ...service, named: [] } })),
  layers: inLayers(({ tiers }, index) => {
    const [tier] = tiers;
    const open =
      tier === undefined
        ? []
        : [{ ...tier, decides: null, default: { verdict: 'allow' as const, whereSelected: false } }];
    return index === 0 ? {} : { policies: [], tiers: open };
  }),
  // A maybe taken for a no: every doubtful peer, rule and service matches nothing.
  maybe: (layers) =>
    inPeers(isNot('fqdn', 'opaque'))(
      inRules(({ opaque, service, disabled }) => ({
        disabled: disabled || opaque !== null || service.opaque !== null,
      }))(layers),
    ),
  'unknown address': inWorkloads(({ id, interfaces }) => ({
    interfaces: (interfaces.length === 0 ? [unboundInterface] : interfaces).map((nic) =>
      nic.addresses.length > 0
        ? nic
        : { ...nic, addresses: [v4At(250, Number(id.slice(1))), v6At(250, Number(id.slice(1)))] },
    ),
  })),
  'where selected': inTiers((tier) => ({ default: { ...tier.default, whereSelected: false } })),
  decides: inTiers(() => ({ decides: null })),
  'ties undefined': (layers) => layers.map((layer) => breakTies(layer, 'undefined')),
  'ties deny-wins': (layers) => layers.map((layer) => breakTies(layer, 'deny-wins')),
  'ties by-name': (layers) => layers.map((layer) => breakTies(layer, 'by-name')),
  reject: inRules(({ action }) => ({ action: action === 'reject' ? 'drop' : action })),
  exclude: inLayers(() => ({ exclude: null })),
  governs: inLayers(() => ({ governs: null })),
  host: inPeers(isNot('host', 'hosts')),
  'resident host': inDialects({ residentHostExempt: false }),
  // Asked as if it handed on to the port that it was asked for.
  'service address': inWorlds(({ serviceAddresses }) => ({
    serviceAddresses: serviceAddresses.map((service) => ({
      ...service,
      ports: service.ports.map((map) => ({ ...map, target: map.port })),
    })),
  })),
  // Decides the reply: a rule that keeps state lets it through unasked.
  stateless: withoutOption('stateless'),
  internet: inPeers(isNot('internet', 'external')),
  internal: inLayers(() => ({ internal: null })),
  'realised address': inDialects({ peers: 'identity' }),
  'address peers and workloads': inDialects({ addressPeersMatchWorkloads: true }),
  'selection in any direction': inDialects({ selection: 'per-direction' }),
  'label case': inDialects({ labelCase: 'sensitive' }),
};

function inUtc({ window }: Options): Partial<Options> {
  return { window: window === null ? null : { ...window, zone: 'UTC' } };
}

function breakTies(layer: Layer, ties: Dialect['ties']): Layer {
  return layer.dialect.ties === ties ? { ...layer, dialect: { ...layer.dialect, ties: 'error' } } : layer;
}

const unboundInterface: Workload['interfaces'][number] = {
  name: 'eth0',
  segment: null,
  addresses: [],
  mac: null,
  space: null,
  span: null,
};

/**
 * The share of worlds, largest first, in which each feature decided: a flow of any service between any two ends; or, where
 * no table shows it, one of so many questions.
 */
export function measureShares(count: number, seed: number, questions: number): ReadonlyMap<string, number> {
  const decided = new Map(Object.keys(removals).map((name) => [name, 0]));
  let index = 0;
  for (const layers of randomWorlds(count, seed)) {
    const evaluator = evaluatorOf(layers);
    const table = tableOf(evaluator);
    const asking = { layers, evaluator, next: random(seed + index++) };
    const asked = questionsOf(asking, questions, 1);
    const answers = answersOf(evaluator, asked);
    for (const [name, removal] of Object.entries(removals)) {
      const without = removal(layers);
      if (isDeepStrictEqual(without, layers)) continue;
      const other = evaluatorOf(without);
      const differs = unseenInTables.has(name)
        ? answersDiffer(answers, answersOf(other, asked))
        : tablesDiffer(table, tableOf(other));
      if (differs) decided.set(name, (decided.get(name) as number) + 1);
    }
  }
  return new Map([...decided].map(([name, n]) => [name, n / count] as const).sort(([, a], [, b]) => b - a));
}
