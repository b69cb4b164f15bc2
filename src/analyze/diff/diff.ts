// Compares what two snapshots allow, exactly: which flows one of them allows and the other does not. Nothing is sampled
// and no table of all pairs is made: only cells of classes that an edit can reach are judged, on both sides.

import { compareText } from '../../base/order.ts';
import { remember } from '../../base/remember.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { FlowService } from '../../evaluate/row-services.ts';
import { toServiceRows } from '../../net/service-rows.ts';
import { isAllServices, isNoServices } from '../../net/services.ts';
import { type Comparison, compareSnapshots } from './comparison.ts';
import { coverRelation } from './cover.ts';
import { type EndDescriber, type Extent, endDescriber } from './describe-ends.ts';
import type { Diff, DiffBy, DiffEnd, DiffOptions, DiffRow, Side } from './diff-row.ts';
import { classifyFaces, type FaceClass, type FaceClasses } from './face-classes.ts';
import type { Face, Faces } from './faces.ts';
import { type FamilySets, gatherRelations, type Relation, type RelationRow } from './relation.ts';
import { pairUp, plainFirst, type Sides, witnessOf } from './witness.ts';

/** Every flow that is allowed on one side alone. Both snapshots must be without errors. */
export function diffSnapshots(before: Snapshot, after: Snapshot, options: DiffOptions = {}): Diff {
  const comparison = compareSnapshots(before, after);
  const { sides, cells, exceptions } = comparison;
  const source = classesOf(comparison, 'source');
  const destination = classesOf(comparison, 'destination');
  const relations = gatherRelations(source, destination, cells, exceptions);
  const maker: RowMaker = {
    sides,
    source,
    destination,
    by: options.by ?? 'group',
    describer: endDescriber(
      sides.faces,
      sides.before,
      sides.after,
      options.by ?? 'group',
      touchedFaces(sides.faces, source, destination, relations.changed),
    ),
  };
  return {
    gained: sortRows(relations.gained.flatMap((relation) => [...rowsOf(maker, relation, 'after')])),
    lost: sortRows(relations.lost.flatMap((relation) => [...rowsOf(maker, relation, 'before')])),
    unchangedPairs: countUnchanged(sides.faces, source, destination, relations.changed),
  };
}

function classesOf(comparison: Comparison, role: 'source' | 'destination'): FaceClasses {
  const apart = new Set(comparison.exceptions.map((item) => item[role]));
  return classifyFaces(comparison.sides.faces.faces, comparison[role], apart);
}

function touchedFaces(
  { faces }: Faces,
  source: FaceClasses,
  destination: FaceClasses,
  changed: readonly RelationRow[],
): Uint8Array {
  const touched = new Uint8Array(faces.length);
  const targets = new Set<number>();
  for (const row of changed) {
    for (const face of (source.classes[row.source] as FaceClass).members) touched[face] = 1;
    for (const target of row.destinations) targets.add(target);
  }
  for (const target of targets) {
    for (const face of (destination.classes[target] as FaceClass).members) touched[face] = 1;
  }
  return touched;
}

interface RowMaker {
  readonly sides: Sides;
  readonly source: FaceClasses;
  readonly destination: FaceClasses;
  readonly by: DiffBy;
  readonly describer: EndDescriber;
}

