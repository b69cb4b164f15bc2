// Judges a whole world, wherever it was written: ids that are taken, references to nothing, interfaces and MAC addresses
// that occur twice. Addresses are address-checks.ts, labels label-checks.ts.
// Parts are marked by whoever read the world: `id`, `host`, `site SITE`, `segment`, `router`, `connects`, `mac`.

import { didYouMean, type Suggest } from '../base/bounded-suggest.ts';
import { type Diagnostic, error, warning } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { checkAddresses } from './address-checks.ts';
import type { Route } from './network/network.ts';
import type { PartSpans } from './part-spans.ts';
import type { World } from './world.ts';

/** Everything that is wrong in the world. Things that `beside` (other layers) has may be referred to. */
export function checkWorld(
  world: World,
  beside: readonly World[],
  spans: PartSpans,
  suggest: Suggest,
): readonly Diagnostic[] {
  return [
    ...checkIds(world, spans),
    ...checkReferences(world, beside, spans, suggest),
    ...checkInterfaces(world, spans),
    ...checkAddresses(world, spans),
  ];
}

interface Thing {
  readonly id: string;
  readonly span: Span | null;
}

/** The kinds of things whose ids are told apart: a host and a segment may share one. */
const KINDS = [
  ['site', (world: World): readonly Thing[] => world.sites],
  ['host', (world: World): readonly Thing[] => world.hosts],
  ['segment', (world: World): readonly Thing[] => world.segments],
  ['router', (world: World): readonly Thing[] => world.routers],
  ['namespace', (world: World): readonly Thing[] => world.namespaces],
  ['service address', (world: World): readonly Thing[] => world.serviceAddresses],
  ['workload', (world: World): readonly Thing[] => [...world.workloads, ...world.hostAliases]],
] as const;

function* checkIds(world: World, spans: PartSpans): Generator<Diagnostic> {
  for (const [kind, listOf] of KINDS) {
    const first = new Map<string, Thing>();
    for (const thing of listOf(world)) {
      const known = first.get(thing.id);
      if (known === undefined) {
        first.set(thing.id, thing);
        continue;
      }
      yield error('world/duplicate-id', `the ${kind} \`${thing.id}\` is declared twice`, placeOf(thing, 'id', spans), {
        notes: [{ message: 'first declared here', span: placeOf(known, 'id', spans) }],
      });
    }
  }
}

function placeOf(thing: Thing, part: string, spans: PartSpans): Span | null {
  return spans.of(thing, part) ?? thing.span;
}

type Places = Reference['places'] | 'namespaces';
const NOUNS: Readonly<Record<Places, string>> = {
  sites: 'site',
  hosts: 'host',
  segments: 'segment',
  routers: 'router',
  namespaces: 'namespace',
  workloads: 'workload',
  accessLists: 'access list',
};

function* checkReferences(
  world: World,
  beside: readonly World[],
  spans: PartSpans,
  suggest: Suggest,
): Generator<Diagnostic> {
  const worlds = [world, ...beside];
  const idsOf = (places: Places): ReadonlySet<string> =>
    new Set(worlds.flatMap((each) => (each[places] ?? []).map((thing: Thing) => thing.id)));
  const ids: Readonly<Record<Places, ReadonlySet<string>>> = {
    sites: idsOf('sites'),
    hosts: idsOf('hosts'),
    segments: idsOf('segments'),
    routers: idsOf('routers'),
    namespaces: idsOf('namespaces'),
    workloads: idsOf('workloads'),
    accessLists: idsOf('accessLists'),
  };
  const missing = (places: Places, id: string, span: Span | null): Diagnostic =>
    error('world/unknown-reference', `there is no ${NOUNS[places]} \`${id}\``, span, {
      help:
        didYouMean(suggest(id, ids[places])) ??
        (places === 'accessLists'
          ? 'declare it in an inventory: `accessLists`'
          : `declare it: \`${places === 'routers' ? 'tier1' : places === 'workloads' ? 'vm' : NOUNS[places]} ${id}\``),
    });
  const lacks = (places: Places, id: string | null): id is string => id !== null && !ids[places].has(id);

  for (const host of world.hosts) {
    if (lacks('sites', host.site)) yield missing('sites', host.site, placeOf(host, `site ${host.site}`, spans));
  }
  for (const thing of [...world.segments, ...world.routers]) {
    for (const site of thing.sites) {
      if (lacks('sites', site)) yield missing('sites', site, placeOf(thing, `site ${site}`, spans));
    }
  }
  for (const segment of world.segments) {
    if (lacks('routers', segment.router)) yield missing('routers', segment.router, placeOf(segment, 'router', spans));
  }
  for (const router of world.routers) {
    if (lacks('routers', router.connects))
      yield missing('routers', router.connects, placeOf(router, 'connects', spans));
  }
  for (const tunnel of world.tunnels) {
    for (const [part, site] of [
      ['from', tunnel.from],
      ['to', tunnel.to],
    ] as const) {
      if (lacks('sites', site)) yield missing('sites', site, spans.of(tunnel, part) ?? tunnel.span);
    }
  }
  for (const { places, id, by, part, span } of referencesOfNetwork(world)) {
    if (lacks(places, id)) yield missing(places, id, spans.of(by, part) ?? span);
  }
  for (const alias of world.hostAliases) {
    if (lacks('hosts', alias.host)) yield missing('hosts', alias.host, placeOf(alias, 'host', spans));
  }
  for (const workload of world.workloads) {
    const { host, site, namespace } = workload;
    if (lacks('hosts', host)) yield missing('hosts', host, placeOf(workload, 'host', spans));
    if (lacks('sites', site)) yield missing('sites', site, placeOf(workload, `site ${site}`, spans));
    for (const { segment, span } of workload.interfaces) {
      if (lacks('segments', segment)) yield missing('segments', segment, span ?? workload.span);
    }
    // A world without namespaces of its own just uses their names; one that declares some means them.
    if (ids.namespaces.size > 0 && lacks('namespaces', namespace)) {
      yield warning(
        'world/unknown-namespace',
        `there is no namespace \`${namespace}\``,
        placeOf(workload, 'namespace', spans),
        {
          help:
            didYouMean(suggest(namespace, ids.namespaces)) ??
            `it has no labels; declare it: \`namespace ${namespace}\``,
        },
      );
    }
  }
}

