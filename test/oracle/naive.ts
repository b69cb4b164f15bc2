// The naive evaluator: docs/semantics.md read literally, section by section. It imports types only and shares no code with
// the evaluator it is compared with: texts are matched with JavaScript's RegExp, addresses are bigints, every question scans
// every rule. A three-valued answer is a number, 0 no, 1 yes, 0.5 maybe: Kleene's and, or and not are min, max and 1 - x.
// biome-ignore-all format: laid out like the text it follows, one case a line, to stay readable within 300 lines

import type { Layer } from '../../src/model/layer.ts';
import type { Condition, Field, Peer, TextTest } from '../../src/model/peer.ts';
import type { Direction, Policy, Rule, Tier, Verdict } from '../../src/model/policy.ts';
import type { EndpointRef, Question } from '../../src/model/question.ts';
import type { Interface, Workload } from '../../src/model/workload.ts';
import type { ServiceAddress } from '../../src/model/world.ts';
import type { Address, Family } from '../../src/net/address.ts';
import type { AddressSet } from '../../src/net/address-set.ts';
import type { ServiceSet } from '../../src/net/services.ts';

// `by`: all that may decide: rule ids, `default of TIER`, `exempt`, `no default`. No points where the question means several pairs of addresses.
export interface OraclePoint { readonly direction: Direction; readonly workload: string; readonly interface: string; readonly layer: string; readonly verdict: Verdict; readonly by: readonly string[] }
export interface Judgement { readonly verdict: Verdict; readonly points: readonly OraclePoint[]; readonly reply: 'allowed' | 'blocked' | 'depends' }
interface Service { readonly protocol: number; readonly a: number; readonly b: number }
export type ExactQuestion = Question & { readonly service: Service };
interface Machine { readonly id: string; readonly views: ReadonlyMap<Layer, Workload>; readonly nics: readonly Interface[] }
/** One address, or an unknown one, of an interface or a host; with neither, an external address. */
interface Node { readonly machine: Machine | null; readonly nic: Interface | null; readonly host: string | null; readonly family: Family; readonly address: bigint | null; readonly key: string }
interface Step { readonly end: Verdict | 'pass' | 'none'; readonly by: string; readonly to: string | null; readonly stateless: boolean }
/** Why it is asked whom a peer means: as an applied-to (§3), or in a rule that allows or one that denies (§11). */
type Use = 'scope' | 'allows' | 'denies';
const ALLOWED: Judgement = { verdict: 'allow', points: [], reply: 'allowed' };
const NONE: Step = { end: 'none', by: '', to: null, stateless: false };
const AREAS = new Map([[6, 'tcp'], [17, 'udp'], [132, 'sctp'], [1, 'icmp'], [58, 'icmp6']] as const);
const ANSWERS = [[1, 8, 0], [1, 13, 14], [1, 15, 16], [1, 17, 18], [58, 128, 129], [58, 133, 134], [58, 135, 136], [58, 139, 140]] as const; // protocol, request, answer
const sure = (value: boolean): number => (value ? 1 : 0);
const or = (values: readonly number[]): number => Math.max(0, ...values);
const and = (values: readonly number[]): number => Math.min(1, ...values);
const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
const lazily = <T>(make: () => T): (() => T) => { let made: T | undefined; return () => (made ??= make()); };
const lastOf = (family: Family): bigint => (1n << (family === 4 ? 32n : 128n)) - 1n;
const pairsOf = <T extends number | bigint>(flat: readonly T[]): [T, T][] => flat.flatMap((lo, i) => (i % 2 === 0 ? [[lo, flat[i + 1] as T]] : []));
const within = <T extends number | bigint>(flat: readonly T[], value: T): boolean => pairsOf(flat).some(([lo, hi]) => lo <= value && value <= hi);
const rangesOf = (set: AddressSet, family: Family): bigint[] => (family === 4 ? set.v4.map(BigInt) : [...set.v6]);
/** Every address set inside `value`, wherever it is kept. */
const addressSetsIn = (value: unknown): AddressSet[] => {
  if (typeof value !== 'object' || value === null) return [];
  if ('v4' in value && 'v6' in value) return [value as AddressSet];
  return (value instanceof Map ? [...value.values()] : Object.values(value)).flatMap(addressSetsIn);
};
/** §13, in hexadecimal: 10/8, 172.16/12, 192.168/16, 100.64/10, 127/8, 169.254/16, 224/4; ::1, fe80::/10, fc00::/7, ff00::/8. */
const blocks = (width: bigint, ...all: [bigint, bigint][]): bigint[] => all.flatMap(([head, bits]) => [head << (width - bits), ((head + 1n) << (width - bits)) - 1n]);
const INTERNAL: AddressSet = {
  v4: blocks(32n, [0x0an, 8n], [0xac1n, 12n], [0xc0a8n, 16n], [0x191n, 10n], [0x7fn, 8n], [0xa9fen, 16n], [0xen, 4n]).map(Number),
  v6: blocks(128n, [1n, 128n], [0x3fan, 10n], [0x7en, 7n], [0xffn, 8n]),
};
export function createOracle(layers: readonly Layer[], at: number): (question: ExactQuestion) => Judgement {
  const worlds = layers.map(({ world }) => world);
  // ---- §1, §2, §2a: endpoints. Workloads are merged by id, and their interfaces by name.
  const machines = unique(worlds.flatMap(({ workloads }) => workloads.map(({ id }) => id))).map((id): Machine => {
    const views = new Map(layers.flatMap((layer) => layer.world.workloads.filter((view) => view.id === id).map((view) => [layer, view] as const)));
    const all = [...views.values()].flatMap(({ interfaces }) => interfaces);
    const nics = unique(all.map(({ name }) => name)).map((name): Interface => {
      const same = all.filter((nic) => nic.name === name);
      return { ...(same[0] as Interface), segment: same.find(({ segment }) => segment !== null)?.segment ?? null, addresses: same.flatMap(({ addresses }) => addresses) };
    });
    return { id, views, nics: nics.length > 0 ? nics : [{ name: 'eth0', segment: null, addresses: [], mac: null, space: null, span: null }] };
  });
  const hosts = worlds.flatMap((world) => world.hosts);
  const nodeAt = (of: Pick<Node, 'machine' | 'nic' | 'host'>, family: Family, address: bigint | null): Node => ({ ...of, family, address, key: `${of.machine?.id} ${of.nic?.name} ${of.host} ${family} ${address}` });
  const nodesAt = (of: Pick<Node, 'machine' | 'nic' | 'host'>, addresses: readonly Address[]): Node[] => addresses.length === 0
    ? ([4, 6] as const).map((family) => nodeAt(of, family, null))
    : [...new Map(addresses.map(({ family, value }) => [`${family} ${value}`, nodeAt(of, family, BigInt(value))])).values()];
  const nodes = machines.flatMap((machine) => machine.nics.flatMap((nic) => nodesAt({ machine, nic, host: null }, nic.addresses)));
  for (const id of unique(hosts.map((host) => host.id))) nodes.push(...nodesAt({ machine: null, nic: null, host: id }, hosts.flatMap((host) => (host.id === id ? host.addresses : []))));
  const owned = new Set(nodes.map(({ family, address }) => `${family} ${address}`));
  const owners = (family: Family, address: bigint): Node[] => !owned.has(`${family} ${address}`) ? [] : nodes.filter((node) => node.family === family && node.address === address);
  const externalAt = (family: Family, address: bigint): Node => nodeAt({ machine: null, nic: null, host: null }, family, address);
  const internal = layers.find((layer) => layer.kind === 'root' && layer.internal !== null)?.internal ?? INTERNAL;
  /** At least one external address of each piece of the address space that no set tells apart. */
  const strangers = lazily(() => ([4, 6] as const).flatMap((family) => {
    const sets = [INTERNAL, ...addressSetsIn(layers.map(({ groups, policies, exclude, governs, world }) => [groups, policies, exclude, governs, world.serviceAddresses])), internal];
    const borders = [0n, ...nodes.flatMap(({ address }) => address ?? []), ...sets.flatMap((set) => rangesOf(set, family))];
    return unique(borders.flatMap((value) => [value, value + 1n])).filter((value) => value <= lastOf(family) && owners(family, value).length === 0).map((value) => externalAt(family, value));
  }));
  /** What a layer knows of a workload: a root what every layer says, an import what it says itself. */
  const seenBy = (layer: Layer, machine: Machine | null): Workload[] => [...(machine?.views ?? [])].flatMap(([of, view]) => (layer.kind === 'root' || of === layer ? [view] : []));
  const firstOf = <K extends 'host' | 'site' | 'kind'>(machine: Machine, key: K): Workload[K] | null => [...machine.views.values()].map((view) => view[key]).find((value) => value !== null) ?? null;
  // ---- §4, §10, §11, §13: whom a peer means.
  const inAddresses = (set: AddressSet, family: Family, address: bigint | null): number => {
    const ranges = rangesOf(set, family);
    if (address !== null) return sure(within(ranges, address));
    return ranges.length === 0 ? 0 : ranges.length === 2 && ranges[0] === 0n && ranges[1] === lastOf(family) ? 1 : 0.5;
  };
  const remembered = new Map<string, number>();
  const once = (key: string, compute: () => number): number => remembered.get(key) ?? (remembered.set(key, compute()).get(key) as number);
  function matches(peer: Peer, node: Node, layer: Layer, use: Use): number {
    const opposite = ({ scope: 'scope', allows: 'denies', denies: 'allows' } as const)[use];
    const isExternal = node.machine === null && node.host === null;
    /** By identity; or (§10) by realised address, where whoever has a member's address matches, and an unbound workload never does. */
    const identity = (test: (machine: Machine, nic: Interface) => number): number => {
      const realised = layer.dialect.peers === 'realised-address' && use !== 'scope';
      const same = !realised ? [node] : node.address === null ? [] : owners(node.family, node.address);
      return or(same.map(({ machine, nic }) => (machine !== null && nic !== null && (layer.kind === 'root' || machine.views.has(layer)) ? test(machine, nic) : 0)));
    };
    switch (peer.kind) {
      case 'any': case 'nothing': case 'opaque': return { any: 1, nothing: 0, opaque: 0.5 }[peer.kind];
      case 'external': case 'fqdn': return isExternal ? { external: 1, fqdn: 0.5 }[peer.kind] : 0;
      case 'internet': return sure(isExternal && inAddresses(internal, node.family, node.address) === 0);
      case 'host': case 'hosts': return sure(node.host !== null && (peer.kind === 'hosts' || peer.host === node.host));
      case 'workload': return identity((machine, nic) => sure(machine.id === peer.workload && (peer.interface ?? nic.name) === nic.name));
      case 'segment': return identity((_, nic) => sure(nic.segment === peer.segment));
      case 'site': return identity((machine, nic) => sure(valuesOf('site', layer, machine, nic).includes(peer.site)));
      case 'select': return identity((machine, nic) => and([sure(peer.kinds?.some((kind) => kind === firstOf(machine, 'kind')) ?? true), peer.where === null ? 1 : holds(peer.where, layer, machine, nic)]));
      case 'addresses': return use === 'scope' || (seenBy(layer, node.machine).length > 0 && !layer.dialect.addressPeersMatchWorkloads) ? 0 : inAddresses(peer.addresses, node.family, node.address);
      case 'group': return matches(layer.groups.get(peer.group)?.peer ?? { kind: 'nothing' }, node, layer, use);
      case 'union': return or(peer.of.map((item) => matches(item, node, layer, use)));
      case 'intersect': return and(peer.of.map((item) => matches(item, node, layer, use)));
      case 'except': return and([matches(peer.of, node, layer, use), 1 - matches(peer.except, node, layer, opposite)]);
      case 'negated': return use === 'scope' || [() => nodes, strangers].some((all) => all().some((other) => matches(peer.of, other, layer, opposite) > 0)) ? 1 - matches(peer.of, node, layer, opposite) : sure(use === 'denies');
    }
  }
  // ---- §15: conditions, on one interface of a workload, as the layer sees it.
  function holds(condition: Condition, layer: Layer, machine: Machine, nic: Interface): number {
    const labels = seenBy(layer, machine).flatMap((view) => [...view.labels]);
    const fold = (text: string): string => (layer.dialect.labelCase === 'sensitive' ? text : text.toLowerCase());
    const of = (key: string): string[] => labels.flatMap(([name, values]) => (fold(name) === fold(key) ? values : []));
    switch (condition.op) {
      case 'and': return and(condition.of.map((part) => holds(part, layer, machine, nic)));
      case 'or': return or(condition.of.map((part) => holds(part, layer, machine, nic)));
      case 'not': return 1 - holds(condition.of, layer, machine, nic);
      case 'has': return sure(of(condition.key).length > 0);
      case 'label': return sure(of(condition.key).some(passes(condition.test, layer)));
      case 'any-label': return sure(labels.flatMap(([, values]) => values).some(passes(condition.test, layer)));
      case 'field': return sure(valuesOf(condition.field, layer, machine, nic).some(passes(condition.test, layer)));
      case 'address': return or(nodes.filter((node) => node.nic === nic).map(({ family, address }) => inAddresses(condition.addresses, family, address)));
      case 'namespace': return or(valuesOf('namespace', layer, machine, nic).map((id) => {
        const known = layers.flatMap((other) => (layer.kind === 'root' || other === layer ? other.world.namespaces.filter((namespace) => namespace.id === id) : []));
        const stand = { id, name: id, namespace: id, labels: known.at(-1)?.labels ?? new Map() } as unknown as Workload;
        return holds(condition.of, layer, { id, views: new Map([[layer, stand]]), nics: [] }, nic);
      }));
    }
  }
  function valuesOf(field: Field, layer: Layer, machine: Machine, nic: Interface): string[] {
    const spanned = worlds.flatMap(({ segments }) => segments.filter(({ id }) => id === nic.segment)).at(0)?.sites ?? [];
    const ofHost = hosts.find(({ id, site }) => id === firstOf(machine, 'host') && site !== null)?.site;
    const site = firstOf(machine, 'site') ?? ofHost ?? (spanned.length === 1 ? spanned[0] : null);
    const values = { site: [site], segment: [nic.segment], kind: [firstOf(machine, 'kind')] };
    return (field === 'site' || field === 'segment' || field === 'kind' ? values[field] : seenBy(layer, machine).map((view) => view[field])).flatMap((value) => value ?? []);
  }
  function passes(test: TextTest, { dialect }: Layer): (value: string) => boolean {
    const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const glob = (text: string): string => quote(text).replaceAll('\\*', '.*').replaceAll('\\?', '.');
    const source = test.op === 'matches' ? test.pattern : test.op === 'like' ? glob(test.pattern) : test.op === 'in' ? test.values.map(quote).join('|')
      : `${test.op === 'ends' || test.op === 'contains' ? '.*' : ''}${quote(test.value)}${test.op === 'starts' || test.op === 'contains' ? '.*' : ''}`;
    const expression = new RegExp(`^(?:${source})$`, dialect.labelCase === 'sensitive' ? 'su' : 'isu');
    return (value) => expression.test(value);
  }
  // ---- §3, §6: where a rule is present, and whom a tier selects.
  const isActive = (item: Policy | Rule): boolean => !item.disabled && !item.staged;
  const presentAt = (peer: Peer | null, layer: Layer, point: Node): number => (peer === null ? 1 : matches(peer, point, layer, 'scope'));
  const present = (policy: Policy, rule: Rule | null, layer: Layer, point: Node): number =>
    once(`${layer.name} ${rule?.id ?? policy.id} scope ${point.key}`, () => and([presentAt(policy.within ?? null, layer, point), presentAt(policy.appliesTo !== null && policy.appliesTo.kind !== 'any' ? policy.appliesTo : (rule?.appliesTo ?? null), layer, point)]));
  function selected(tier: Tier, layer: Layer, direction: Direction, point: Node): number {
    const has = (of: Direction | 'both'): boolean => layer.dialect.selection === 'any-direction' || of === 'both' || of === direction;
    return or(layer.policies.filter((policy) => policy.tier === tier.name && isActive(policy) && (policy.directions?.some(has) ?? true)).map((policy) => {
      const rules = policy.rules.filter((rule) => isActive(rule) && (policy.directions !== null || has(rule.direction)));
      return or((policy.directions !== null && rules.length === 0 ? [null] : rules).map((rule) => present(policy, rule, layer, point)));
    }));
  }
  // ---- §4, §14: whether a rule matches.
  function isOpen({ days, start, end, zone }: NonNullable<Policy['window']>): boolean {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const minute = Number(format.format(at).slice(-5, -3)) * 60 + Number(format.format(at).slice(-2));
    const [today, before] = [at, at - (minute + 61) * 60_000].map((instant) => days.some((day) => format.format(instant).startsWith(day))) as [boolean, boolean];
    return end > start ? today && start <= minute && minute < end : (today && minute >= start) || (before && minute < end);
  }
  const takesPart = (item: Policy | Rule): boolean => isActive(item) && (item.until === null || at < item.until) && (item.window === null || once(JSON.stringify(item.window), () => sure(isOpen(item.window as NonNullable<Policy['window']>))) === 1);
  const inServices = (set: ServiceSet, { protocol, a, b }: Service): boolean => {
    const area = AREAS.get(protocol as 6);
    return area === undefined ? within(set.other, protocol) : set[area].some(({ lo, hi, inner }) => lo <= a && a <= hi && within(inner, b));
  };
  function matchRule(policy: Policy, rule: Rule, layer: Layer, point: Node, source: Node, destination: Node, service: Service): number {
    if (!takesPart(policy) || !takesPart(rule) || (rule.family ?? policy.family ?? source.family) !== source.family) return 0;
    const ports = seenBy(layer, destination.machine).flatMap((view) => view.ports).filter(({ protocol, port }) => AREAS.get(service.protocol as 6) === protocol && port === service.a);
    const named = rule.service.named.some(({ name, protocol, sourcePorts }) =>
      (sourcePorts === null || within(sourcePorts, service.b)) && ports.some((port) => port.name === name && (protocol ?? port.protocol) === port.protocol));
    if (!named && !inServices(rule.service.set, service)) return 0;
    const use = rule.action === 'drop' || rule.action === 'reject' ? 'denies' : 'allows';
    const side = (role: 'source' | 'destination', node: Node): number => once(`${layer.name} ${rule.id} ${role} ${node.key}`, () => matches(rule[role], node, layer, use));
    let match = rule.opaque === null && rule.service.opaque === null ? 1 : 0.5;
    for (const ask of [() => present(policy, rule, layer, point), () => side('source', source), () => side('destination', destination)]) if (match > 0) match = Math.min(match, ask());
    return match;
  }
  // ---- §5, §10: order, ties and tiers. A list of steps is everything that may happen, each maybe going either way.
  const distinct = (steps: Step[]): Step[] => steps.length < 2 ? steps : [...new Map(steps.map((step) => [JSON.stringify(step), step])).values()];
  const RANK = ['none', 'pass', 'allow', 'reject', 'drop'];
  const stronger = (a: Step, b: Step): Step[] => (RANK.indexOf(a.end) > RANK.indexOf(b.end) ? [a] : a.end === b.end ? [a, b] : [b]);
  const falls = (steps: readonly Step[]): boolean => steps.some(({ end }) => end === 'none');
  const takes = (steps: readonly Step[]): Step[] => distinct(steps.filter(({ end }) => end !== 'none'));
  const inOrder = <T>([first, ...rest]: readonly T[], run: (item: T) => Step[]): Step[] => {
    const steps = first === undefined ? [NONE] : run(first);
    return first === undefined || !falls(steps) ? steps : distinct([...takes(steps), ...inOrder(rest, run)]);
  };
  const ordered = <T extends Policy | Rule>({ dialect: { ties } }: Layer, items: readonly T[], numberOf: (item: T) => number, run: (item: T) => Step[]): Step[] =>
    inOrder(unique(items.map(numberOf)).sort((a, b) => a - b), (number) => {
      const group = items.filter((item) => numberOf(item) === number);
      if (ties === 'by-name') group.sort((a, b) => (a.id < b.id ? -1 : 1));
      if (ties === 'by-name' || ties === 'error') return inOrder(group, run);
      const all = group.map(run);
      if (ties === 'deny-wins') return all.reduce((best, steps) => distinct(best.flatMap((a) => steps.flatMap((b) => stronger(a, b)))), [NONE]);
      return [...takes(all.flat()), ...(all.every(falls) ? [NONE] : [])];
    });
  /** Everything that may happen to the flow at the layer's point; nothing where the layer has no point there. */
  function outcomes(layer: Layer, direction: Direction, source: Node, destination: Node, service: Service): Step[] {
    const point = direction === 'out' ? source : destination;
    const runRule = (policy: Policy) => (rule: Rule): Step[] => {
      if (rule.action === 'log' || (rule.direction !== 'both' && rule.direction !== direction)) return [NONE];
      const match = matchRule(policy, rule, layer, point, source, destination, service);
      const step: Step = { end: rule.action, by: rule.id, to: rule.passTo, stateless: rule.stateless || policy.stateless };
      return match === 0 ? [NONE] : match === 1 ? [step] : [step, NONE];
    };
    const enter = (index: number): Step[] => {
      const tier = layer.tiers[index];
      if (tier === undefined) return [{ ...NONE, end: 'unknown', by: 'no default' }];
      const next = (): Step[] => enter(index + 1);
      if (tier.ethernet) return next();
      const chosen = lazily(() => selected(tier, layer, direction, point));
      const byTier = (end: Verdict): Step => ({ ...NONE, end, by: `default of ${tier.name}` });
      const whereSelected = (then: () => Step[]): Step[] => [...(chosen() > 0 ? then() : []), ...(chosen() < 1 ? next() : [])];
      if (tier.decides !== null && !inServices(tier.decides, service)) return whereSelected(() => [byTier('unknown')]);
      const fallback = (): Step[] => (tier.default.verdict === 'pass' ? next() : [byTier(tier.default.verdict)]);
      const steps = ordered(layer, layer.policies.filter((policy) => policy.tier === tier.name), (policy) => policy.priority + (policy.within === undefined ? 0 : 0.5), (policy) =>
        ordered(layer, policy.rules, (rule) => rule.sequence ?? (policy.rules.every(({ sequence }) => sequence === null) ? policy.rules.indexOf(rule) : 0), runRule(policy)));
      return steps.flatMap((step) => {
        if (step.end === 'none') return tier.default.whereSelected ? whereSelected(fallback) : fallback();
        return step.end !== 'pass' ? [step] : step.to === null ? next() : enter(layer.tiers.findIndex(({ name }) => name === step.to));
      });
    };
    // §2a: what the layer governs and excludes; §10: the host of the destination.
    const machine = point.machine as Machine;
    const governs = layer.kind === 'root' ? presentAt(layer.governs, layer, point) : sure(machine.views.has(layer));
    const judged = layer.exclude === null ? governs : and([governs, 1 - presentAt(layer.exclude, layer, point)]);
    if (judged === 0 || (layer.dialect.residentHostExempt && direction === 'in' && source.host !== null && source.host === firstOf(machine, 'host'))) return [];
    return distinct(judged === 1 ? enter(0) : [...enter(0), { ...NONE, end: 'allow', by: 'exempt' }]);
  }
  // ---- §7, §9: the points of a flow, and its reply. The answer to an ICMP request may have any of the codes that rules tell apart.
  const codes = lazily(() => unique([0, ...layers.flatMap(({ policies }) => policies.flatMap(({ rules }) => rules.flatMap(({ service }) => [...service.set.icmp, ...service.set.icmp6]).flatMap(({ inner }) => inner.flatMap((code) => [code, Math.min(255, code + 1)]))))]));
  const unanimous = (verdicts: readonly Verdict[]): Verdict => (verdicts.every((one) => one === verdicts[0]) ? (verdicts[0] ?? 'allow') : 'unknown');
  const strongest = (verdicts: readonly Verdict[]): Verdict => (['drop', 'reject', 'unknown'] as const).find((one) => verdicts.includes(one)) ?? 'allow';
  function judgeNodes(source: Node, destination: Node, service: Service): Judgement {
    if (source.machine !== null && source.machine === destination.machine) return ALLOWED;
    const answer = ANSWERS.find(([protocol, type]) => protocol === service.protocol && type === service.a)?.[2];
    const hasReply = answer !== undefined || (service.protocol !== 1 && service.protocol !== 58);
    const backs = answer === undefined ? [{ ...service, a: service.b, b: service.a }] : codes().map((code) => ({ ...service, a: answer, b: code }));
    const endsOf = (steps: readonly Step[]): Verdict[] => steps.map(({ end }) => end as Verdict);
    const replies: Verdict[] = [];
    const points = (['out', 'in'] as const).flatMap((direction) => layers.flatMap((layer): OraclePoint[] => {
      const { machine, nic } = direction === 'out' ? source : destination;
      const steps = machine === null ? [] : outcomes(layer, direction, source, destination, service);
      if (machine === null || nic === null || steps.length === 0) return [];
      const reverse = !hasReply || !steps.some(({ stateless }) => stateless) ? [] : backs.map((back) => unanimous(endsOf(outcomes(layer, direction === 'out' ? 'in' : 'out', destination, source, back))));
      if (reverse.some((one) => one !== 'allow')) replies.push(steps.every(({ stateless }) => stateless) && reverse.every((one) => one === 'drop' || one === 'reject') ? 'drop' : 'unknown');
      return [{ direction, workload: machine.id, interface: nic.name, layer: layer.name, verdict: unanimous(endsOf(steps)), by: unique(steps.map((step) => step.by)) }];
    }));
    const [out, inward] = (['out', 'in'] as const).map((direction) => strongest(points.filter((point) => point.direction === direction).map(({ verdict }) => verdict))) as [Verdict, Verdict];
    return { verdict: out === 'drop' || out === 'reject' ? out : strongest([out, inward]), points, reply: replies.includes('drop') ? 'blocked' : replies.includes('unknown') ? 'depends' : 'allowed' };
  }
  // ---- §1, §12, §15: a question means pairs of nodes and services, which must agree.
  function resolve(ref: EndpointRef): Node[] {
    if (ref.kind === 'address') {
      const owned = owners(ref.address.family, BigInt(ref.address.value));
      return owned.length > 1 ? [] : owned.length === 1 ? owned : [externalAt(ref.address.family, BigInt(ref.address.value))];
    }
    const host = ref.kind === 'host' ? ref.id : worlds.flatMap(({ hostAliases }) => hostAliases).find(({ id }) => id === ref.id)?.host;
    if (host !== undefined) return nodes.filter((node) => node.host !== null && node.host === host);
    return nodes.filter((node) => ref.kind === 'workload' && node.machine?.id === ref.id && (ref.interface ?? node.nic?.name) === node.nic?.name);
  }
  const agree = (all: readonly Judgement[]): Judgement => (all.length === 1 ? (all[0] as Judgement) : {
    verdict: all.length === 0 ? 'unknown' : unanimous(all.map(({ verdict }) => verdict)), points: [],
    reply: all[0] !== undefined && all.every(({ reply }) => reply === all[0]?.reply) ? all[0].reply : 'depends' });
  const judgePairs = (source: EndpointRef, to: readonly Node[], family: Family | null, service: Service): Judgement =>
    agree(resolve(source).flatMap((a) => to.filter((b) => a.family === b.family && (family ?? a.family) === a.family).map((b) => judgeNodes(a, b, service))));
  /** §12: a service address, by id or by address, and its backends, each at its own target port. */
  const serviceAt = (ref: EndpointRef) => layers.flatMap((layer) => layer.world.serviceAddresses.map((item) => ({ layer, item }))).find(({ item }) =>
    ref.kind === 'service-address' ? ref.id === item.id : ref.kind === 'address' && item.addresses.some(({ family, value }) => family === ref.address.family && value === ref.address.value));
  function judgeBackends(source: EndpointRef, { layer, item }: { layer: Layer; item: ServiceAddress }, family: Family | null, service: Service): Judgement {
    const mapping = item.ports.find(({ protocol, port }) => protocol === AREAS.get(service.protocol as 6) && port === service.a);
    let isSure = false;
    const judged = machines.flatMap((machine) => {
      const behind = nodes.filter((node) => node.machine === machine && matches(item.backends, node, layer, 'allows') > 0);
      const named = seenBy(layer, machine).flatMap(({ ports }) => ports).find(({ name, protocol }) => name === mapping?.target && protocol === mapping.protocol);
      const port = typeof mapping?.target === 'number' ? mapping.target : named?.port;
      if (behind.length === 0 || port === undefined) return [];
      isSure ||= behind.some((node) => matches(item.backends, node, layer, 'allows') === 1);
      return [judgePairs(source, behind, family, { ...service, a: port })];
    });
    return agree(isSure ? judged : [...judged, { ...ALLOWED, verdict: 'drop' }]);
  }
  return ({ source, destination, family, service }) => {
    if (serviceAt(source) !== undefined) return agree([]);
    const address = serviceAt(destination);
    return address === undefined ? judgePairs(source, resolve(destination), family, service) : judgeBackends(source, address, family, service);
  };
}
