// Finds the objects of a dump in each of the shapes that dumps come in: the collected configuration (lists by kind,
// domains with their groups and policies, flat or under `resources`), the tree that the hierarchical API takes and
// gives (`Infra` with `Child…` wrappers), the answer of a list call (`results`), and a single object.
import { quote } from '../../../net/address.ts';
import { type Collected, isDeleted, locate } from './collected.ts';
import { checkFields } from './fields.ts';
import {
  asRecord,
  fieldOf,
  isRecord,
  itemsOf,
  keySpanOf,
  listAt,
  type Node,
  type RecordNode,
  recordAt,
  recordsAt,
  spanOf,
  textAt,
  textNodeAt,
  textsAt,
} from './node.ts';
import { countOf, elsewhere, type Problems } from './problems.ts';

/** Where the objects of each kind are in a policy path. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  Domain: 'domains',
  Group: 'groups',
  SecurityPolicy: 'security-policies',
  Service: 'services',
  Segment: 'segments',
  SegmentPort: 'ports',
  Tier0: 'tier-0s',
  Tier1: 'tier-1s',
  LocaleServices: 'locale-services',
  PolicyFirewallScheduler: 'firewall-schedulers',
};

/** What a manager enforces elsewhere than in the distributed firewall, by what it is called in a sentence. */
const ENFORCED_ELSEWHERE: Readonly<Record<string, string>> = {
  GatewayPolicy: 'gateway policy',
  RedirectionPolicy: 'redirection policy',
  PolicyNat: 'NAT section',
  PolicyNatRule: 'NAT rule',
  IdsSecurityPolicy: 'intrusion detection policy',
  IdsGatewayPolicy: 'intrusion detection policy',
  EndpointPolicy: 'endpoint protection policy',
  ForwardingPolicy: 'forwarding policy',
  TlsInspectionPolicy: 'TLS inspection policy',
};

/** What says nothing about which flows the distributed firewall allows. */
const OTHER_RESOURCES = new Set(
  `BgpRoutingConfig CommunityList DhcpRelayConfig DhcpServerConfig DhcpStaticBindingConfig DnsForwarder EnforcementPoint
  EvpnConfig GatewayQosProfile IPDiscoveryProfile IPSecVpnService IpAddressBlock IpAddressPool L2VPNService LBAppProfile
  LBMonitorProfile LBPersistenceProfile LBPool LBService LBVirtualServer MacDiscoveryProfile OspfRoutingConfig
  PolicyDnsForwarder PolicyDnsForwarderZone PolicyLabel PolicyTransportZone PrefixList QosProfile SegmentSecurityProfile
  ServiceInterface Site SpoofGuardProfile StaticRoutes Tier0RouteMap Tier1Interface TransportZone`.split(/\s+/),
);

const LISTS: readonly (readonly [key: string, type: string])[] = [
  ['services', 'Service'],
  ['segments', 'Segment'],
  ['tier0', 'Tier0'],
  ['tier1', 'Tier1'],
  ['firewall_schedulers', 'PolicyFirewallScheduler'],
  ['domains', 'Domain'],
];

const DOMAIN_LISTS: readonly (readonly [key: string, type: string])[] = [
  ['groups', 'Group'],
  ['security_policies', 'SecurityPolicy'],
  ['gateway_policies', 'GatewayPolicy'],
  ['redirection_policies', 'RedirectionPolicy'],
];

const MARKS = ['virtual_machines', 'virtual_network_interface', 'tier0', 'tier1'];

/** Whether a value is an NSX configuration in one of the shapes that are read. */
export function looksLikeNsx(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isResource);
  if (!isRecord(value)) return false;
  if (isResource(value)) return true;
  if (Array.isArray(value.results)) return value.results.some(isResource);
  if (Array.isArray(value.domains) && value.domains.some(isDomain)) return true;
  return Array.isArray(value.virtual_machines) || MARKS.every((key) => Object.hasOwn(value, key));
}

function isResource(value: unknown): boolean {
  if (!isRecord(value) || typeof value.resource_type !== 'string') return false;
  const type = value.resource_type;
  return ROOTS.has(type) || Object.hasOwn(COLLECTIONS, type) || Object.hasOwn(ENFORCED_ELSEWHERE, type);
}

const ROOTS = new Set(['Infra', 'VirtualMachine', 'VirtualNetworkInterface', 'PolicyExcludeList']);

function isDomain(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return Object.hasOwn(value, 'resources') || DOMAIN_LISTS.some(([key]) => Object.hasOwn(value, key));
}

