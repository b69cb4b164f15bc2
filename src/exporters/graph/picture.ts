// Turns the graph into what a picture shows: segments as boxes that list their workloads, in the boxes of their sites;
// groups as boxes that list their members; arrows for rules. A workload stands in its segment once, with a patch in
// the color of each of its groups, so that no membership has to be drawn as a line. Where there are too many
// workloads to read, boxes say how many they hold. How it is drawn is left to dot.ts and mermaid.ts.
import { groupBy } from '../../base/multimap.ts';
import { compareNatural } from '../../base/order.ts';
import type { GraphEdge, GraphNode, NodeKey, PolicyGraph } from '../../model/graph.ts';
import type { Action } from '../../model/policy.ts';

export interface Row {
  readonly title: string;
  readonly detail: string;
  /** Groups it is in, as positions in `groups`. */
  readonly groups: readonly number[];
}

export interface Box {
  readonly key: NodeKey;
  readonly title: string;
  readonly detail: string;
  readonly rows: readonly Row[];
  /** How many it holds that have no row. */
  readonly unlisted: number;
  readonly holds: 'workload' | 'member';
}

export interface SitePicture {
  /** null: not in one site. */
  readonly title: string | null;
  readonly detail: string;
  readonly key: NodeKey;
  readonly segments: readonly Box[];
  readonly routers: readonly { readonly key: NodeKey; readonly title: string; readonly detail: string }[];
}

export interface Arrow {
  readonly from: NodeKey;
  readonly to: NodeKey;
  readonly action: Action;
  /** Services of all its rules, as written. */
  readonly labels: readonly string[];
  /** Rules and services, for a tooltip. */
  readonly rules: readonly string[];
}

export interface Picture {
  readonly sites: readonly SitePicture[];
  readonly links: readonly { readonly from: NodeKey; readonly to: NodeKey; readonly kind: 'routed' | 'tunnel' }[];
  readonly groups: readonly Box[];
  /** Ends of rules that are not groups. */
  readonly peers: readonly { readonly key: NodeKey; readonly title: string }[];
  readonly arrows: readonly Arrow[];
}

/** What of a graph is drawn: all of it, or one half by itself. */
export type Part = 'all' | 'network' | 'policy';

/** From so many nodes on, boxes hold numbers instead of names (dot takes seconds, and nobody reads it). */
const MOST_NODES = 500;
const MOST_MEMBERS = 12;
const MOST_LABELS = 3;
const NOWHERE = 'segment:';

export function makePicture(graph: PolicyGraph, part: Part = 'all'): Picture {
  return takePart(drawAll(graph), part);
}

function drawAll(graph: PolicyGraph): Picture {
  const counts = graph.nodes.length > MOST_NODES;
  const edges = groupBy(graph.edges, (edge) => edge.kind);
  const pick = <K extends GraphEdge['kind']>(kind: K) =>
    (edges.get(kind) ?? []) as readonly Extract<GraphEdge, { kind: K }>[];
  const nodes = <K extends GraphNode['kind']>(kind: K) =>
    graph.nodes.filter((node): node is Extract<GraphNode, { kind: K }> => node.kind === kind);

  const groups = nodes('group');
  const groupIndex = new Map(groups.map((group, index) => [group.key, index]));
  const groupsOf = groupBy(pick('member'), (edge) => edge.from);
  const rowGroups = (key: NodeKey): readonly number[] =>
    (groupsOf.get(key) ?? []).map((edge) => groupIndex.get(edge.to) ?? 0).sort((a, b) => a - b);

  const titles = new Map(graph.nodes.map((node) => [node.key, node.id]));
  const attached = groupBy(pick('attached'), (edge) => edge.to);
  const placed = new Set(pick('attached').map((edge) => edge.from));
  const segmentBox = (segment: GraphNode & { kind: 'segment' }): Box => {
    const rows = (attached.get(segment.key) ?? []).map((edge) => ({
      title: titles.get(edge.from) ?? edge.from,
      detail: edge.addresses.join(', '),
      groups: rowGroups(edge.from),
    }));
    const detail = [...segment.subnets, ...(segment.vni === null ? [] : [`VNI ${segment.vni}`])].join(' · ');
    return makeBox(segment.key, segment.id, detail, 'workload', rows, counts ? 0 : rows.length);
  };
  const loose = nodes('workload').filter((workload) => !placed.has(workload.key));
  const looseRows = loose.map((w) => ({ title: w.id, detail: w.addresses.join(', '), groups: rowGroups(w.key) }));
  const looseBox = makeBox(NOWHERE, 'on no segment', '', 'workload', looseRows, counts ? 0 : looseRows.length);

  const placeOf = placesOf(pick('in'), new Map(pick('routed').map((edge) => [edge.from, edge.to])));
  const places = new Set([...nodes('segment'), ...nodes('router')].map((node) => placeOf(node.key).join(' ')));
  if (loose.length > 0) places.add('');
  const sites = nodes('site');
  const siteKeys = [...sites.map((site) => site.key), ...[...places].filter((p) => !sites.some((s) => s.key === p))];
  const members = groupBy(pick('member'), (edge) => edge.to);
  // A workload that a rule names stands in its segment already; as an end of an arrow it gets a box beside the groups.
  const named = new Set(
    pick('rule').flatMap(({ from, to }) => [from, to].filter((key) => key.startsWith('workload:'))),
  );
  return {
    sites: siteKeys.map((place): SitePicture => {
      const site = sites.find((item) => item.key === place);
      const here = (node: GraphNode): boolean => placeOf(node.key).join(' ') === place;
      const several = place.split(' ').map((key) => titles.get(key) ?? '');
      return {
        key: place,
        title: site?.id ?? (place === '' ? null : several.join(' + ')),
        detail: site?.siteKind ?? (place === '' ? '' : 'stretched'),
        segments: [
          ...nodes('segment').filter(here).map(segmentBox),
          ...(place === '' && loose.length > 0 ? [looseBox] : []),
        ],
        routers: nodes('router')
          .filter(here)
          .map((router) => ({ key: router.key, title: router.id, detail: router.routerKind })),
      };
    }),
    links: [...pick('routed'), ...pick('tunnel')].map(({ from, to, kind }) => ({ from, to, kind })),
    groups: groups.map((group, index) => {
      const rows = (members.get(group.key) ?? [])
        .map((edge) => ({ title: titles.get(edge.from) ?? '', detail: edge.certain ? '' : 'maybe', groups: [index] }))
        .sort((a, b) => compareNatural(a.title, b.title));
      const listed = counts ? 0 : rows.length <= MOST_MEMBERS ? rows.length : MOST_MEMBERS - 1;
      return makeBox(group.key, group.id, group.addresses.join(', '), 'member', rows, listed);
    }),
    peers: [
      ...nodes('peer').map((peer) => ({ key: peer.key, title: peer.id })),
      ...[...named].map((key) => ({ key, title: titles.get(key) ?? key })),
    ],
    arrows: arrowsOf(pick('rule')),
  };
}