/** `allows`: the side that allows what the relation is about. */
function* rowsOf(maker: RowMaker, relation: Relation, allows: Side): Generator<DiffRow> {
  const { sides, source, destination, by, describer } = maker;
  const { services, unknown } = relation.change;
  const all = isAllServices(services.common);
  const shared = { services: all ? [] : describeSets(services), all, unknown: describeSets(unknown) };
  const facesIn = ({ classes }: FaceClasses, list: readonly number[]): readonly number[] =>
    list.flatMap((index) => (classes[index] as FaceClass).members).sort((a, b) => a - b);
  if (by === 'workload') {
    for (const { source: own, destinations } of relation.rows) {
      yield* singleRows(maker, facesIn(source, [own]), facesIn(destination, destinations), services, allows, shared);
    }
    return;
  }
  for (const { sources, destinations } of coverRelation(relation, source.classes, destination.classes)) {
    const from: Extent = { least: facesIn(source, sources.least), most: facesIn(source, sources.most) };
    const to: Extent = {
      least: facesIn(destination, destinations.least),
      most: facesIn(destination, destinations.most),
    };
    for (const [a, describeSource] of partsOf(from)) {
      for (const [b, describeDestination] of partsOf(to)) {
        const pair = pairUp(sides, plainFirst(sides, a.least), plainFirst(sides, b.least), services);
        if (pair === null) continue;
        const witness = witnessOf(sides, pair.source, pair.destination, pair.family, services, allows);
        yield { source: describeSource(a), destination: describeDestination(b), ...shared, ...witness };
      }
    }
  }

  /** External addresses and endpoints are never named together. */
  function partsOf({ least, most }: Extent): readonly (readonly [Extent, (extent: Extent) => DiffEnd])[] {
    const isExternal = (index: number): boolean => (sides.faces.faces[index] as Face).range !== null;
    const inside = { least: least.filter((i) => !isExternal(i)), most: most.filter((i) => !isExternal(i)) };
    const outside = { least: least.filter(isExternal), most: most.filter(isExternal) };
    return [
      ...(inside.least.length === 0
        ? []
        : [[inside, (extent: Extent) => describer.endpoints(extent, allows)] as const]),
      ...(outside.least.length === 0 ? [] : [[outside, describer.external] as const]),
    ];
  }
}

/** One row for each pair of faces. */
function* singleRows(
  { sides, describer }: RowMaker,
  sources: readonly number[],
  destinations: readonly number[],
  services: FamilySets,
  allows: Side,
  shared: Pick<DiffRow, 'services' | 'all' | 'unknown'>,
): Generator<DiffRow> {
  for (const source of sources) {
    for (const destination of destinations) {
      const pair = pairUp(sides, [source], [destination], services);
      if (pair === null) continue;
      const ends = { source: describer.face(source), destination: describer.face(destination) };
      yield { ...ends, ...shared, ...witnessOf(sides, source, destination, pair.family, services, allows) };
    }
  }
}

function describeSets({ common, only4, only6 }: FamilySets): readonly FlowService[] {
  const own = (set: FamilySets['only4'], ip: 4 | 6): readonly FlowService[] =>
    isNoServices(set) ? [] : toServiceRows(set).map((service) => ({ ...service, ip }));
  return [...toServiceRows(common), ...own(only4, 4), ...own(only6, 6)];
}

function sortRows(rows: readonly DiffRow[]): readonly DiffRow[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify([row.source, row.destination, row.services]) }));
  return keyed.sort((a, b) => compareText(a.key, b.key)).map(({ row }) => row);
}

/** Pairs of different endpoints between which no pair of classes changed. */
function countUnchanged(
  { faces, endpoints }: Faces,
  source: FaceClasses,
  destination: FaceClasses,
  changed: readonly RelationRow[],
): number {
  const total = endpoints.length * (endpoints.length - 1);
  if (changed.length === 0) return total;
  const classesBy = ({ of }: FaceClasses): readonly (readonly number[])[] => {
    const found = endpoints.map(() => new Set<number>());
    for (const [index, { endpoint }] of faces.entries()) if (endpoint !== -1) found[endpoint]?.add(of[index] as number);
    return found.map((set) => [...set].sort((a, b) => a - b));
  };
  const [left, right] = [classesBy(source), classesBy(destination)];
  const targets = new Map(changed.map((row) => [row.source, row.destinations]));
  const groups = { source: groupBySignature(left), destination: groupBySignature(right) };
  let count = 0;
  for (const sources of groups.source.values()) {
    const reached = new Set(sources.classes.flatMap((own) => targets.get(own) ?? []));
    if (reached.size === 0) continue;
    const both = new Map<string, number>();
    for (const endpoint of sources.members) {
      const key = (right[endpoint] as readonly number[]).join();
      both.set(key, (both.get(key) ?? 0) + 1);
    }
    for (const [key, group] of groups.destination) {
      if (!group.classes.some((own) => reached.has(own))) continue;
      // Whoever is on both sides of the product is no pair with itself.
      count += sources.members.length * group.members.length - (both.get(key) ?? 0);
    }
  }
  return total - count;
}

interface SignatureGroup {
  readonly classes: readonly number[];
  readonly members: number[];
}

function groupBySignature(lists: readonly (readonly number[])[]): ReadonlyMap<string, SignatureGroup> {
  const groups = new Map<string, SignatureGroup>();
  for (const [index, classes] of lists.entries()) {
    remember(groups, classes.join(), () => ({ classes, members: [] })).members.push(index);
  }
  return groups;
}
