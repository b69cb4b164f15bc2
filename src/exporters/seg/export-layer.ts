// Writes a layer as a policy root of its own: policies as `.seg` text and its world as inventory data. Reading the result
// gives the same flows; whoever writes it to disk proves that first (`analyze/compare-layers`).

import { CHOICES } from '../../bind/policy/dialect.ts';
import { bulkheadDialect } from '../../model/dialect.ts';
import { dialects } from '../../model/dialects.ts';
import type { Layer } from '../../model/layer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { ServiceAddress } from '../../model/world.ts';
import { formatAddress } from '../../net/address.ts';
import { toPrefixes } from '../../net/address-set.ts';
import { single } from '../../net/intervals.ts';
import { ports } from '../../net/services.ts';
import { printTree } from '../../syntax/print.ts';
import type { Property, Statement } from '../../syntax/tree.ts';
import { type Diagnostic, warning } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { type ExportedGroups, findGroups } from './groups.ts';
import { inventoryData } from './inventory.ts';
import { addressNode, NOWHERE, nameNode, statement } from './nodes.ts';
import { type PeerNames, peerNode, writtenPeer } from './peers.ts';
import { policyStatements, tiersStatement } from './policies.ts';
import { setNode } from './services.ts';

export interface ExportedLayer {
  /** The text of one policy file. */
  readonly policies: string;
  /** The data of one inventory file; null: the layer has no world. */
  readonly inventory: ReturnType<typeof inventoryData>;
  readonly diagnostics: readonly Diagnostic[];
}

/** `origin` says where a span is, as `file:line`, for comments. */
export function exportLayer(layer: Layer, origin: (span: Span) => string): ExportedLayer {
  const from = (span: Span | null): string | null => (span === null ? null : `from ${origin(span)}`);
  const names = findGroups(
    layer,
    layer.world.workloads.map((workload) => workload.id),
  );
  const { statements, left } = policyStatements(layer, names, (of: Policy | Rule) =>
    'rules' in of ? from(of.span) : null,
  );
  const all: readonly Statement[] = [
    statement({ kind: 'language', version: { kind: 'number', value: 1, span: NOWHERE } }),
    ...dialectStatement(layer),
    tiersStatement(layer.tiers),
    ...(layer.internal === null
      ? []
      : [statement({ kind: 'internal', of: toPrefixes(layer.internal).map(addressNode) })]),
    ...(layer.exclude === null ? [] : [statement({ kind: 'exclude', peer: peerNode(layer.exclude, names) })]),
    ...(layer.governs === null ? [] : [statement({ kind: 'governs', peer: peerNode(layer.governs, names) })]),
    ...groupStatements(names, from),
    ...layer.world.serviceAddresses.map((service) => serviceStatement(service, names)),
    ...statements,
  ];
  const tree = { file: '', statements: all, comments: [], span: NOWHERE };
  return {
    policies: printTree(tree),
    inventory: inventoryData(layer.world),
    diagnostics: left.map((rule) =>
      warning('layer/rule-left-out', `\`${rule.id}\` names no IP service and is left out`, rule.span, {
        help: 'it matches no flow that can be judged; the policy says so in a comment',
      }),
    ),
  };
}

/** The layer's dialect by name, with whatever it has otherwise than the dialect of that name. */
function dialectStatement({ dialect }: Layer): readonly Statement[] {
  const base = dialects.get(dialect.name) ?? bulkheadDialect;
  const settings = Object.entries(CHOICES).flatMap(([key, { field, words }]) => {
    if (dialect[field] === base[field]) return [];
    const word = Object.entries(words).find(([, value]) => value === dialect[field])?.[0];
    return word === undefined ? [] : [{ key: nameNode(key), value: nameNode(word), span: NOWHERE }];
  });
  if (base.name === bulkheadDialect.name && settings.length === 0) return [];
  return [statement({ kind: 'dialect', name: nameNode(base.name), settings })];
}

function groupStatements(names: ExportedGroups, from: (span: Span | null) => string | null): readonly Statement[] {
  return names.groups.map((group) =>
    statement(
      { kind: 'group', name: nameNode(group.name), peer: writtenPeer(group.peer, names) },
      [group.doc, from(group.span)].filter((line) => line !== null && line !== '').join('\n') || null,
    ),
  );
}

function serviceStatement(service: ServiceAddress, names: PeerNames): Statement {
  const property = (name: string, more: Partial<Property>): Property => ({
    kind: 'property',
    name: nameNode(name),
    values: [],
    labels: [],
    peer: null,
    service: null,
    comments: [],
    span: NOWHERE,
    ...more,
  });
  return statement({
    kind: 'world',
    node: {
      kind: 'world',
      what: 'service-address',
      id: nameNode(service.id),
      on: null,
      sites: [],
      stretched: false,
      type: null,
      properties: [
        ...service.addresses.map((address) => property('address', { values: [addressNode(formatAddress(address))] })),
        ...(service.namespace === null ? [] : [property('namespace', { values: [nameNode(service.namespace)] })]),
        property('backends', { peer: peerNode(service.backends, names) }),
        ...service.ports.map(({ protocol, port, target }) =>
          property('map', {
            service: setNode(ports(protocol, single(port, port))),
            values: [
              typeof target === 'number' ? { kind: 'number', value: target, span: NOWHERE } : nameNode(target, true),
            ],
          }),
        ),
      ],
      span: NOWHERE,
    },
  });
}