function makeBox(
  key: NodeKey,
  title: string,
  detail: string,
  holds: Box['holds'],
  rows: readonly Row[],
  listed: number,
): Box {
  return { key, title, detail, rows: rows.slice(0, listed), unlisted: rows.length - listed, holds };
}

/** The sites of a segment or router. A router that names none is drawn where the next one towards the outside is. */
function placesOf(
  edges: readonly Extract<GraphEdge, { kind: 'in' }>[],
  next: ReadonlyMap<NodeKey, NodeKey>,
): (key: NodeKey) => readonly NodeKey[] {
  const places = groupBy(edges, (edge) => edge.from);
  return (key) => {
    const own = places.get(key) ?? (key.startsWith('router:') ? places.get(next.get(key) ?? '') : undefined);
    return (own ?? []).map((edge) => edge.to).sort(compareNatural);
  };
}

/** One half by itself: boxes say how many they hold, and groups that no rule names are left out. */
function takePart(picture: Picture, part: Part): Picture {
  if (part === 'all') return picture;
  if (part === 'network') {
    const sites = picture.sites.map((site) => ({ ...site, segments: site.segments.map(countOnly) }));
    return { ...picture, sites, groups: [], peers: [], arrows: [] };
  }
  const named = new Set(picture.arrows.flatMap(({ from, to }) => [from, to]));
  const groups = picture.groups.filter(({ key }) => named.has(key)).map(countOnly);
  return { ...picture, sites: [], links: [], groups };
}

function countOnly(box: Box): Box {
  return { ...box, detail: firstOf(box.detail), rows: [], unlisted: box.rows.length + box.unlisted };
}

/** The first of a list of addresses. */
function firstOf(detail: string): string {
  const all = detail.split(', ');
  return all.length <= 2 ? detail : `${all[0]} and ${all.length - 1} more`;
}

/** One arrow for all rules of one action between the same two boxes. */
function arrowsOf(rules: readonly Extract<GraphEdge, { kind: 'rule' }>[]): readonly Arrow[] {
  const grouped = groupBy(rules, (rule) => `${rule.from}\n${rule.to}\n${rule.action}`);
  return [...grouped.values()].map((same) => {
    const { from, to, action } = same[0] as (typeof same)[number];
    const services = [...new Set(same.map((rule) => rule.service))];
    const labels = services.length <= MOST_LABELS ? services : services.slice(0, MOST_LABELS - 1);
    const more = services.length - labels.length;
    return {
      from,
      to,
      action,
      labels: more === 0 ? labels : [...labels, `+ ${more} more`],
      rules: same.map((rule) => `${rule.rule}: ${rule.action} ${rule.service}`),
    };
  });
}
