// ClusterNetworkPolicy (v1alpha2) and its predecessors AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) to
// policies of the tiers `admin` and `baseline`: ordered rules that accept, deny or pass.
// A rule that is not understood fails closed as the API documentation demands: Accept matches nothing, Deny and Pass
// become a denial of everything.
import { anyPeer, type Peer } from '../../../model/peer.ts';
import { type Action, type Direction, noOptions, type Policy, type Rule } from '../../../model/policy.ts';
import { error } from '../../../text/diagnostic.ts';
import {
  at,
  type Cursor,
  hasOnlyFields,
  isGiven,
  itemsOf,
  numberOf,
  type Report,
  requireRecord,
  spanOf,
  textOf,
} from '../read/cursor.ts';
import type { KubernetesObject } from '../read/objects.ts';
import { checkLimit, EGRESS_PEERS, INGRESS_PEERS, readPeer, readSubject } from './cluster-peers.ts';
import { hasNamedPort, readPorts, readProtocols, type ServiceReader } from './cluster-services.ts';
import { everyService, makeRule, type PolicyContext, unionOf } from './context.ts';

/** In what the three kinds differ. */
interface Schema {
  readonly fields: readonly string[];
  readonly services: { readonly field: string; readonly read: ServiceReader };
  readonly actions: Readonly<Record<string, Action>>;
  /** Items of a list of rules, peers or services; of networks in a peer. */
  readonly limit: number;
  readonly networkLimit: number;
}

const CLUSTER: Schema = {
  fields: ['tier', 'priority', 'subject', 'ingress', 'egress'],
  services: { field: 'protocols', read: readProtocols },
  actions: { Accept: 'allow', Deny: 'drop', Pass: 'pass' },
  limit: 25,
  networkLimit: 25,
};

const ADMIN: Schema = {
  fields: ['priority', 'subject', 'ingress', 'egress'],
  services: { field: 'ports', read: readPorts },
  actions: { Allow: 'allow', Deny: 'drop', Pass: 'pass' },
  limit: 100,
  networkLimit: 25,
};

const BASELINE: Schema = {
  ...ADMIN,
  fields: ['subject', 'ingress', 'egress'],
  actions: { Allow: 'allow', Deny: 'drop' },
};

export const CLUSTER_KINDS: ReadonlyMap<string, Schema> = new Map([
  ['ClusterNetworkPolicy', CLUSTER],
  ['AdminNetworkPolicy', ADMIN],
  ['BaselineAdminNetworkPolicy', BASELINE],
]);

export type ClusterTier = 'admin' | 'baseline';

/** `id` is unique among the policies of the layer. */
export function readClusterPolicy(object: KubernetesObject, id: string, context: PolicyContext): Policy {
  const { report } = context;
  const { cursor, kind } = object;
  const schema = CLUSTER_KINDS.get(kind) ?? CLUSTER;
  const spec = at(cursor, 'spec');
  hasOnlyFields(cursor, ['apiVersion', 'kind', 'metadata', 'spec', 'status'], report);
  if (requireRecord(spec, report)) hasOnlyFields(spec, schema.fields, report);
  const tier =
    kind === 'ClusterNetworkPolicy' ? readTier(spec, report) : kind === 'AdminNetworkPolicy' ? 'admin' : 'baseline';
  if (kind === 'BaselineAdminNetworkPolicy' && object.name !== 'default') {
    report(error('kubernetes/invalid-name', 'a `BaselineAdminNetworkPolicy` must be called `default`', object.span));
  }
  // A subject that is not understood is every pod: its rules then deny too much, and never too little.
  const subject = readSubject(at(spec, 'subject'), id, context);
  const names = ruleNames(spec);
  const read = (direction: Direction): readonly Rule[] =>
    readRules({ spec, policy: id, schema, tier, direction, names, subject, context });
  return {
    ...noOptions,
    name: object.name,
    id,
    tier,
    priority: schema.fields.includes('priority') ? readPriority(spec, report) : 0,
    appliesTo: subject ?? { kind: 'select', kinds: null, where: null, span: null },
    directions: null,
    rules: [...read('in'), ...read('out')],
    doc: null,
    span: object.span,
  };
}

/** Of the two tiers, the one that decides first and finally, if it is not said which. */
function readTier(spec: Cursor, report: Report): ClusterTier {
  const cursor = at(spec, 'tier');
  if (cursor.value === 'Admin') return 'admin';
  if (cursor.value === 'Baseline') return 'baseline';
  report(
    error(
      isGiven(cursor) ? 'kubernetes/invalid-value' : 'kubernetes/missing-field',
      isGiven(cursor) ? `\`${String(cursor.value)}\` is not a tier` : 'the `tier` is missing',
      spanOf(cursor),
      { help: 'tiers are `Admin` and `Baseline`' },
    ),
  );
  return 'admin';
}

function readPriority(spec: Cursor, report: Report): number {
  const cursor = at(spec, 'priority');
  const priority = numberOf(cursor, report);
  if (priority !== null && Number.isInteger(priority) && priority >= 0 && priority <= 1000) return priority;
  if (priority !== null || !isGiven(cursor)) {
    report(
      error(
        isGiven(cursor) ? 'kubernetes/invalid-value' : 'kubernetes/missing-field',
        isGiven(cursor) ? `the priority ${priority} is not a number from 0 to 1000` : 'the `priority` is missing',
        spanOf(cursor),
      ),
    );
  }
  return 0;
}

