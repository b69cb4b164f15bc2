// Subjects and peers of cluster-wide policies: pods by the labels of their namespaces and their own, nodes, networks,
// domain names. null stands for what is not understood; what becomes of a rule then is decided in cluster-policies.ts.
import type { Peer } from '../../../model/peer.ts';
import { type AddressSet, unionAllAddresses } from '../../../net/address-set.ts';
import { error } from '../../../text/diagnostic.ts';
import { readCidr } from '../read/addresses.ts';
import { at, type Cursor, hasOnlyFields, itemsOf, type Report, requireRecord, spanOf, textOf } from '../read/cursor.ts';
import { readSelector, type Selector, selects } from '../read/selectors.ts';
import type { Node } from '../world/places.ts';
import { onlyField } from './cluster-services.ts';
import { type PolicyContext, podsPeer, unionOf } from './context.ts';

const DOMAIN =
  /^(?:\*\.)?(?:[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/;

/** Peers of every kind that a direction knows: in from pods, out to these and the rest. */
export const INGRESS_PEERS: readonly string[] = ['namespaces', 'pods'];
export const EGRESS_PEERS: readonly string[] = ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'];

export function readSubject(cursor: Cursor, policy: string, context: PolicyContext): Peer | null {
  return readPods(cursor, onlyField(cursor, INGRESS_PEERS, context.report), policy, 'subject', context);
}

export function readPeer(
  cursor: Cursor,
  known: readonly string[],
  networkLimit: number,
  policy: string,
  context: PolicyContext,
): Peer | null {
  const { report } = context;
  const key = onlyField(cursor, known, report);
  if (key === 'nodes') return readNodesPeer(at(cursor, key), context);
  if (key === 'networks') return readNetworks(at(cursor, key), networkLimit, report);
  if (key === 'domainNames') return readDomains(at(cursor, key), networkLimit, report);
  return readPods(cursor, key, policy, 'peer', context);
}

function readPods(
  cursor: Cursor,
  key: string | null,
  policy: string,
  role: 'subject' | 'peer',
  context: PolicyContext,
): Peer | null {
  const { report } = context;
  if (key === null) return null;
  const field = at(cursor, key);
  if (key === 'namespaces') {
    const selector = readSelector(field, 'every namespace', report);
    return selector === null ? null : podsPeer({ policy, role, namespaces: { selector }, pods: null }, cursor, context);
  }
  if (!requireRecord(field, report) || !hasOnlyFields(field, ['namespaceSelector', 'podSelector'], report)) return null;
  const namespaces = readRequired(at(field, 'namespaceSelector'), 'every namespace', report);
  const pods = readRequired(at(field, 'podSelector'), 'every pod', report);
  if (namespaces === null || pods === null) return null;
  return podsPeer({ policy, role, namespaces: { selector: namespaces }, pods }, cursor, context);
}

function readRequired(cursor: Cursor, everything: string, report: Report): Selector | null {
  return requireRecord(cursor, report) ? readSelector(cursor, everything, report) : null;
}

/**
 * Nodes by their labels, met by their addresses. Which addresses are nodes is not known where a node has neither an
 * object nor an address: then any address outside may be one.
 */
function readNodesPeer(cursor: Cursor, { report, nodes }: PolicyContext): Peer | null {
  const selector = readSelector(cursor, 'every node', report);
  if (selector === null) return null;
  const span = spanOf(cursor);
  const matching = nodes.filter((node) => mayBe(node, selector));
  const isKnown =
    nodes.length > 0 && matching.every((node) => node.selectableLabels !== null && node.addresses.length > 0);
  const found = matching.map((node): Peer => ({ kind: 'host', host: node.id, span }));
  if (isKnown) return unionOf(found);
  const unknown: Peer = { kind: 'opaque', text: 'nodes', reason: 'it is not known which nodes there are', span };
  return { kind: 'intersect', of: [{ kind: 'union', of: [{ kind: 'hosts' }, { kind: 'external' }] }, unknown] };
}

function mayBe(node: Node, selector: Selector): boolean {
  return node.selectableLabels === null || selects(selector, node.selectableLabels);
}

function readNetworks(cursor: Cursor, limit: number, report: Report): Peer | null {
  const sets = readList(cursor, limit, report, (item) => readCidr(item, report));
  if (sets === null) return null;
  const addresses: AddressSet = unionAllAddresses(sets);
  return { kind: 'addresses', addresses, name: null, span: spanOf(cursor) };
}

function readDomains(cursor: Cursor, limit: number, report: Report): Peer | null {
  const names = readList(cursor, limit, report, (item) => {
    const name = textOf(item, report);
    if (name === null || DOMAIN.test(name)) return name;
    report(
      error('kubernetes/invalid-value', `\`${name}\` is not a domain name`, spanOf(item), {
        help: '`*` can only stand for whole labels at the front, as in `*.example.org`',
      }),
    );
    return null;
  });
  if (names === null) return null;
  const span = spanOf(cursor);
  return unionOf(names.map((name) => ({ kind: 'fqdn', pattern: name.replace(/\.$/, '').toLowerCase(), span })));
}

/** Every item of a list, or null if there is none or one is not understood. */
function readList<T>(
  cursor: Cursor,
  limit: number,
  report: Report,
  read: (item: Cursor) => T | null,
): readonly T[] | null {
  const items = itemsOf(cursor, report);
  if (items.length === 0) {
    report(error('kubernetes/missing-field', `\`${cursor.key}\` must have at least one item`, spanOf(cursor)));
    return null;
  }
  checkLimit(cursor, items.length, limit, report);
  const values = items.map((item) => read(item));
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? known : null;
}

export function checkLimit(cursor: Cursor, count: number, limit: number, report: Report): void {
  if (count <= limit) return;
  report(
    error('kubernetes/limit', `\`${cursor.key}\` has ${count} items, and the API accepts ${limit}`, spanOf(cursor), {
      help: 'split the policy',
    }),
  );
}
