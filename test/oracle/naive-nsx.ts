// A naive evaluator of NSX dumps: the raw objects, judged as the NSX documentation describes the distributed firewall,
// with nothing from src. A match is a number: 0 no, 1 yes, 0.5 maybe; not, and, or are 1 - x, min, max.
// It knows one network interface a machine and no schedules.
// biome-ignore-all format: one case a line, to stay readable

export interface Tag { readonly scope?: string | null; readonly tag: string }
export interface Machine { readonly external_id: string; readonly display_name: string; readonly tags?: readonly Tag[] | null; readonly guest_info?: { readonly os_name?: string; readonly computer_name?: string } | null }
export interface Vif { readonly external_id: string; readonly owner_vm_id: string; readonly lport_attachment_id?: string | null; readonly mac_address?: string; readonly ip_address_info?: readonly { readonly ip_addresses: readonly string[] }[] }
export interface Port { readonly id: string; readonly path: string; readonly attachment: { readonly id: string }; readonly tags?: readonly Tag[] }
export interface Segment { readonly id: string; readonly path: string; readonly display_name: string; readonly tags?: readonly Tag[]; readonly segment_ports?: readonly Port[] }
export interface Expression {
  readonly resource_type: string; readonly member_type?: string; readonly key?: string; readonly operator?: string; readonly value?: string; readonly scope_operator?: string; readonly conjunction_operator?: string
  readonly expressions?: readonly Expression[]; readonly paths?: readonly string[]; readonly ip_addresses?: readonly string[]; readonly mac_addresses?: readonly string[]; readonly external_ids?: readonly string[]
}
export interface Group { readonly id: string; readonly path: string; readonly expression?: readonly Expression[] | null; readonly vm_members?: readonly { readonly id: string }[] | null }
export interface Entry { readonly resource_type: string; readonly l4_protocol?: string; readonly source_ports?: readonly string[]; readonly destination_ports?: readonly string[]; readonly protocol?: string; readonly icmp_type?: number | null; readonly icmp_code?: number | null; readonly protocol_number?: number; readonly alg?: string; readonly nested_service_path?: string }
export interface Service { readonly id: string; readonly path: string; readonly service_entries: readonly Entry[] }
export interface Rule {
  readonly id: string; readonly action: string; readonly sequence_number?: number | null; readonly disabled?: boolean; readonly direction?: string | null; readonly ip_protocol?: string | null
  readonly source_groups?: readonly string[] | null; readonly destination_groups?: readonly string[] | null; readonly sources_excluded?: boolean; readonly destinations_excluded?: boolean
  readonly services?: readonly string[] | null; readonly service_entries?: readonly Entry[] | null; readonly profiles?: readonly string[] | null; readonly scope?: readonly string[] | null
}
export interface Policy { readonly id: string; readonly category?: string | null; readonly sequence_number?: number | null; readonly is_default?: boolean; readonly scope?: readonly string[] | null; readonly rules?: readonly Rule[] | null; readonly connectivity_preference?: string | null }
export interface Dump {
  readonly services?: readonly Service[] | null; readonly virtual_machines?: readonly Machine[] | null; readonly virtual_network_interface?: readonly Vif[] | null; readonly segments?: readonly Segment[] | null
  readonly domains: readonly { readonly id: string; readonly connectivity_strategy?: string; readonly groups?: readonly Group[] | null; readonly security_policies?: readonly Policy[] | null }[]
  readonly exclude_list?: { readonly members: readonly string[] } | null
}
export type End = { readonly vm: string } | { readonly ip: string };
export type Verdict = 'allow' | 'drop' | 'reject' | 'unknown';
export interface Packet { readonly protocol: number; /** Destination port or ICMP type. */ readonly a: number; /** Source port or ICMP code. */ readonly b: number }

/** An end with one of its addresses, or with an unknown one of a family. */
interface Side { readonly machine: Machine | null; readonly address: bigint | null; readonly family: 4 | 6 }

