// Flows between classes: for worlds too large to list pairs of workloads. One row for each source class and each set of
// services it may use, with all destination classes of that set together.

import { hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Classes } from '../compile/classes.ts';
import { toRanges, unionAllAddresses } from '../net/address-set.ts';
import type { ServiceSet } from '../net/services.ts';
import type { Evaluator } from './evaluator.ts';
import type { FlowRow } from './flow-rows.ts';
import { type Entity, entityOf } from './flow-units.ts';
import { type RowServices, rowDescriber } from './row-services.ts';

/** A class of a role: its members, or the external ranges in it. Ids are `s1…` for sources and `d1…` for destinations. */
export interface FlowClass {
  readonly id: string;
  readonly members: readonly Entity[];
}

interface ClassUnit {
  readonly index: number;
  readonly nodes: readonly number[];
  readonly defined: ServiceSet;
  /** The only endpoint in it, or -1. */
  readonly only: number;
}

interface Row {
  readonly found: RowServices;
  readonly classes: number[];
}

/**
 * Sorted by source class, then by the first destination class. The destination's id lists classes: `d3,d5-d9`. What a
 * dialect grants a host to workloads on it (semantics §10) is not shown: it differs inside a class.
 */
export function* classRows(evaluator: Evaluator, from: TriSet | null, to: TriSet | null): Generator<FlowRow> {
  const { lookup, judge, universe } = evaluator;
  const describer = rowDescriber(evaluator);
  const units = (classes: Classes, within: TriSet | null): readonly ClassUnit[] =>
    membersOf(classes, within).map(({ index, nodes }) => {
      const endpoints = new Set(nodes.map((node) => endpointOf(evaluator, node)));
      return {
        index,
        nodes,
        defined: describer.definedFor(nodes),
        only: endpoints.size === 1 ? ([...endpoints][0] ?? -1) : -1,
      };
    });
  const destinations = units(lookup.destination, to);
  const names = Array.from({ length: lookup.destination.count }, (_, index) => `d${index + 1}`);
  for (const source of units(lookup.source, from)) {
    const family = universe.nodes[source.nodes[0] as number]?.family ?? 4;
    const outcomes = judge.row(source.index);
    const rows = new Map<string, Row>();
    const startRow = (outcome: number, defined: ServiceSet): Row | null => {
      const found = describer.ofOutcome(family, outcome, source.defined, defined);
      return found === null ? null : remember(rows, found.key, () => ({ found, classes: [] }));
    };
    // Most destinations share their outcome with many others; most share what their dialects define with all.
    const byDefined = new Map<ServiceSet, Map<number, Row | null>>();
    let byOutcome = new Map<number, Row | null>();
    let lastDefined: ServiceSet | null = null;
    for (const destination of destinations) {
      const outcome = outcomes[destination.index] as number;
      if (outcome === -1 || (source.only !== -1 && source.only === destination.only)) continue;
      const { defined } = destination;
      if (defined !== lastDefined) {
        byOutcome = remember(byDefined, defined, () => new Map());
        lastDefined = defined;
      }
      // No closure for each pair here: there are millions.
      let row = byOutcome.get(outcome);
      if (row === undefined) {
        row = startRow(outcome, defined);
        byOutcome.set(outcome, row);
      }
      row?.classes.push(destination.index);
    }
    for (const { found, classes } of rows.values()) {
      yield {
        source: { kind: 'class', id: `s${source.index + 1}` },
        destination: { kind: 'class', id: classList(classes, names) },
        services: found.services,
        all: found.all,
        unknown: found.unknown,
      };
    }
  }
}

/** The classes of both roles, for a reader of the rows. */
export function flowClasses(evaluator: Evaluator): {
  readonly sources: readonly FlowClass[];
  readonly destinations: readonly FlowClass[];
} {
  const describe = (classes: Classes, prefix: 's' | 'd'): readonly FlowClass[] =>
    membersOf(classes, null).map(({ index, nodes }) => ({
      id: `${prefix}${index + 1}`,
      members: entitiesOf(evaluator, nodes),
    }));
  return { sources: describe(evaluator.lookup.source, 's'), destinations: describe(evaluator.lookup.destination, 'd') };
}

function membersOf(
  classes: Classes,
  within: TriSet | null,
): readonly { readonly index: number; readonly nodes: readonly number[] }[] {
  const members: number[][] = Array.from({ length: classes.count }, () => []);
  for (let node = 0; node < classes.of.length; node++) {
    if (within === null || hasBit(within.possible, node)) members[classes.of[node] as number]?.push(node);
  }
  return members.map((nodes, index) => ({ index, nodes })).filter(({ nodes }) => nodes.length > 0);
}

function endpointOf(evaluator: Evaluator, node: number): number {
  const item = evaluator.universe.nodes[node];
  return item === undefined || item.kind === 'external' ? -1 - node : item.endpoint;
}

function entitiesOf(evaluator: Evaluator, nodes: readonly number[]): readonly Entity[] {
  const { universe } = evaluator;
  const endpoints = new Set<number>();
  const ranges = [];
  for (const node of nodes) {
    const item = universe.nodes[node];
    if (item?.kind === 'external') ranges.push(item.range);
    else if (item !== undefined) endpoints.add(item.endpoint);
  }
  const inside = [...endpoints].flatMap((index) => {
    const endpoint = universe.world.endpoints[index];
    return endpoint === undefined ? [] : [entityOf(endpoint)];
  });
  return ranges.length === 0 ? inside : [...inside, { kind: 'external', ranges: toRanges(unionAllAddresses(ranges)) }];
}

/** Ascending indexes as ids, runs as ranges. */
function classList(classes: readonly number[], names: readonly string[]): string {
  let list = '';
  for (let i = 0; i < classes.length; ) {
    const start = i;
    while (i + 1 < classes.length && classes[i + 1] === (classes[i] as number) + 1) i++;
    if (list !== '') list += ',';
    list += names[classes[start] as number];
    if (i > start) list += `-${names[classes[i] as number]}`;
    i++;
  }
  return list;
}
