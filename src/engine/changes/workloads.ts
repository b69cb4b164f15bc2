// Changes of workloads: labels, host, copies, new ones and those that go. A workload is changed in every layer that has
// it: it is one machine, whoever describes it.

import { checkAddresses } from '../../model/address-checks.ts';
import type { Change } from '../../model/change.ts';
import { checkLabelsOf, type Labelled } from '../../model/label-checks.ts';
import { makePartSpans } from '../../model/part-spans.ts';
import type { Workload } from '../../model/workload.ts';
import { emptyWorld, type HostAlias } from '../../model/world.ts';
import { formatAddress } from '../../net/address.ts';
import { warning } from '../../text/diagnostic.ts';
import { newAddresses, ownersOf } from './addresses.ts';
import {
  aliasOf,
  type Draft,
  idsOf,
  refuse,
  replaceViews,
  replaceWorld,
  reportUnknown,
  say,
  type View,
  viewsOf,
} from './draft.ts';
import { findHostCycle, machineOf } from './host-cycles.ts';
import { findUses } from './uses.ts';

type Of<Kind extends Change['kind']> = Extract<Change, { readonly kind: Kind }>;

/** Gives each named key the values of the change; other keys stay. */
export function setLabels(draft: Draft, { workload: id, labels, span }: Of<'set'>): boolean {
  const views = viewsToChange(draft, id, 'labels', span);
  if (views === null || !acceptLabels(draft, { labels, span })) return false;
  const isSame = ({ workload }: View): boolean =>
    [...labels].every(([key, values]) => sameValues(workload.labels.get(key), values));
  if (views.every(isSame)) return say(draft, 'change/no-effect', `\`${id}\` has these labels already`, span);
  return replaceViews(draft, views, (workload) => ({ ...workload, labels: new Map([...workload.labels, ...labels]) }));
}

function sameValues(known: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return known?.length === wanted.length && known.every((value, index) => value === wanted[index]);
}

/** To another host, with address, labels, policy and connections. A site of its own gives way to that of the host. */
export function moveWorkload(draft: Draft, { workload: id, host, span }: Of<'move'>): boolean {
  const alias = aliasOf(draft, id);
  const views = viewsOf(draft, id);
  if (views.length === 0 && alias === null) return reportUnknown(draft, 'workload', id, workloadIds(draft), span);
  if (id === host || machineOf(draft, host) === id) {
    return refuse(draft, 'change/cyclic-move', `\`${id}\` cannot be moved onto itself`, span, {
      help: 'name another host',
    });
  }
  const hosts = idsOf(draft, 'hosts');
  if (!hosts.has(host)) return reportUnknown(draft, 'host', host, hosts, span);
  const cycle = findHostCycle(draft, id, host);
  if (cycle !== null) {
    const [first = id, ...rest] = cycle;
    return refuse(draft, 'change/cyclic-move', `\`${id}\` would run on itself`, span, {
      notes: [
        { message: `\`${first}\` is on ${rest.map((each) => `\`${each}\``).join(', which is on ')}`, span: null },
      ],
      help: `move \`${host}\` away from \`${id}\` first, or name a host that does not run on it`,
    });
  }
  if (views.every(({ workload }) => workload.host === host) && (alias === null || alias.host === host)) {
    return say(draft, 'change/no-effect', `\`${id}\` is on \`${host}\` already`, span);
  }
  const site = draft.layers.flatMap(({ world }) => world.hosts).find((each) => each.id === host)?.site ?? null;
  replaceViews(draft, views, (workload) => ({
    ...workload,
    host,
    site: workload.site === null || site === null ? workload.site : site,
  }));
  return alias === null || replaceAlias(draft, { ...alias, host });
}

/** A copy with the same labels, on the same host and segments, with addresses of its own. */
export function cloneWorkload(draft: Draft, { workload: id, as, span }: Of<'clone'>): boolean {
  const views = viewsToChange(draft, id, 'copy', span);
  if (views === null || isTaken(draft, as, span)) return false;
  const chosen = newAddresses(
    draft,
    views.map(({ workload }) => workload),
  );
  const copy = (workload: Workload): Workload => ({
    ...workload,
    id: as,
    name: as,
    hostname: workload.hostname === workload.id || workload.hostname === workload.name ? as : workload.hostname,
    externalIds: [],
    interfaces: workload.interfaces.map((face) => ({
      ...face,
      mac: null,
      addresses: face.addresses.flatMap((address) => chosen.get(formatAddress(address)) ?? []),
    })),
    span,
  });
  for (const { layer, workload } of views) {
    replaceWorld(draft, layer, ({ workloads }) => ({ workloads: [...workloads, copy(workload)] }));
  }
  const given = [...chosen.values()].filter((address) => address !== null);
  const message =
    given.length > 0
      ? `\`${as}\` gets ${given.map((address) => `\`${formatAddress(address)}\``).join(', ')}`
      : `\`${as}\` gets an address that is not known`;
  return say(draft, 'change/new-address', message, span, {
    help:
      given.length === chosen.size
        ? null
        : 'no free address is known where the subnet is not; rules by address leave it open',
  });
}

