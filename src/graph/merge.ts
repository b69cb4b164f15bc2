// Merges the worlds of all layers into endpoints: one per workload id and one per host id (semantics §2a).
// What a layer's own selectors may see of a workload (its labels there) is kept apart, per layer.

import { addTo } from '../base/multimap.ts';
import { compareText } from '../base/order.ts';
import type { Layer } from '../model/layer.ts';
import type { Interface, Labels, Owner, Workload, WorkloadKind } from '../model/workload.ts';
import type { HostAlias, Namespace, Segment, ServiceAddress, Site } from '../model/world.ts';
import type { Address } from '../net/address.ts';
import { type Diagnostic, error, note } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';

/** A workload as all layers together know it. */
export interface WorkloadEndpoint {
  readonly kind: 'workload';
  readonly id: string;
  readonly workloadKind: WorkloadKind;
  readonly owner: Owner | null;
  readonly host: string | null;
  readonly site: string | null;
  readonly interfaces: readonly Interface[];
  /** What each layer that declares it says of it, by the layer's index. */
  readonly views: ReadonlyMap<number, Workload>;
  readonly span: Span | null;
}

export interface HostEndpoint {
  readonly kind: 'host';
  readonly id: string;
  readonly site: string | null;
  readonly addresses: readonly Address[];
  readonly labels: Labels;
  readonly span: Span | null;
}

export type Endpoint = WorkloadEndpoint | HostEndpoint;

export interface MergedWorld {
  /** Sorted: workloads by id, then hosts by id. */
  readonly endpoints: readonly Endpoint[];
  readonly serviceAddresses: ReadonlyMap<string, { readonly layer: number; readonly service: ServiceAddress }>;
  readonly hostAliases: ReadonlyMap<string, HostAlias>;
  /** Other ids of a workload: what it is called in layers that know it by an external id (semantics §2a). */
  readonly otherIds: ReadonlyMap<string, string>;
  readonly segments: ReadonlyMap<string, Segment>;
  readonly sites: ReadonlyMap<string, Site>;
  /** By layer index, then namespace id. */
  readonly namespaces: readonly ReadonlyMap<string, Namespace>[];
}

export function mergeWorlds(layers: readonly Layer[]): {
  readonly world: MergedWorld;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const { workloads, otherIds } = mergeWorkloads(layers);
  const hosts = new Map<string, HostEndpoint>();
  const serviceAddresses = new Map<string, { layer: number; service: ServiceAddress }>();
  const hostAliases = new Map<string, HostAlias>();
  const segments = new Map<string, Segment>();
  const sites = new Map<string, Site>();

  for (const [index, { world }] of layers.entries()) {
    for (const host of world.hosts) {
      const known = hosts.get(host.id);
      hosts.set(host.id, {
        kind: 'host',
        id: host.id,
        site: known?.site ?? host.site,
        addresses: mergeAddresses(known?.addresses ?? [], host.addresses),
        labels: known?.labels ?? host.labels,
        span: known?.span ?? host.span,
      });
    }
    for (const service of world.serviceAddresses) {
      const known = serviceAddresses.get(service.id);
      if (known === undefined) serviceAddresses.set(service.id, { layer: index, service });
      else diagnostics.push(duplicate('service address', service.id, service.span, known.service.span));
    }
    for (const alias of world.hostAliases) hostAliases.set(alias.id, alias);
    for (const segment of world.segments) if (!segments.has(segment.id)) segments.set(segment.id, segment);
    for (const site of world.sites) if (!sites.has(site.id)) sites.set(site.id, site);
  }

  const endpoints: Endpoint[] = [];
  const unknown: Workload[] = [];
  for (const id of [...workloads.keys()].sort(compareText)) {
    const views = workloads.get(id) as (readonly [number, Workload])[];
    const first = views[0]?.[1] as Workload;
    const other = views.find(([, workload]) => workload.kind !== first.kind);
    if (other !== undefined) {
      diagnostics.push(
        error(
          'layer/kind-differs',
          `\`${id}\` is a ${first.kind} in one layer and a ${other[1].kind} in another`,
          other[1].span,
          {
            notes: [{ message: 'first declared here', span: first.span }],
            help: 'workloads are merged by id: give one of them another id, or make the kinds agree',
          },
        ),
      );
    }
    if (views.every(([, workload]) => workload.interfaces.length === 0)) unknown.push(first);
    const pick = <T>(of: (workload: Workload) => T | null): T | null => {
      for (const [, workload] of views) if (of(workload) !== null) return of(workload);
      return null;
    };
    endpoints.push({
      kind: 'workload',
      id,
      workloadKind: first.kind,
      owner: pick((workload) => workload.owner),
      host: pick((workload) => workload.host),
      site: pick((workload) => workload.site),
      interfaces: mergeInterfaces(views.map(([, workload]) => workload.interfaces)),
      views: new Map(views),
      span: first.span,
    });
  }
  for (const id of [...hosts.keys()].sort(compareText)) endpoints.push(hosts.get(id) as HostEndpoint);
  if (unknown.length > 0) diagnostics.push(noInterface(unknown));
  const namespaces = layers.map(
    (layer) => new Map(layer.world.namespaces.map((namespace) => [namespace.id, namespace])),
  );
  return {
    world: { endpoints, serviceAddresses, hostAliases, otherIds, segments, sites, namespaces },
    diagnostics,
  };
}