/** How often each name is given to a rule: one that is given twice says nothing. */
function ruleNames(spec: Cursor): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const list of ['ingress', 'egress']) {
    const { value } = at(spec, list);
    if (!Array.isArray(value)) continue;
    for (let i = 0; i < value.length; i++) {
      const name = at(spec, list, i, 'name').value;
      if (typeof name === 'string') counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

interface Rules {
  readonly spec: Cursor;
  readonly policy: string;
  readonly schema: Schema;
  readonly tier: ClusterTier;
  readonly direction: Direction;
  readonly names: ReadonlyMap<string, number>;
  /** null: not understood. */
  readonly subject: Peer | null;
  readonly context: PolicyContext;
}

function readRules(rules: Rules): readonly Rule[] {
  const { spec, schema, direction, context } = rules;
  const list = at(spec, direction === 'in' ? 'ingress' : 'egress');
  const items = itemsOf(list, context.report);
  checkLimit(list, items.length, schema.limit, context.report);
  return items.map((cursor, index) => readRule(cursor, `${list.key}-${index + 1}`, rules));
}

function readRule(cursor: Cursor, position: string, rules: Rules): Rule {
  const { policy, schema, tier, direction, context } = rules;
  const { report } = context;
  const peersKey = direction === 'in' ? 'from' : 'to';
  const servicesAt = at(cursor, schema.services.field);
  const isRule = requireRecord(cursor, report);
  const isKnown = isRule && hasOnlyFields(cursor, ['name', 'action', peersKey, schema.services.field], report);
  const own = isRule ? textOf(at(cursor, 'name'), report) : null;
  const name = own !== null && own !== '' && rules.names.get(own) === 1 ? own : position;
  const written = isRule ? readAction(at(cursor, 'action'), schema, report) : null;
  const peer = isRule ? readPeers(at(cursor, peersKey), servicesAt, rules) : null;
  const service = isRule ? schema.services.read(servicesAt, context) : null;
  if (Array.isArray(servicesAt.value)) checkLimit(servicesAt, servicesAt.value.length, schema.limit, report);
  const action = written === null ? null : (schema.actions[written] as Action);
  const common = { policy, name, direction, cursor, doc: name === own ? null : own } as const;
  // A rule of unknown pods must not open what a later rule closes.
  const isClosed = rules.subject === null && action !== 'drop';
  if (!isKnown || action === null || peer === null || service === null || isClosed) {
    return action === 'allow' || (action === 'pass' && isClosed)
      ? makeRule({ ...common, action, peer: { kind: 'nothing' }, service: everyService })
      : makeRule({ ...common, action: 'drop', peer: anyPeer, service: everyService, originalAction: written });
  }
  // After the last tier there is nothing to pass to but what Kubernetes does without policies: it allows.
  if (action === 'pass' && tier === 'baseline') {
    return makeRule({ ...common, action: 'allow', peer, service, originalAction: written });
  }
  return makeRule({ ...common, action, peer, service });
}

function readAction(cursor: Cursor, schema: Schema, report: Report): string | null {
  const { value } = cursor;
  if (typeof value === 'string' && Object.hasOwn(schema.actions, value)) return value;
  const known = Object.keys(schema.actions)
    .map((action) => `\`${action}\``)
    .join(', ');
  report(
    error(
      isGiven(cursor) ? 'kubernetes/invalid-value' : 'kubernetes/missing-field',
      isGiven(cursor) ? `\`${String(value)}\` is not an action of this kind of policy` : 'the `action` is missing',
      spanOf(cursor),
      { help: `actions are ${known}` },
    ),
  );
  return null;
}

/** Every peer of a rule. null: some is not understood, or there is none. */
function readPeers(
  cursor: Cursor,
  servicesAt: Cursor,
  { policy, schema, direction, context, ...rules }: Rules,
): Peer | null {
  const { report } = context;
  const items = itemsOf(cursor, report);
  if (items.length === 0) {
    if (!isGiven(cursor) || Array.isArray(cursor.value)) {
      report(error('kubernetes/missing-field', `\`${cursor.key}\` must have at least one item`, spanOf(cursor)));
    }
    return null;
  }
  checkLimit(cursor, items.length, schema.limit, report);
  const known =
    direction === 'in'
      ? INGRESS_PEERS
      : EGRESS_PEERS.filter((key) => rules.tier === 'admin' || schema === CLUSTER || key !== 'domainNames');
  const peers = items.map((item) => readPeer(item, known, schema.networkLimit, policy, context));
  const understood = peers.filter((peer) => peer !== null);
  const action = at(cursor.parent ?? cursor, 'action').value;
  let isValid = understood.length === peers.length;
  for (const item of items) {
    if (isGiven(at(item, 'domainNames')) && action !== 'Accept' && action !== 'Allow') {
      report(
        error(
          'kubernetes/invalid-value',
          '`domainNames` can only be accepted, neither denied nor passed',
          spanOf(item),
        ),
      );
      isValid = false;
    }
    const hasNoPorts = ['networks', 'nodes', 'domainNames'].some((key) => isGiven(at(item, key)));
    if (hasNoPorts && hasNamedPort(servicesAt)) {
      report(
        error(
          'kubernetes/invalid-value',
          'ports have names at pods only, and this peer is something else',
          spanOf(item),
        ),
      );
      isValid = false;
    }
  }
  return isValid ? unionOf(understood) : null;
}