/** A workload that is declared as those of the world are, in the home layer, and judged as they are. */
export function createWorkload(draft: Draft, { workload, span }: Of<'create'>): boolean {
  if (isTaken(draft, workload.id, span)) return false;
  if (!acceptLabels(draft, workload)) return false;
  const hosts = idsOf(draft, 'hosts');
  if (workload.host !== null && !hosts.has(workload.host)) {
    return reportUnknown(draft, 'host', workload.host, hosts, span);
  }
  return (
    acceptInterfaces(draft, workload, span) &&
    replaceWorld(draft, draft.home, ({ workloads }) => ({ workloads: [...workloads, workload] }))
  );
}

/** On segments that exist, in their subnets, with addresses that nobody has. */
function acceptInterfaces(draft: Draft, workload: Workload, span: Change['span']): boolean {
  const segments = draft.layers.flatMap(({ world }) => world.segments);
  const known = new Set(segments.map(({ id }) => id));
  const names = new Set<string>();
  for (const { name, segment } of workload.interfaces) {
    if (names.has(name)) {
      return refuse(draft, 'world/duplicate-interface', `\`${workload.id}\` has two interfaces \`${name}\``, span, {
        help: 'give one of them another name: `nic … name eth1`',
      });
    }
    names.add(name);
    if (segment !== null && !known.has(segment)) return reportUnknown(draft, 'segment', segment, known, span);
  }
  const used = segments.filter(({ id }) => workload.interfaces.some((face) => face.segment === id));
  const alone = { ...emptyWorld, segments: used, workloads: [workload] };
  const problems = [...checkAddresses(alone, makePartSpans())].filter(({ severity }) => severity === 'error');
  draft.diagnostics.push(...problems);
  const owners = ownersOf(draft, workload);
  for (const { address, owner } of owners) {
    refuse(draft, 'change/address-taken', `\`${owner}\` has \`${formatAddress(address)}\` already`, span, {
      help: 'choose a free address, or put the interface in an address space of its own: `nic … space NAME`',
    });
  }
  return problems.length === 0 && owners.length === 0;
}

/** Takes it away wherever it is; rules that name it then match nothing by it, which is said. */
export function deleteWorkload(draft: Draft, { workload: id, span }: Of<'delete'>): boolean {
  const views = viewsOf(draft, id);
  const alias = aliasOf(draft, id);
  if (views.length === 0 && alias === null) return reportUnknown(draft, 'workload', id, workloadIds(draft), span);
  replaceViews(draft, views, () => null);
  if (alias !== null) replaceAlias(draft, alias, null);
  const uses = findUses(draft.layers, { kind: 'workload', id });
  if (uses.length === 0) return true;
  draft.diagnostics.push(
    warning('change/still-named', `\`${id}\` is still named by ${uses[0]?.what ?? ''}`, span, {
      notes: uses.slice(0, 5).map((use) => ({ message: `${use.what} names it here`, span: use.span })),
      help: 'what names it matches nothing by that name from now on',
    }),
  );
  return true;
}

/** Puts the alias in the place of the one of its id, in every layer that has it; null takes it away. */
function replaceAlias(draft: Draft, alias: HostAlias, by: HostAlias | null = alias): true {
  for (const [index] of draft.layers.entries()) {
    replaceWorld(draft, index, ({ hostAliases }) => ({
      hostAliases: hostAliases.flatMap((each) => (each.id === alias.id ? (by ?? []) : each)),
    }));
  }
  return true;
}

function viewsToChange(
  draft: Draft,
  id: string,
  what: 'labels' | 'copy',
  span: Change['span'],
): readonly View[] | null {
  const views = viewsOf(draft, id);
  if (views.length > 0) return views;
  const alias = aliasOf(draft, id);
  if (alias === null) {
    reportUnknown(draft, 'workload', id, workloadIds(draft), span);
    return null;
  }
  const why = what === 'labels' ? 'no labels' : 'no address of its own to copy';
  refuse(draft, 'change/host-identity', `\`${id}\` has the identity of its host, and so ${why}`, span, {
    notes: [{ message: 'declared here', span: alias.span }],
    help: 'name a workload that has a network of its own',
  });
  return null;
}

function workloadIds(draft: Draft): Iterable<string> {
  return new Set([...idsOf(draft, 'workloads'), ...idsOf(draft, 'hostAliases')]);
}

function isTaken(draft: Draft, id: string, span: Change['span']): boolean {
  const [known] = viewsOf(draft, id);
  const taken = known?.workload ?? aliasOf(draft, id);
  if (taken === null) return false;
  refuse(draft, 'change/duplicate-id', `there is a workload \`${id}\` already`, span, {
    notes: [{ message: 'declared here', span: taken.span }],
    help: 'choose another name',
  });
  return true;
}

/** Labels of a new value are held to what the home layer declares. */
function acceptLabels(draft: Draft, thing: Labelled): boolean {
  const layer = draft.layers[draft.home];
  if (layer === undefined) return true;
  const rules = { keys: layer.labelKeys, caseSensitive: layer.dialect.labelCase === 'sensitive' };
  const found = checkLabelsOf(thing, rules, makePartSpans(), draft.suggest);
  draft.diagnostics.push(...found);
  return found.length === 0;
}