/** Says once which workloads can only be told by who they are. */
function noInterface(workloads: readonly Workload[]): Diagnostic {
  const most = 5;
  const shown = workloads.slice(0, most).map(({ id }) => `\`${id}\``);
  const more = workloads.length > most ? ` and ${workloads.length - most} more` : '';
  const verb = workloads.length === 1 ? 'has' : 'have';
  return note(
    'layer/no-interface',
    `${shown.join(', ')}${more} ${verb} no known interface`,
    workloads[0]?.span ?? null,
    {
      help: 'rules match by labels and names; whether an address is theirs stays unknown',
    },
  );
}

/**
 * The workloads of all layers under one id each: the same id is the same workload, and so is one that another layer
 * knows by the same external id. It has the id of the first layer that has it. Addresses are never compared.
 */
function mergeWorkloads(layers: readonly Layer[]): {
  readonly workloads: ReadonlyMap<string, readonly (readonly [number, Workload])[]>;
  readonly otherIds: ReadonlyMap<string, string>;
} {
  const workloads = new Map<string, (readonly [number, Workload])[]>();
  const otherIds = new Map<string, string>();
  const byExternalId = new Map<string, string>();
  for (const [index, { world }] of layers.entries()) {
    // Within one layer an external id tells nothing apart that ids do not.
    const before = new Map(byExternalId);
    for (const workload of world.workloads) {
      const isKnown = workloads.has(workload.id);
      const external = isKnown ? undefined : workload.externalIds.find((id) => before.has(id));
      const id = external === undefined ? (otherIds.get(workload.id) ?? workload.id) : (before.get(external) as string);
      if (id !== workload.id) otherIds.set(workload.id, id);
      addTo(workloads, id, [index, workload] as const);
      for (const each of workload.externalIds) if (!byExternalId.has(each)) byExternalId.set(each, id);
    }
  }
  return { workloads, otherIds };
}

/** Interfaces of one workload by name; a workload that no layer gives an interface has one of unknown addresses (semantics §2). */
function mergeInterfaces(all: readonly (readonly Interface[])[]): readonly Interface[] {
  const byName = new Map<string, Interface>();
  for (const item of all.flat()) {
    const known = byName.get(item.name);
    byName.set(
      item.name,
      known === undefined
        ? item
        : {
            name: item.name,
            segment: known.segment ?? item.segment,
            addresses: mergeAddresses(known.addresses, item.addresses),
            mac: known.mac ?? item.mac,
            space: known.space ?? item.space,
            securityGroups: known.securityGroups ?? item.securityGroups ?? [],
            span: known.span ?? item.span,
          },
    );
  }
  if (byName.size > 0) return [...byName.values()];
  return [{ name: 'eth0', segment: null, addresses: [], mac: null, space: null, span: null }];
}

function mergeAddresses(a: readonly Address[], b: readonly Address[]): readonly Address[] {
  if (b.length === 0) return a;
  return [...new Map([...a, ...b].map((address) => [`${address.family}/${address.value}`, address])).values()];
}

function duplicate(what: string, id: string, span: Span | null, first: Span | null): Diagnostic {
  return error('layer/duplicate', `${what} \`${id}\` is declared twice`, span, {
    notes: [{ message: 'first declared here', span: first }],
    help: 'ids are unique among all loaded layers',
  });
}
