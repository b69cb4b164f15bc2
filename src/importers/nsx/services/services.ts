// All services of a dump → their meaning by path. A service may be made of others; one that contains itself is refused.
import { orderByDependency } from '../../../base/dependency-order.ts';
import { addTo } from '../../../base/multimap.ts';
import { quote } from '../../../net/address.ts';
import { NO_SERVICES, type ServiceSet, unionServices } from '../../../net/services.ts';
import { type Collected, type Located, lastStep, pathSuggester, withoutDuplicates } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import { type RecordNode, recordsAt, spanOf, type TextNode } from '../read/node.ts';
import type { Problems } from '../read/problems.ts';
import { NOT_UNDERSTOOD, readServiceEntry, type ServiceMeaning } from './service-entries.ts';

export interface Services {
  /** What a path stands for; a path that is not in the dump is reported and not understood. */
  readonly resolve: (problems: Problems, path: TextNode) => ServiceMeaning;
  /** The entries that a rule has of its own, united. */
  readonly readEntries: (problems: Problems, entries: readonly RecordNode[]) => ServiceMeaning;
}

export function readServices(problems: Problems, collected: Collected): Services {
  const located = withoutDuplicates(problems, 'service', collected.services);
  const indexOf = new Map(located.map(({ path }, i) => [path, i]));
  const extra = new Map<string, RecordNode[]>();
  for (const { node, ownerPath } of collected.entries) addTo(extra, ownerPath, node);
  const entriesOf = located.map(({ node, path }) => {
    checkFields(problems, node, 'Service');
    return [...recordsAt(problems, node, 'service_entries'), ...(extra.get(path) ?? [])];
  });
  const nestedIn = (i: number): readonly number[] =>
    (entriesOf[i] ?? []).flatMap((entry) => {
      const path = entry.value.nested_service_path;
      return (typeof path === 'string' ? indexOf.get(path) : undefined) ?? [];
    });
  const { order, cycles } = orderByDependency(located.keys(), nestedIn);
  for (const { path } of cycles)
    reportCycle(
      problems,
      path.flatMap((i) => located[i] ?? []),
    );
  const meanings = new Map<string, ServiceMeaning>();
  const near = pathSuggester(indexOf.keys());
  const resolve = (to: Problems, path: TextNode): ServiceMeaning => {
    const known = meanings.get(path.value);
    if (known !== undefined) return known;
    // A service of a cycle is in the dump and has no meaning yet: that it contains itself has been said.
    if (indexOf.has(path.value)) return NOT_UNDERSTOOD;
    const hint = near(path.value);
    to.report('warning', 'nsx/unknown-reference', `the service ${quote(path.value)} is not in the dump`, spanOf(path), {
      help: [
        ...(hint === null ? [] : [hint]),
        'a rule that allows it matches only what else it names; one that denies it matches every service',
      ].join('\n'),
    });
    return NOT_UNDERSTOOD;
  };
  const readEntries = (to: Problems, entries: readonly RecordNode[]): ServiceMeaning =>
    uniteServices(entries.map((entry) => readServiceEntry(to, entry, (path) => resolve(to, path))));
  for (const i of order) {
    meanings.set((located[i] as Located).path, readEntries(problems, entriesOf[i] as readonly RecordNode[]));
  }
  return { resolve, readEntries };
}

export function uniteServices(meanings: readonly ServiceMeaning[]): ServiceMeaning {
  return {
    set: uniteSets(meanings.map(({ set }) => set)),
    partial: meanings.some(({ partial }) => partial),
    ethernet: meanings.some(({ ethernet }) => ethernet),
    gateways: [...new Set(meanings.flatMap(({ gateways }) => gateways))],
  };
}

/** By halves: adding each to the union of all before it would take quadratic time. */
function uniteSets(sets: readonly ServiceSet[]): ServiceSet {
  let level = sets;
  while (level.length > 1) {
    const next: ServiceSet[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [a, b] = [level[i] as ServiceSet, level[i + 1]];
      next.push(b === undefined ? a : unionServices(a, b));
    }
    level = next;
  }
  return level[0] ?? NO_SERVICES;
}

function reportCycle(problems: Problems, members: readonly Located[]): void {
  const [first, ...others] = members;
  if (first === undefined) return;
  problems.report(
    'error',
    'nsx/service-cycle',
    `the service ${quote(lastStep(first.path))} contains itself`,
    spanOf(first.node),
    {
      notes: others
        .slice(0, 4)
        .map(({ path, node }) => ({ message: `by way of ${quote(lastStep(path))}`, span: spanOf(node) })),
      help: 'NSX refuses such a service; take one of the nested entries out',
    },
  );
}