function* checkInterfaces(world: World, spans: PartSpans): Generator<Diagnostic> {
  const macs = new Map<string, { readonly workload: string; readonly span: Span | null }>();
  for (const workload of world.workloads) {
    const names = new Set<string>();
    for (const face of workload.interfaces) {
      const span = face.span ?? workload.span;
      if (names.has(face.name)) {
        yield error('world/duplicate-interface', `\`${workload.id}\` has two interfaces \`${face.name}\``, span, {
          help: 'give one of them another name: `nic … name eth1`',
        });
      }
      names.add(face.name);
      if (face.mac === null) continue;
      const place = { workload: workload.id, span: spans.of(face, 'mac') ?? span };
      const known = macs.get(face.mac);
      if (known === undefined) macs.set(face.mac, place);
      else {
        yield error(
          'world/duplicate-mac',
          `\`${known.workload}\` and \`${workload.id}\` have the MAC address \`${face.mac}\``,
          place.span,
          { notes: [{ message: 'first given here', span: known.span }] },
        );
      }
    }
  }
}

interface Reference {
  readonly places: 'sites' | 'hosts' | 'segments' | 'routers' | 'workloads' | 'accessLists';
  readonly id: string;
  /** The thing that refers, and the part of it that does, as finders of parts know them. */
  readonly by: object;
  readonly part: string;
  readonly span: Span | null;
}

function* referencesOfNetwork(world: World): Generator<Reference> {
  for (const host of world.hosts) {
    if (host.machine !== undefined) {
      yield { places: 'workloads', id: host.machine, by: host, part: 'machine', span: host.span };
    }
  }
  for (const segment of world.segments) {
    if (segment.acl !== undefined) {
      yield { places: 'accessLists', id: segment.acl, by: segment, part: 'acl', span: segment.span };
    }
    yield* sitesOf(segment.routes);
  }
  for (const router of world.routers) {
    for (const id of router.edges ?? []) {
      yield { places: 'hosts', id, by: router, part: `edges ${id}`, span: router.span };
    }
    yield* sitesOf(router.routes);
  }
  for (const workload of world.workloads) {
    for (const face of workload.interfaces) {
      for (const id of face.securityGroups ?? []) {
        const span = face.span ?? workload.span;
        yield { places: 'accessLists', id, by: face, part: 'securityGroups', span };
      }
    }
  }
  for (const list of world.accessLists ?? []) {
    for (const { peer, span } of list.rules) {
      if (peer !== null && 'group' in peer) {
        yield { places: 'accessLists', id: peer.group, by: list, part: 'group', span: span ?? list.span };
      }
    }
  }
}

function* sitesOf(routes: readonly Route[] | undefined): Generator<Reference> {
  for (const route of routes ?? []) {
    if (route.via.kind === 'site') {
      yield { places: 'sites', id: route.via.site, by: route, part: 'site', span: route.span };
    }
  }
}
