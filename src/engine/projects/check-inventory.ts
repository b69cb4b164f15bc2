// Judges what a project's inventory says: workloads and service addresses alone, under ids of its own, at addresses and
// in places that it was granted, claiming nobody else's identity. That ids are unique and references lead somewhere is
// judged where the world is bound.

import type { PartSpans } from '../../model/part-spans.ts';
import type { Peer } from '../../model/peer.ts';
import type { Interface, Workload } from '../../model/workload.ts';
import type { Segment, ServiceAddress, World } from '../../model/world.ts';
import { type Address, formatAddress } from '../../net/address.ts';
import { containsAddress, formatAddressSet } from '../../net/address-set.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { type Grant, type Grants, isReservedLabel } from './grants.ts';

/** The parts of a world that a project may have. */
const OWN_KINDS: ReadonlySet<keyof World> = new Set(['workloads', 'serviceAddresses']);

const NAMES: Readonly<Record<keyof World, string>> = {
  sites: 'sites',
  hosts: 'hosts',
  segments: 'segments',
  routers: 'routers',
  tunnels: 'tunnels',
  namespaces: 'namespaces',
  workloads: 'workloads',
  serviceAddresses: 'service addresses',
  hostAliases: 'host aliases',
  accessLists: 'access lists',
};

/** Every problem of a world that a project wrote; `segments` are the provider's, whose address spaces its interfaces are in. */
export function checkProjectInventory(
  world: World,
  spans: PartSpans,
  segments: readonly Segment[],
  grant: Grant,
  grants: Grants,
): readonly Diagnostic[] {
  const spaceOf = new Map(segments.map((segment) => [segment.id, segment.space]));
  return [
    ...foreignKinds(world, grant),
    ...world.workloads.flatMap((workload) => [...checkWorkload(workload, spans, spaceOf, grant, grants)]),
    ...world.serviceAddresses.flatMap((service) => [...checkService(service, spans, grant)]),
  ];
}

function foreignKinds(world: World, { project }: Grant): readonly Diagnostic[] {
  return (Object.keys(NAMES) as (keyof World)[]).flatMap((kind) =>
    OWN_KINDS.has(kind)
      ? []
      : (world[kind] ?? []).map((thing) =>
          error('project/kind', `project \`${project}\` has no ${NAMES[kind]} of its own`, thing.span, {
            help: 'the inventory of a project has workloads and service addresses',
          }),
        ),
  );
}

function* checkWorkload(
  workload: Workload,
  spans: PartSpans,
  spaceOf: ReadonlyMap<string, string | null>,
  grant: Grant,
  grants: Grants,
): Generator<Diagnostic> {
  const at = (part: string): Span | null => spans.of(workload, part) ?? workload.span;
  yield* checkId(workload.id, at('id'), grant);
  for (const key of workload.labels.keys()) {
    if (!isReservedLabel(key, grants)) continue;
    yield error('project/label', `label \`${key}\` is set by the provider only`, at(`label ${key}`), {
      help: 'leave it out; whose a workload is, the server says itself',
    });
  }
  yield* checkPlace('site', workload.site, grant.sites, at('site'), grant);
  yield* checkPlace('host', workload.host, grant.hosts, at('host'), grant);
  yield* checkPlace('namespace', workload.namespace, grant.namespaces, at('namespace'), grant);
  if (workload.externalIds.length > 0) yield claims('external ids', at('externalIds'));
  // Of an unknown address every rule about addresses is a maybe, also those of others.
  if (workload.interfaces.length === 0) yield noAddress(workload.id, at('id'));
  for (const face of workload.interfaces) {
    const span = spans.of(face, 'segment') ?? face.span;
    yield* checkPlace('segment', face.segment, grant.segments, span, grant);
    if ((face.securityGroups ?? []).length > 0)
      yield claims('security groups', spans.of(face, 'securityGroups') ?? span);
    if (face.addresses.length === 0) yield noAddress(`${workload.id}/${face.name}`, span);
    const space = face.space ?? (face.segment === null ? null : (spaceOf.get(face.segment) ?? null));
    for (const own of face.addresses) yield* checkAddress(own, space, addressSpan(own, face, spans), grant);
  }
}

function* checkService(service: ServiceAddress, spans: PartSpans, grant: Grant): Generator<Diagnostic> {
  const at = (part: string): Span | null => spans.of(service, part) ?? service.span;
  yield* checkId(service.id, at('id'), grant);
  yield* checkPlace('namespace', service.namespace, grant.namespaces, at('namespace'), grant);
  for (const own of service.addresses) yield* checkAddress(own, null, at(`address ${formatAddress(own)}`), grant);
  for (const id of backendIds(service.backends)) {
    if (isOwnId(id, grant)) continue;
    yield error('project/backends', `\`${id}\` is no workload of project \`${grant.project}\``, at('backends'), {
      help: `backends are the project's own: their ids begin with \`${grant.project}/\``,
    });
  }
}

/** The workloads that an inventory names as backends; a selection of them is confined to the project instead. */
function backendIds(backends: Peer): readonly string[] {
  if (backends.kind === 'workload') return [backends.workload];
  return backends.kind === 'union' ? backends.of.flatMap(backendIds) : [];
}

function* checkId(id: string, span: Span | null, grant: Grant): Generator<Diagnostic> {
  if (isOwnId(id, grant)) return;
  yield error('project/id', `id \`${id}\` does not begin with \`${grant.project}/\``, span, {
    help: `ids of a project begin with its name: \`${grant.project}/${id.split('/').at(-1)}\``,
  });
}

function isOwnId(id: string, { project }: Grant): boolean {
  return id.startsWith(`${project}/`) && id.length > project.length + 1;
}

type PlaceKind = 'site' | 'host' | 'namespace' | 'segment';

function* checkPlace(
  what: PlaceKind,
  place: string | null,
  granted: readonly string[],
  span: Span | null,
  { project }: Grant,
): Generator<Diagnostic> {
  if (place === null || granted.includes(place)) return;
  yield error('project/place', `${what} \`${place}\` is not granted to project \`${project}\``, span, {
    help:
      granted.length === 0
        ? `no ${what} is granted to it`
        : `granted to it: ${granted.map((own) => `\`${own}\``).join(', ')}`,
  });
}

function* checkAddress(address: Address, space: string | null, span: Span | null, grant: Grant): Generator<Diagnostic> {
  const granted = grant.ranges.filter((range) => range.space === space);
  if (granted.some((range) => containsAddress(range.addresses, address))) return;
  const where = space === null ? '' : ` in address space \`${space}\``;
  const ranges = granted.map((range) => formatAddressSet(range.addresses)).join(', ');
  yield error(
    'project/address',
    `${formatAddress(address)}${where} is not granted to project \`${grant.project}\``,
    span,
    {
      help: ranges === '' ? `no address${where} is granted to it` : `granted to it${where}: ${ranges}`,
    },
  );
}

function noAddress(what: string, span: Span | null): Diagnostic {
  return error('project/address', `\`${what}\` has no address`, span, {
    help: 'give each interface of a workload of a project its addresses',
  });
}

function addressSpan(address: Address, face: Interface, spans: PartSpans): Span | null {
  return spans.of(face, `address ${formatAddress(address)}`) ?? face.span;
}

function claims(what: string, span: Span | null): Diagnostic {
  return error('project/identity', `workloads of projects have no ${what}`, span, {
    help: 'they would make it one with what the provider knows: leave them out',
  });
}