/** Sorts the objects of one document into `into`. A document that holds none is reported. */
export function collectDocument(problems: Problems, root: Node, into: Collected): void {
  if (!looksLikeNsx(root.value)) {
    problems.report('error', 'nsx/not-nsx', 'this is not an NSX configuration', spanOf(root), {
      help: 'expected are a collected configuration with `domains`, an `Infra` tree, or objects with a `resource_type`',
    });
    return;
  }
  const walk = new Walk(problems, into);
  if (Array.isArray(root.value)) {
    for (const item of itemsOf(root)) walk.visitResource(item);
  } else walk.visitRoot(root as RecordNode);
}

class Walk {
  readonly #problems: Problems;
  readonly #into: Collected;

  constructor(problems: Problems, into: Collected) {
    this.#problems = problems;
    this.#into = into;
  }

  visitRoot(node: RecordNode): void {
    const problems = this.#problems;
    if (typeof node.value.resource_type === 'string') {
      this.visitResource(node);
      return;
    }
    if (Array.isArray(node.value.results)) {
      checkFields(problems, node, 'ListResult');
      if (textAt(problems, node, 'cursor') !== null) {
        problems.report(
          'warning',
          'nsx/incomplete-list',
          'this is one page of a longer list',
          keySpanOf(fieldOf(node, 'cursor')),
          {
            help: 'collect all pages: what is on the others is not judged',
          },
        );
      }
      for (const item of listAt(problems, node, 'results') ?? []) this.visitResource(item);
      return;
    }
    checkFields(problems, node, 'Configuration');
    for (const machine of recordsAt(problems, node, 'virtual_machines')) this.#visit(machine, 'VirtualMachine', '');
    for (const item of recordsAt(problems, node, 'virtual_network_interface'))
      this.#visit(item, 'VirtualNetworkInterface', '');
    this.#visitExcludeList(node);
    this.#visitLists(node, LISTS, '/infra');
  }

  /** An object that says itself what it is. */
  visitResource(item: Node): void {
    const node = asRecord(this.#problems, item);
    if (node === null) return;
    const type = textAt(this.#problems, node, 'resource_type');
    if (type === null) {
      this.#problems.report('warning', 'nsx/unknown-resource', 'this object does not say what it is', spanOf(node), {
        help: 'it has no `resource_type` and was not read',
      });
    } else this.#visit(node, type, '/infra');
  }

  #visitLists(node: RecordNode, lists: typeof LISTS, base: string): void {
    for (const [key, type] of lists) {
      for (const item of recordsAt(this.#problems, node, key)) this.#visit(item, type, base);
    }
  }

  #visit(node: RecordNode, type: string, base: string): void {
    const problems = this.#problems;
    const into = this.#into;
    if (isDeleted(problems, node)) return;
    const collection = COLLECTIONS[type];
    const located = locate(problems, node, collection === undefined ? base : `${base}/${collection}`);
    const { path } = located;
    switch (type) {
      case 'Infra':
        checkFields(problems, node, 'Infra');
        this.#visitStrategy(node);
        this.#visitLists(node, LISTS, typeof node.value.path === 'string' ? path : '/infra');
        this.#visitChildren(node, typeof node.value.path === 'string' ? path : '/infra');
        return;
      case 'Domain': {
        checkFields(problems, node, 'Domain');
        this.#visitStrategy(node);
        this.#visitLists(node, DOMAIN_LISTS, path);
        const resources = recordAt(problems, node, 'resources');
        if (resources !== null) {
          checkFields(problems, resources, 'DomainResources');
          this.#visitLists(resources, DOMAIN_LISTS, path);
        }
        break;
      }
      case 'VirtualMachine':
        into.machines.push(node);
        break;
      case 'VirtualNetworkInterface':
        into.interfaces.push(node);
        break;
      case 'Segment':
        into.segments.push(located);
        for (const key of ['segment_ports', 'ports']) {
          for (const port of recordsAt(problems, node, key)) this.#visit(port, 'SegmentPort', path);
        }
        break;
      case 'SegmentPort':
        // Collected by itself, a port still names its segment, by its own path or its parent's.
        into.ports.push({ ...located, ownerPath: textAt(problems, node, 'parent_path') ?? before(path, '/ports/') });
        break;
      case 'Tier0':
      case 'Tier1':
        (type === 'Tier0' ? into.tier0s : into.tier1s).push(located);
        this.#visitRouter(node, path);
        break;
      case 'LocaleServices':
        for (const item of recordsAt(problems, node, 'interfaces'))
          into.uplinks.push({ node: item, ownerPath: routerOf(path) });
        break;
      case 'Tier0Interface':
        into.uplinks.push({ node, ownerPath: routerOf(base) });
        break;
      case 'Service':
        into.services.push(located);
        break;
      case 'ServiceEntry':
        into.entries.push({ node, ownerPath: base });
        break;
      case 'Group':
        into.groups.push(located);
        break;
      case 'SecurityPolicy':
        into.policies.push(located);
        break;
      case 'Rule':
        into.rules.push({ node, ownerPath: base });
        break;
      case 'PolicyFirewallScheduler':
        into.schedulers.push(located);
        break;
      case 'PolicyExcludeList':
        checkFields(problems, node, 'PolicyExcludeList');
        into.excludeMembers.push(...(textsAt(problems, node, 'members') ?? []));
        break;
      default:
        this.#refuse(node, type);
        return;
    }
    this.#visitChildren(node, path);
  }