const CATEGORIES = ['emergency', 'infrastructure', 'environment', 'application', '', 'default'];
const GATEWAYS: Readonly<Record<string, readonly [number, number]>> = { FTP: [6, 21], TFTP: [17, 69], ORACLE_TNS: [6, 1521], SUN_RPC_TCP: [6, 111], SUN_RPC_UDP: [17, 111], MS_RPC_TCP: [6, 135], MS_RPC_UDP: [17, 135] };
const sure = (value: boolean): number => (value ? 1 : 0);
const isAny = (text: string): boolean => text.toUpperCase() === 'ANY';
const denies = (rule: Rule): boolean => rule.action === 'DROP' || rule.action === 'REJECT';

/** One dump is asked many questions. */
const known = new WeakMap<Dump, Naive>();

/** What the firewall does with the first packet of a connection. */
export function judge(dump: Dump, source: End, destination: End, packet: Packet): Verdict {
  const nsx = known.get(dump) ?? new Naive(dump);
  known.set(dump, nsx);
  const verdicts = new Set<Verdict>();
  for (const from of nsx.sides(source)) {
    for (const to of nsx.sides(destination)) if (from.family === to.family) verdicts.add(nsx.pair(from, to, packet));
  }
  return verdicts.size === 1 ? ([...verdicts][0] as Verdict) : 'unknown';
}

class Naive {
  readonly dump: Dump;
  /** Some machine has a known address: members are then their addresses, else themselves. */
  readonly realised: boolean;

  constructor(dump: Dump) {
    this.dump = dump;
    this.groups = dump.domains.flatMap(({ groups }) => groups ?? []);
    this.ports = (dump.segments ?? []).flatMap(({ segment_ports }) => segment_ports ?? []);
    this.realised = this.machines().some((machine) => this.addresses(machine).length > 0);
  }
  machines(): readonly Machine[] { return this.dump.virtual_machines ?? []; }
  vif(machine: Machine): Vif | undefined { return this.dump.virtual_network_interface?.find((vif) => vif.owner_vm_id === machine.external_id); }
  addresses(machine: Machine): readonly Side[] {
    return (this.vif(machine)?.ip_address_info ?? []).flatMap(({ ip_addresses }) => ip_addresses.map((text) => ({ machine, ...parseAddress(text) })));
  }
  sides(end: End): readonly Side[] {
    if ('ip' in end) return [{ machine: null, ...parseAddress(end.ip) }];
    const machine = this.machines().find(({ external_id }) => external_id === end.vm) as Machine;
    const known = this.addresses(machine);
    return known.length > 0 ? known : [{ machine, address: null, family: 4 }, { machine, address: null, family: 6 }];
  }
  readonly groups: readonly Group[];
  group(path: string): Group | undefined { return this.groups.find((group) => group.path === path); }
  service(path: string): Service | undefined { return this.dump.services?.find((service) => service.path === path); }

  /** Both vNICs judge; the first denial on the way stands, else any doubt does. */
  pair(from: Side, to: Side, packet: Packet): Verdict {
    if (from.machine !== null && from.machine === to.machine) return 'allow';
    const points: Verdict[] = [];
    for (const [machine, direction] of [[from.machine, 'OUT'], [to.machine, 'IN']] as const) {
      if (machine === null || this.excluded(machine)) continue;
      const outcomes = this.outcomes(machine, direction, from, to, packet);
      points.push(outcomes.size === 1 ? ([...outcomes][0] as Verdict) : 'unknown');
    }
    return points.find((verdict) => verdict === 'drop' || verdict === 'reject') ?? points.find((verdict) => verdict === 'unknown') ?? 'allow';
  }
  excluded(machine: Machine): boolean { return (this.dump.exclude_list?.members ?? []).some((path) => this.isMember(path, machine)); }

  /** Every verdict that some order of what ties, and some answer to what may be, leads to. */
  outcomes(machine: Machine, direction: string, from: Side, to: Side, packet: Packet): ReadonlySet<Verdict> {
    const all = new Set<Verdict>();
    for (const order of this.orders()) {
      const walk = (at: number): void => {
        const step = order[at];
        if (step === undefined) { all.add(this.last()); return; }
        const match = this.matches(step.policy, step.rule, machine, direction, from, to, packet);
        if (match > 0) {
          if (step.rule.action === 'JUMP_TO_APPLICATION') { const next = order.findIndex(({ tier }) => tier >= CATEGORIES.indexOf('application')); walk(next === -1 ? order.length : next); }
          else all.add(step.rule.action.toLowerCase() as Verdict);
        }
        if (match < 1) walk(at + 1);
      };
      walk(0);
    }
    return all;
  }
  last(): Verdict { return this.dump.domains.some(({ connectivity_strategy }) => connectivity_strategy?.startsWith('WHITELIST')) ? 'drop' : 'allow'; }

