// Turns the text of an endpoint in a question (`web-01`, `web-01/eth0`, `shop/front-end`, `host/node-a`, `10.1.2.3`,
// `shop.web`, `vms where tier == db`) into what it means. A text that means two things is an error that lists both.

import { didYouMean, makeSuggest } from '../../base/bounded-suggest.ts';
import type { Layer } from '../../model/layer.ts';
import type { Peer } from '../../model/peer.ts';
import type { EndpointRef } from '../../model/question.ts';
import { parseAddress } from '../../net/address.ts';
import { parsePeerText } from '../../syntax/parse.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import type { Source, Span } from '../../text/source.ts';
import type { Module } from '../names/scope.ts';
import { bindPeer } from '../terms/peers.ts';
import type { QuestionNames } from './question-names.ts';

/** One endpoint, or every endpoint that a peer means in the terms of the layer of this name. */
export type Endpoint =
  | { readonly kind: 'one'; readonly ref: EndpointRef }
  | { readonly kind: 'every'; readonly peer: Peer; readonly layer: string };

export interface ParsedEndpoint {
  /** null after an error. */
  readonly endpoint: Endpoint | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** One reading of a text, with how to write it so that it has no other. */
interface Meaning {
  readonly endpoint: Endpoint;
  readonly explicit: string;
}

/**
 * Ids are taken as they are, before anything else is read into them: a slash in `shop/front-end` is part of the id
 * where there is a workload of that id. `workload/…`, `host/…`, `service-address/…`, `group/…` and `owner/…` say which
 * is meant.
 */
export function parseEndpoint(source: Source, names: QuestionNames): ParsedEndpoint {
  const text = source.text.trim();
  const start = source.text.indexOf(text);
  const span: Span = { file: source.name, start, end: start + text.length };
  const whole = meaningsOf(text, names);
  const meanings = whole.length > 0 ? whole : [...partsOf(text, names), ...ownedBy(text, names)];
  const [first, second] = meanings;
  if (second !== undefined) return refuse(ambiguous(text, meanings, span));
  if (first !== undefined) return { endpoint: first.endpoint, diagnostics: [] };
  const address = parseAddress(text);
  if (!('problem' in address)) {
    return { endpoint: { kind: 'one', ref: { kind: 'address', address } }, diagnostics: [] };
  }
  const isId = !/[\s,()"]/.test(text) && !KEYWORDS.has(text) && !ADDRESSES.test(text);
  return isId ? refuse(unknown(text, span, names)) : parsePeer(source, names);
}

const KEYWORDS = new Set([
  ...['any', 'nothing', 'internet', 'external', 'hosts', 'workloads', 'vms', 'containers', 'pods', 'pod-vms'],
  ...['instances', 'bare-metals'],
]);

/** A prefix, a range, or something that wants to be an address. */
const ADDRESSES = /^([0-9]+\.[0-9.]*[0-9]|[0-9a-f]*:[0-9a-f:.]*)([/-].*)?$/i;

/** Everything that has exactly this id. */
function meaningsOf(id: string, names: QuestionNames): readonly Meaning[] {
  const { workloads, hosts } = names.world;
  const found: Meaning[] = [];
  const one = (ref: EndpointRef, explicit: string): void => {
    found.push({ endpoint: { kind: 'one', ref }, explicit });
  };
  if (workloads.has(id)) one({ kind: 'workload', id, interface: null }, `workload/${id}`);
  // A controller and the Service in front of it share their name more often than not: the workloads are meant.
  else if (names.serviceAddresses.has(id) && !names.owners.has(id))
    one({ kind: 'service-address', id }, `service-address/${id}`);
  if (hosts.has(id)) one({ kind: 'host', id }, `host/${id}`);
  found.push(...groupsNamed(id, names));
  return found;
}

/** The groups and address sets of this name; where several layers have one, `LAYER:NAME` says which is meant. */
function groupsNamed(name: string, names: QuestionNames): readonly Meaning[] {
  return names.layers.flatMap(({ layer, scope, shared }): readonly Meaning[] => {
    const prefix = `${layer.name}:`;
    const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    const { module } = scope([]);
    return (shared.get(short) ?? [short]).flatMap((id): readonly Meaning[] => {
      const peer = groupIn(id, layer, module);
      if (peer === null) return [];
      const found = peer.kind === 'group' ? peer.group : peer.name;
      return [{ endpoint: { kind: 'every', peer, layer: layer.name }, explicit: `group/${prefix}${found}` }];
    });
  });
}

function groupIn(name: string, layer: Layer, { visible, imports }: Module): GroupPeer | null {
  const dot = name.lastIndexOf('.');
  const qualified = dot > 0 ? imports.get(name.slice(0, dot))?.own.peers.get(name.slice(dot + 1)) : undefined;
  const known = visible.peers.get(name) ?? qualified;
  if (known === undefined) return null;
  if (known.kind === 'group') return { kind: 'group', group: known.id, span: null };
  const addresses = layer.addressSets?.get(known.id);
  return addresses === undefined ? null : { kind: 'addresses', addresses, name: known.id, span: null };
}

type GroupPeer = Extract<Peer, { readonly kind: 'group' | 'addresses' }>;

/** Readings of a text with a slash that is not part of an id: `host/NAME`, `WORKLOAD/INTERFACE`. */
function partsOf(text: string, names: QuestionNames): readonly Meaning[] {
  const found: Meaning[] = [];
  const { workloads, hosts } = names.world;
  const first = text.indexOf('/');
  if (first < 0) return found;
  const [word, id] = [text.slice(0, first), text.slice(first + 1)];
  const one = (ref: EndpointRef, explicit: string): void => {
    found.push({ endpoint: { kind: 'one', ref }, explicit });
  };
  if (word === 'host' && hosts.has(id)) one({ kind: 'host', id }, text);
  if (word === 'workload') found.push(...workloadsNamed(id, names));
  if (word === 'service-address' && names.serviceAddresses.has(id)) one({ kind: 'service-address', id }, text);
  if (word === 'group') found.push(...groupsNamed(id, names));
  const last = text.lastIndexOf('/');
  const [owner, face] = [text.slice(0, last), text.slice(last + 1)];
  if (workloads.get(owner)?.includes(face) === true) {
    one({ kind: 'workload', id: owner, interface: face }, `workload/${owner}/${face}`);
  }
  return found;
}

/** The workloads that a controller made: `shop/front-end` where pods of that Deployment have ids of their own. */
function ownedBy(text: string, names: QuestionNames): readonly Meaning[] {
  const owner = text.startsWith('owner/') ? text.slice('owner/'.length) : text;
  const owned = names.owners.get(owner);
  if (owned === undefined) return [];
  const of = [...owned.ids].map((workload): Peer => ({ kind: 'workload', workload, interface: null, span: null }));
  const endpoint: Endpoint = { kind: 'every', peer: { kind: 'union', of }, layer: owned.layer };
  return [{ endpoint, explicit: `owner/${owner}` }];
}

/** What follows `workload/`: an id, or an id and an interface. */
function workloadsNamed(text: string, { world }: QuestionNames): readonly Meaning[] {
  const whole: EndpointRef | null = world.workloads.has(text) ? { kind: 'workload', id: text, interface: null } : null;
  if (whole !== null) return [{ endpoint: { kind: 'one', ref: whole }, explicit: `workload/${text}` }];
  const last = text.lastIndexOf('/');
  const [id, face] = [text.slice(0, last), text.slice(last + 1)];
  if (last < 0 || world.workloads.get(id)?.includes(face) !== true) return [];
  return [{ endpoint: { kind: 'one', ref: { kind: 'workload', id, interface: face } }, explicit: `workload/${text}` }];
}

/** In the terms of the first layer in which it means something. */
function parsePeer(source: Source, names: QuestionNames): ParsedEndpoint {
  const { node, diagnostics } = parsePeerText(source);
  if (node === null) return { endpoint: null, diagnostics };
  let problems: readonly Diagnostic[] = [];
  for (const { layer, scope } of names.layers) {
    const found: Diagnostic[] = [];
    const peer = bindPeer(node, scope(found));
    if (!hasErrors(found)) {
      return { endpoint: { kind: 'every', peer, layer: layer.name }, diagnostics: [...diagnostics, ...found] };
    }
    if (problems.length === 0) problems = found;
  }
  return { endpoint: null, diagnostics: [...diagnostics, ...problems] };
}

function ambiguous(text: string, meanings: readonly Meaning[], span: Span): Diagnostic {
  return error('check/ambiguous-name', `\`${text}\` means several things`, span, {
    help: `write ${meanings.map(({ explicit }) => `\`${explicit}\``).join(' or ')}`,
  });
}

function unknown(text: string, span: Span, names: QuestionNames): Diagnostic {
  const suggest = makeSuggest();
  const owner = text.slice(0, text.lastIndexOf('/'));
  const faces = names.world.workloads.get(owner);
  if (faces !== undefined) {
    const face = text.slice(owner.length + 1);
    return error('check/unknown-interface', `\`${owner}\` has no interface \`${face}\``, span, {
      help:
        didYouMean(suggest(face, faces)) ??
        (faces.length === 0
          ? 'its interfaces have no names'
          : `it has ${faces.map((name) => `\`${name}\``).join(', ')}`),
    });
  }
  const groups = names.layers.flatMap(({ scope }) => [...scope([]).module.visible.peers.keys()]);
  const { workloads, hosts } = names.world;
  const all = [...workloads.keys(), ...names.owners.keys(), ...names.serviceAddresses, ...groups, ...hosts];
  return error('check/unknown-in-world', `there is no workload, host, service address or group \`${text}\``, span, {
    help:
      explicitService(text, names) ??
      didYouMean(suggest(text, all)) ??
      (all.length === 0 ? 'no workload is loaded; add an inventory' : null),
  });
}

/** `service/shop/carts` and `svc/shop/carts`, as other tools write a service address. */
function explicitService(text: string, { serviceAddresses }: QuestionNames): string | null {
  const id = /^(?:service|services|svc)\/(.+)$/.exec(text)?.[1];
  return id !== undefined && serviceAddresses.has(id) ? `write \`service-address/${id}\`` : null;
}

function refuse(diagnostic: Diagnostic): ParsedEndpoint {
  return { endpoint: null, diagnostics: [diagnostic] };
}
