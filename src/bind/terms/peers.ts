// Turns peers as written into the model's: names become ids, conditions are bound, addresses parsed.
// Which workloads they mean is for the graph; whether a group is defined by itself is definitions.ts.

import { didYouMean, listNames } from '../../base/bounded-suggest.ts';
import type { Condition, Peer } from '../../model/peer.ts';
import { anyPeer } from '../../model/peer.ts';
import type { WorkloadKind } from '../../model/workload.ts';
import { NO_ADDRESSES } from '../../net/address-set.ts';
import type { Name, PeerNode, SelectKeyword } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { pathText } from '../names/collect.ts';
import { checkInWorld, findPeer, helpForUnknown } from '../names/resolve.ts';
import type { NamedPeer, Scope } from '../names/scope.ts';
import { bindAddresses } from './addresses.ts';
import { bindCondition } from './conditions.ts';

type Node<Kind extends PeerNode['kind']> = Extract<PeerNode, { readonly kind: Kind }>;

/** What stands for a peer that is in error: no answer is given from it. */
const NOTHING: Peer = { kind: 'nothing' };

const KINDS: Readonly<Record<SelectKeyword, readonly WorkloadKind[] | null>> = {
  workloads: null,
  vms: ['vm'],
  containers: ['container'],
  // A pod runs as a container on a node, or wrapped as a machine of its own.
  pods: ['container', 'pod-vm'],
  'pod-vms': ['pod-vm'],
  instances: ['instance'],
  'bare-metals': ['bare-metal'],
};

/** The bound peer. What is in error is reported and matches nothing. */
export function bindPeer(node: PeerNode, scope: Scope): Peer {
  switch (node.kind) {
    case 'any':
      return anyPeer;
    case 'nothing':
    case 'internet':
    case 'external':
    case 'hosts':
      return { kind: node.kind };
    case 'reference':
      return bindReference(node, scope);
    case 'addresses':
      return bindAddressPeer(node, scope);
    case 'select':
      return { kind: 'select', kinds: KINDS[node.what], where: bindWhere(node, scope), span: node.span };
    case 'workload':
      return bindWorkload(node.id, node.interface, node, scope);
    case 'segment':
      checkInWorld('segment', node.id, scope.root.world.segments, scope);
      return { kind: 'segment', segment: node.id.text, span: node.span };
    case 'site':
      checkInWorld('site', node.id, scope.root.world.sites, scope);
      return { kind: 'site', site: node.id.text, span: node.span };
    case 'host':
      checkInWorld('host', node.id, scope.root.world.hosts, scope);
      return { kind: 'host', host: node.id.text, span: node.span };
    case 'fqdn':
      return bindFqdn(node, scope);
    case 'union':
    case 'intersect':
      return { kind: node.kind, of: node.of.map((part) => bindPeer(part, scope)) };
    case 'except':
      return { kind: 'except', of: bindPeer(node.of, scope), except: bindPeer(node.except, scope) };
    case 'negated':
      return { kind: 'negated', of: bindPeer(node.of, scope) };
    case 'opaque':
      return { kind: 'opaque', text: node.text.text, reason: node.reason.text, span: node.span };
  }
}

/** Both conditions of `pods where … in namespaces where …`, or the one there is. */
function bindWhere(node: Node<'select'>, scope: Scope): Condition | null {
  const where = node.where === null ? null : bindCondition(node.where, 'workload', scope);
  if (node.namespaces === null) return where;
  const namespaces: Condition = { op: 'namespace', of: bindCondition(node.namespaces, 'namespace', scope) };
  return where === null ? namespaces : { op: 'and', of: [where, namespaces] };
}

/** A name of one's own or imported comes before a workload of that name: inventory never changes what a policy says. */
function bindReference(node: Node<'reference'>, scope: Scope): Peer {
  const found = findPeer(node.path, scope);
  if (found !== undefined) {
    if (node.interface !== null) reportInterface(node, found, scope);
    return bindDefinition(node, found, scope);
  }
  const name = node.path.parts[0];
  const { workloads } = scope.root.world;
  const isWorkload = name !== undefined && (scope.locals.has(name.text) || workloads.has(name.text));
  if (node.path.parts.length === 1 && isWorkload) return bindWorkload(name, node.interface, node, scope);
  scope.report(
    error('check/unknown-group', `there is no group \`${pathText(node.path)}\``, node.path.span, {
      help:
        helpForUnknown(node.path, 'peers', [scope.locals.keys(), workloads.keys()], scope) ??
        `declare it: \`group ${pathText(node.path)} = …\`; a workload of an inventory that is not loaded is written \`workload ${pathText(node.path)}\``,
    }),
  );
  return NOTHING;
}

function bindDefinition(node: Node<'reference'>, found: NamedPeer, scope: Scope): Peer {
  if (found.kind === 'group') return { kind: 'group', group: found.id, span: node.span };
  const addresses = scope.root.values.addresses.get(found.id) ?? NO_ADDRESSES;
  return { kind: 'addresses', addresses, name: found.id, span: node.span };
}

function reportInterface(node: Node<'reference'>, found: NamedPeer, scope: Scope): void {
  const what = found.kind === 'group' ? 'a group' : 'an address set';
  scope.report(
    error('check/wrong-kind', `\`${pathText(node.path)}\` is ${what} and has no interfaces`, node.span, {
      notes: [{ message: 'declared here', span: found.span }],
    }),
  );
}

function bindAddressPeer(node: Node<'addresses'>, scope: Scope): Peer {
  const [only] = node.of;
  const named = node.of.length === 1 && only?.kind === 'path' ? findPeer(only, scope) : undefined;
  const name = named?.kind === 'addresses' ? named.id : null;
  return { kind: 'addresses', addresses: bindAddresses(node.of, node.span, scope), name, span: node.span };
}

function bindWorkload(id: Name, face: Name | null, node: PeerNode, scope: Scope): Peer {
  const { workloads } = scope.root.world;
  const faces = scope.locals.get(id.text) ?? workloads.get(id.text);
  if (faces === undefined) checkInWorld('workload', id, workloads, scope);
  else if (face !== null && !faces.includes(face.text)) {
    scope.report(
      error('check/unknown-interface', `\`${id.text}\` has no interface \`${face.text}\``, face.span, {
        help: didYouMean(scope.root.suggest(face.text, faces)) ?? `it has ${listNames(faces)}`,
      }),
    );
  }
  return { kind: 'workload', workload: id.text, interface: face?.text ?? null, span: node.span };
}

const FQDN = /^(?!-)[A-Za-z0-9_*-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_*-]{1,63}(?<!-))*\.?$/;

/** A domain name; what `*` in it stands for is the dialect's. */
function bindFqdn(node: Node<'fqdn'>, scope: Scope): Peer {
  const { text, span } = node.pattern;
  if (text.length > 253 || !FQDN.test(text)) {
    scope.report(
      error('check/invalid-fqdn', `\`${text}\` is not a domain name`, span, {
        help: 'write a full name, or `*.` before one, such as `"*.example.org"`',
      }),
    );
  }
  return { kind: 'fqdn', pattern: text, span: node.span };
}