  #orders: readonly (readonly { readonly tier: number; readonly policy: Policy; readonly rule: Rule }[])[] | null = null;
  orders() {
    this.#orders ??= product(CATEGORIES.map((category, tier) => {
      const policies = this.dump.domains.flatMap(({ security_policies }) => security_policies ?? []).filter((policy) => (policy.is_default === true ? 'default' : (policy.category ?? '').toLowerCase()) === category);
      return arrangements(policies).flatMap((order) => product(order.map((policy) => arrangements(rulesOf(policy)).map((rules) => rules.map((rule) => ({ tier, policy, rule }))))));
    }));
    return this.#orders;
  }
  matches(policy: Policy, rule: Rule, machine: Machine, direction: string, from: Side, to: Side, packet: Packet): number {
    if (rule.disabled === true || !this.present(policy, rule, machine)) return 0;
    if ((rule.direction ?? 'IN_OUT') !== 'IN_OUT' && rule.direction !== direction) return 0;
    if ((rule.ip_protocol ?? 'IPV4_IPV6') !== 'IPV4_IPV6' && rule.ip_protocol !== `IPV${from.family}`) return 0;
    const profiled = (rule.profiles ?? []).every(isAny) ? 1 : 0.5;
    return Math.min(this.side(rule, rule.source_groups, rule.sources_excluded, from), this.side(rule, rule.destination_groups, rule.destinations_excluded, to), this.serves(rule, packet), profiled);
  }
  /** A policy's scope takes the place of the rule's. */
  present(policy: Policy, rule: Rule, machine: Machine): boolean {
    const own = (list: readonly string[] | null | undefined): readonly string[] => (list ?? []).filter((path) => !isAny(path));
    const scope = own(policy.scope).length > 0 ? own(policy.scope) : own(rule.scope);
    return scope.length === 0 || scope.some((path) => this.isMember(path, machine));
  }
  side(rule: Rule, list: readonly string[] | null | undefined, excluded: boolean | undefined, side: Side): number {
    const items = list ?? [];
    const any = items.some(isAny);
    const named = items.filter((item) => !isAny(item));
    const unknown = items.length === 0 || (any && items.length > 1) || named.some((path) => path.startsWith('/') && this.isUnknown(path));
    if (unknown || (any && excluded === true)) {
      if (denies(rule)) return 1;
      return excluded === true ? 0 : Math.max(0, ...named.map((item) => this.contains(item, side)));
    }
    if (any) return 1;
    const inside = Math.max(...named.map((item) => this.contains(item, side)));
    if (excluded !== true) return inside;
    return named.every((item) => this.isEmpty(item)) ? sure(denies(rule)) : 1 - inside;
  }
  isUnknown(path: string): boolean {
    const group = this.group(path);
    if (group === undefined) return this.segment(path) === undefined;
    return (group.expression ?? []).some(({ paths }) => (paths ?? []).some((inner) => this.isUnknown(inner)));
  }
  segment(path: string): Segment | undefined { return this.dump.segments?.find((segment) => segment.path === path); }

  /** Whether a group or a literal contains the end of a flow. */
  contains(item: string, side: Side): number {
    if (!item.startsWith('/')) return inRange(item, side);
    const literals = this.literals(item).map((text) => inRange(text, side));
    return Math.max(this.hasMachine(item, side), ...literals);
  }
  hasMachine(path: string, side: Side): number {
    if (!this.realised) return sure(side.machine !== null && this.isMember(path, side.machine));
    return sure(this.machines().some((machine) => this.isMember(path, machine) && this.addresses(machine).some(({ address, family }) => address === side.address && family === side.family)));
  }
  /** Addresses that a group lists, its own and those of the groups in it. */
  literals(path: string): readonly string[] {
    return (this.group(path)?.expression ?? []).flatMap(({ ip_addresses, paths }) => [...(ip_addresses ?? []), ...(paths ?? []).flatMap((inner) => this.literals(inner))]);
  }
  isEmpty(item: string): boolean {
    if (!item.startsWith('/') || this.literals(item).length > 0) return false;
    return !this.machines().some((machine) => this.isMember(item, machine) && (!this.realised || this.addresses(machine).length > 0));
  }
  isMember(path: string, machine: Machine): boolean {
    const group = this.group(path);
    if (group === undefined) return this.port(machine)?.path.startsWith(`${path}/`) === true;
    if (group.expression == null || group.expression.length === 0) return (group.vm_members ?? []).some(({ id }) => id === machine.external_id);
    return this.meets(group.expression, machine);
  }
  readonly ports: readonly Port[];
  port(machine: Machine): Port | undefined {
    const attachment = this.vif(machine)?.lport_attachment_id;
    return attachment == null ? undefined : this.ports.find((port) => port.attachment.id === attachment);
  }
  /** Operands at even places; AND before OR. */
  meets(items: readonly Expression[], machine: Machine): boolean {
    let any = false;
    let all = this.meetsOne(items[0] as Expression, machine);
    for (let i = 1; i < items.length; i += 2) {
      const next = this.meetsOne(items[i + 1] as Expression, machine);
      if (items[i]?.conjunction_operator === 'AND') all = all && next;
      else { any = any || all; all = next; }
    }
    return any || all;
  }
  meetsOne(item: Expression, machine: Machine): boolean {
    switch (item.resource_type) {
      case 'Condition': return this.meetsCondition(item, machine);
      case 'NestedExpression': return this.meets(item.expressions ?? [], machine);
      case 'PathExpression': return (item.paths ?? []).some((path) => this.isMember(path, machine));
      case 'ExternalIDExpression': return (item.external_ids ?? []).includes(machine.external_id);
      default: return false;
    }
  }
  meetsCondition({ member_type, key, operator = 'EQUALS', value = '', scope_operator }: Expression, machine: Machine): boolean {
    const port = this.port(machine);
    const segment = port === undefined ? undefined : this.dump.segments?.find(({ path }) => port.path.startsWith(`${path}/`));
    const holder = member_type === 'VirtualMachine' ? machine : member_type === 'Segment' ? segment : port;
    if (holder === undefined) return false;
    if (key === 'Tag') return meetsTag(holder.tags ?? [], operator, value, scope_operator === 'NOTEQUALS');
    const text = key === 'Name' ? ('display_name' in holder ? holder.display_name : '') : key === 'OSName' ? machine.guest_info?.os_name : machine.guest_info?.computer_name;
    return compare(operator, text === undefined ? [] : [text], value);
  }
  serves(rule: Rule, packet: Packet): number {
    const entries = rule.service_entries ?? [];
    const listed = rule.services ?? [];
    const named = listed.filter((path) => !isAny(path));
    const any = listed.length > named.length;
    if (entries.length === 0 && any && named.length === 0) return 1;
    const unknown = (entries.length === 0 && (listed.length === 0 || any)) || named.some((path) => this.service(path) === undefined);
    if (unknown && denies(rule)) return 1;
    return sure([...entries, ...named.flatMap((path) => this.service(path)?.service_entries ?? [])].some((entry) => this.isServed(entry, packet)));
  }
  isServed(entry: Entry, { protocol, a, b }: Packet): boolean {
    switch (entry.resource_type) {
      case 'L4PortSetServiceEntry': return protocol === (entry.l4_protocol === 'TCP' ? 6 : 17) && inPorts(entry.destination_ports, a) && inPorts(entry.source_ports, b);
      case 'ICMPTypeServiceEntry': return protocol === (entry.protocol === 'ICMPv4' ? 1 : 58) && (entry.icmp_type ?? a) === a && (entry.icmp_code ?? b) === b;
      case 'IPProtocolServiceEntry': return protocol === entry.protocol_number;
      case 'IGMPTypeServiceEntry': return protocol === 2;
      case 'ALGTypeServiceEntry': { const [own, port] = GATEWAYS[entry.alg ?? ''] as readonly [number, number]; return protocol === own && inPorts(entry.destination_ports?.length ? entry.destination_ports : [String(port)], a) && inPorts(entry.source_ports, b); }
      case 'NestedServiceServiceEntry': return (this.service(entry.nested_service_path ?? '')?.service_entries ?? []).some((inner) => this.isServed(inner, { protocol, a, b }));
      default: return false;
    }
  }
}
/** The rules of a policy, and the one that its connectivity preference adds. */
function rulesOf(policy: Policy): readonly Rule[] {
  const rules = policy.rules ?? [];
  if (policy.connectivity_preference !== 'ALLOWLIST' && policy.connectivity_preference !== 'DENYLIST') return rules;
  const numbered = rules.some(({ sequence_number }) => sequence_number != null);
  const action = policy.connectivity_preference === 'ALLOWLIST' ? 'DROP' : 'ALLOW';
  return [...rules, { id: 'connectivity', action, source_groups: ['ANY'], destination_groups: ['ANY'], services: ['ANY'], ...(numbered ? { sequence_number: Number.MAX_SAFE_INTEGER } : {}) }];
}
/** Every order in which numbered things may be tried: by number, equal ones in any order; without numbers as listed. */
function arrangements<T extends { readonly sequence_number?: number | null }>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.every(({ sequence_number }) => sequence_number == null)) return [items];
  const numbers = [...new Set(items.map(({ sequence_number }) => sequence_number ?? 0))].sort((x, y) => x - y);
  return product(numbers.map((number) => permutations(items.filter(({ sequence_number }) => (sequence_number ?? 0) === number))));
}
function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.length <= 1 ? [items] : items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}
/** Every way to take one list from each, joined. */
function product<T>(choices: readonly (readonly (readonly T[])[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>((sofar, next) => sofar.flatMap((head) => next.map((tail) => [...head, ...tail])), [[]]);
}

function meetsTag(tags: readonly Tag[], operator: string, value: string, otherScope: boolean): boolean {
  const [scope, tag] = value.includes('|') ? [value.slice(0, value.indexOf('|')), value.slice(value.indexOf('|') + 1)] : ['', value];
  const scoped = tags.filter((own) => scope === '' || (own.scope ?? '').toLowerCase() === scope.toLowerCase());
  return tag === '' ? scoped.length > 0 !== otherScope : compare(operator, scoped.map((own) => own.tag), tag);
}
function compare(operator: string, texts: readonly string[], value: string): boolean {
  const wanted = value.toLowerCase();
  const some = (test: (text: string) => boolean): boolean => texts.some((text) => test(text.toLowerCase()));
  switch (operator) {
    case 'CONTAINS': return some((text) => text.includes(wanted));
    case 'STARTSWITH': return some((text) => text.startsWith(wanted));
    case 'ENDSWITH': return some((text) => text.endsWith(wanted));
    case 'IN': return some((text) => wanted.split(',').includes(text));
    case 'NOTIN': return !some((text) => wanted.split(',').includes(text));
    case 'NOTEQUALS': return !some((text) => text === wanted);
    case 'MATCHES': return some((text) => new RegExp(`^(?:${wanted})$`).test(text));
    default: return some((text) => text === wanted);
  }
}
function inPorts(list: readonly string[] | undefined, port: number): boolean {
  return list === undefined || list.length === 0 || list.some((text) => { const [lo, hi] = text.split('-').map(Number); return (lo as number) <= port && port <= (hi ?? (lo as number)); });
}
function parseAddress(text: string): { readonly address: bigint; readonly family: 4 | 6 } {
  if (!text.includes(':')) return { address: BigInt(text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)), family: 4 };
  const [head = '', tail = ''] = text.split('::');
  const [left, right] = [head, tail].map((half) => half.split(':').filter((part) => part !== '')) as [string[], string[]];
  const parts = text.includes('::') ? [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right] : left;
  return { address: parts.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n), family: 6 };
}
/** Whether an address is in a literal; of an unknown address that is certain only for a whole family. */
function inRange(text: string, side: Side): number {
  const [first = '', second] = text.split(/[-/]/);
  const { address: lo, family } = parseAddress(first);
  if (family !== side.family) return 0;
  const bits = family === 4 ? 32 : 128;
  const hi = second === undefined ? lo : text.includes('-') ? parseAddress(second).address : lo + (1n << BigInt(bits - Number(second))) - 1n;
  if (side.address === null) return hi - lo + 1n === 1n << BigInt(bits) ? 1 : 0.5;
  return sure(lo <= side.address && side.address <= hi);
}
