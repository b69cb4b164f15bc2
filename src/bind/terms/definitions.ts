// Gives address sets, services and groups their meaning, each after those that it names, and reports what is defined
// by itself. The order is computed first, so that neither a long chain nor a circle is followed by recursion.

import { orderByDependency } from '../../base/dependency-order.ts';
import type { Group, Peer } from '../../model/peer.ts';
import type { ServiceMatch } from '../../model/service.ts';
import type { AddressSet } from '../../net/address-set.ts';
import type { ServiceNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { describeCycle } from '../names/imports.ts';
import { findPeer, findService } from '../names/resolve.ts';
import type { Definition, DefinitionOf, Module, Report, Scope } from '../names/scope.ts';
import { bindAddressSet } from './addresses.ts';
import { bindPeer } from './peers.ts';
import { bindServiceDefinition } from './services.ts';

type ScopeOf = (module: Module) => Scope;

/** Puts the value of every address set into `values`, which the scopes must look names up in. */
export function bindAddressSets(
  definitions: readonly Definition[],
  values: Map<string, AddressSet>,
  scopeOf: ScopeOf,
  report: Report,
): void {
  const sets = definitions.filter((definition) => definition.kind === 'addresses');
  const named = (set: DefinitionOf<'addresses'>): readonly string[] =>
    [...set.body.of, ...set.body.except].flatMap((item) =>
      item.kind === 'path' ? (findPeer(item, scopeOf(set.module))?.id ?? []) : [],
    );
  for (const set of inOrder(sets, named, report)) {
    const value = bindAddressSet(set.body, scopeOf(set.module));
    if (value !== null) values.set(set.id, value);
  }
}

/** Puts the value of every service into `values`, which the scopes must look names up in. */
export function bindServices(
  definitions: readonly Definition[],
  values: Map<string, ServiceMatch>,
  scopeOf: ScopeOf,
  report: Report,
): void {
  const services = definitions.filter((definition) => definition.kind === 'service');
  const named = (service: DefinitionOf<'service'>): readonly string[] =>
    namesIn(service.body.service, scopeOf(service.module));
  for (const service of inOrder(services, named, report)) {
    const value = bindServiceDefinition(service.body.service, scopeOf(service.module));
    if (value !== null) values.set(service.id, { ...value, text: service.id });
  }
}

/** Every group, by id. Those that are defined by themselves are empty, so that whoever follows them comes to an end. */
export function bindGroups(
  definitions: readonly Definition[],
  scopeOf: ScopeOf,
  report: Report,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const byId = new Map<string, Definition>();
  for (const definition of definitions) {
    if (definition.kind !== 'group') continue;
    const { id, statement } = definition;
    const peer = bindPeer(definition.body.peer, scopeOf(definition.module));
    byId.set(id, definition);
    groups.set(id, { id, name: definition.body.name.text, peer, doc: statement.doc, span: statement.span });
  }
  const { cycles } = orderByDependency(groups.keys(), (id) => groupsIn(groups.get(id)?.peer));
  for (const { path, members } of cycles) {
    reportCycle(
      path.flatMap((id) => byId.get(id) ?? []),
      report,
    );
    for (const id of members) {
      const group = groups.get(id);
      if (group !== undefined) groups.set(id, { ...group, peer: { kind: 'nothing' } });
    }
  }
  return groups;
}

/** The ids of the groups that a peer names itself. */
export function groupsIn(peer: Peer | undefined): readonly string[] {
  switch (peer?.kind) {
    case 'group':
      return [peer.group];
    case 'union':
    case 'intersect':
      return peer.of.flatMap(groupsIn);
    case 'except':
      return [...groupsIn(peer.of), ...groupsIn(peer.except)];
    case 'negated':
      return groupsIn(peer.of);
    default:
      return [];
  }
}

/** Each definition after those it names by id; those on a cycle are reported and left out. */
function inOrder<D extends Definition>(
  definitions: readonly D[],
  named: (definition: D) => readonly string[],
  report: Report,
): readonly D[] {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const { order, cycles } = orderByDependency(definitions, (definition) =>
    named(definition).flatMap((id) => byId.get(id) ?? []),
  );
  for (const { path } of cycles) reportCycle(path, report);
  const broken = new Set(cycles.flatMap(({ members }) => members));
  return order.filter((definition) => !broken.has(definition));
}

function reportCycle(path: readonly Definition[], report: Report): void {
  const [first] = path;
  if (first === undefined) return;
  const what = { group: 'group', addresses: 'address set', service: 'service' }[first.kind];
  const message =
    path.length === 1
      ? `the ${what} \`${first.id}\` is defined by itself`
      : `${what}s are defined by each other: ${describeCycle(path.map((definition) => definition.id))}`;
  const notes = path.slice(1, MOST_NOTES).map(({ id, span }) => ({ message: `\`${id}\` is declared here`, span }));
  report(error('check/definition-cycle', message, first.span, { notes }));
}

const MOST_NOTES = 4;

function namesIn(node: ServiceNode, scope: Scope): readonly string[] {
  switch (node.kind) {
    case 'reference':
      return [findService(node.path, scope)?.id ?? []].flat();
    case 'list':
      return node.of.flatMap((part) => namesIn(part, scope));
    case 'except':
      return [...namesIn(node.of, scope), ...namesIn(node.except, scope)];
    case 'opaque':
      return namesIn(node.of, scope);
    default:
      return [];
  }
}
