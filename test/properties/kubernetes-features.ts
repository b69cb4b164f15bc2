// Takes a feature away from a random cluster, to see whether some verdict depends on it.
import type { NaiveDialect } from '../oracle/naive-networkpolicy.ts';
import type { Raw } from './kubernetes-worlds.ts';

/** The objects and the dialect without the feature. */
type Ablation = (objects: readonly Raw[], dialect: NaiveDialect) => readonly [readonly Raw[], NaiveDialect];

// biome-ignore lint/suspicious/noExplicitAny: raw objects, of whatever shape.
type Value = any;

/** Every mapping inside, from the inside out, as `change` makes it; null leaves it out of its list or mapping. */
function rewrite(value: Value, change: (mapping: Value) => Value): Value {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change)).filter((item) => item !== null);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, item]) => [key, rewrite(item, change)] as const);
  return change(Object.fromEntries(fields.filter(([, item]) => item !== null)));
}

function inObjects(change: (mapping: Value) => Value): Ablation {
  return (objects, dialect) => [rewrite(objects, change), dialect];
}

function inDialect(change: Partial<NaiveDialect>): Ablation {
  return (objects, dialect) => [objects, { ...dialect, ...change }];
}

function without(...keys: readonly string[]): Ablation {
  return inObjects((mapping) => Object.fromEntries(Object.entries(mapping).filter(([key]) => !keys.includes(key))));
}

const isRule = (mapping: Value): boolean => 'from' in mapping || 'to' in mapping || 'ports' in mapping;
const withoutRules = (drops: (rule: Value) => boolean): Ablation =>
  inObjects((mapping) => (isRule(mapping) && drops(mapping) ? null : mapping));
const withoutObjects = (drops: (object: Value) => boolean): Ablation => {
  return (objects, dialect) => [objects.filter((object) => !drops(object)), dialect];
};
const peersOf = (rule: Value): readonly Value[] => [...(rule.from ?? []), ...(rule.to ?? [])];
const elsewhere = (cidr: string): string => (cidr.includes(':') ? '2001:db8:ffff::/48' : '192.0.2.0/24');

export const features: Readonly<Record<string, Ablation>> = {
  'a block of addresses': inObjects((mapping) => {
    if (mapping.cidr) return { cidr: elsewhere(mapping.cidr) };
    return mapping.networks ? { networks: mapping.networks.map(elsewhere) } : mapping;
  }),
  'an exception to a block': without('except'),
  'a range of ports': inObjects((mapping) => {
    if (mapping.range) return { number: mapping.range.start };
    if (mapping.portRange) return { portNumber: { protocol: 'TCP', port: mapping.portRange.start } };
    const { endPort: _, ...rest } = mapping;
    return rest;
  }),
  'a port by name': inObjects((mapping) => {
    if (typeof mapping.port === 'string') return { ...mapping, port: 'none' };
    if (mapping.namedPort) return { namedPort: 'none' };
    return mapping.destinationNamedPort ? { destinationNamedPort: 'none' } : mapping;
  }),
  'a port of a sidecar': without('restartPolicy'),
  'a match expression': without('matchExpressions'),
  'the namespace of a peer': inObjects((mapping) =>
    mapping.namespaceSelector && mapping.podSelector ? { ...mapping, namespaceSelector: {} } : mapping,
  ),
  'declared policy types': without('policyTypes'),
  'a rule that passes': withoutRules((rule) => rule.action === 'Pass'),
  'a rule that denies': withoutRules((rule) => rule.action === 'Deny'),
  'the admin tier': withoutObjects(({ kind, spec }) => kind === 'AdminNetworkPolicy' || spec?.tier === 'Admin'),
  'the baseline tier': withoutObjects(
    ({ kind, spec }) => kind === 'BaselineAdminNetworkPolicy' || spec?.tier === 'Baseline',
  ),
  'policies of v1alpha1': withoutObjects(({ kind }) => String(kind).endsWith('AdminNetworkPolicy')),
  'a peer by domain name': withoutRules((rule) => peersOf(rule).some((peer) => peer.domainNames)),
  'a peer by node': withoutRules((rule) => peersOf(rule).some((peer) => peer.nodes)),
  'a field of the future': withoutRules((rule) => peersOf(rule).some((peer) => peer.futurePeer)),
  'a pod on its node': without('hostNetwork'),
  'a second address': inObjects((mapping) =>
    mapping.podIPs ? { ...mapping, podIPs: mapping.podIPs.slice(0, 1) } : mapping,
  ),
  'equal priorities': inDialect({ tiesByName: true }),
  'blocks and pods': (objects, dialect) => [objects, { ...dialect, blocksMatchPods: !dialect.blocksMatchPods }],
  'who reaches the baseline': (objects, dialect) => [objects, { ...dialect, skipsBaseline: !dialect.skipsBaseline }],
};