  #visitChildren(node: RecordNode, base: string): void {
    const problems = this.#problems;
    for (const child of recordsAt(problems, node, 'children')) {
      if (isDeleted(problems, child)) continue;
      const wrapper = textAt(problems, child, 'resource_type') ?? '';
      if (wrapper === 'ChildResourceReference') {
        const target = COLLECTIONS[textAt(problems, child, 'target_type') ?? ''];
        if (target === undefined) this.#refuse(child, wrapper);
        else this.#visitChildren(child, `${base}/${target}/${textAt(problems, child, 'id') ?? ''}`);
        continue;
      }
      const type = wrapper.startsWith('Child') ? wrapper.slice('Child'.length) : '';
      const inner = type === '' ? null : recordAt(problems, child, type);
      if (inner !== null) this.#visit(inner, type, base);
      else this.#refuse(child, wrapper);
    }
  }

  #visitRouter(node: RecordNode, path: string): void {
    const problems = this.#problems;
    for (const item of recordsAt(problems, node, 'interfaces'))
      this.#into.uplinks.push({ node: item, ownerPath: path });
    for (const item of recordsAt(problems, node, 'locale_services')) this.#visit(item, 'LocaleServices', path);
    for (const section of recordsAt(problems, node, 'policy_nats')) {
      for (const rule of recordsAt(problems, section, 'rules')) this.#refuse(rule, 'PolicyNatRule');
    }
  }

  #visitStrategy(node: RecordNode): void {
    const strategy = textNodeAt(this.#problems, node, 'connectivity_strategy');
    if (strategy !== null) this.#into.strategies.push(strategy);
  }

  /** The list, or the object that holds it. */
  #visitExcludeList(node: RecordNode): void {
    const problems = this.#problems;
    if (Array.isArray(node.value.exclude_list)) {
      this.#into.excludeMembers.push(...(textsAt(problems, node, 'exclude_list') ?? []));
      return;
    }
    const list = recordAt(problems, node, 'exclude_list');
    if (list !== null) this.#visit(list, 'PolicyExcludeList', '/infra');
  }

  #refuse(node: RecordNode, type: string): void {
    const enforced = ENFORCED_ELSEWHERE[type];
    if (enforced !== undefined) {
      this.#problems.count(
        'note',
        'nsx/not-judged',
        enforced,
        (times) => `${countOf(times, enforced)} ${times === 1 ? 'is' : 'are'} not judged`,
        () => spanOf(node),
        'the distributed firewall does not enforce it; what a gateway does to a flow is not part of these answers',
      );
      return;
    }
    // What a rule needs of it is said at the rule.
    if (type === 'PolicyContextProfile' || type === 'L7AccessProfile') return;
    if (OTHER_RESOURCES.has(type)) {
      this.#problems.count(
        'note',
        'nsx/not-used',
        type,
        (times) => `${countOf(times, `${type} object`)} ${times === 1 ? 'is' : 'are'} not used`,
        () => spanOf(node),
      );
      return;
    }
    this.#problems.count(
      'warning',
      'nsx/unknown-resource',
      type,
      (times) => `${type === '' ? 'an object of no type' : quote(type)} is not read${elsewhere(times)}`,
      () => spanOf(node),
      'if it changes which flows are allowed, answers may be wrong',
    );
  }
}

function routerOf(path: string): string {
  return before(path, '/locale-services');
}

/** `/infra/tier-0s/t0` of `/infra/tier-0s/t0/locale-services/default` and `/locale-services`. */
function before(path: string, step: string): string {
  const at = path.lastIndexOf(step);
  return at === -1 ? path : path.slice(0, at);
}
