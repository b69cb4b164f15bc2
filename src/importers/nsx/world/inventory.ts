// Virtual machines, their network interfaces and segment ports of a dump → workloads, with the look-ups by which groups
// name them. A machine is called by its display name where that is unique, else by its external id.
import { addTo } from '../../../base/multimap.ts';
import type { Interface, Workload } from '../../../model/workload.ts';
import { type Address, formatAddress, parseAddress, quote } from '../../../net/address.ts';
import type { Collected, Located, Part } from '../read/collected.ts';
import { withoutDuplicates } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import { uniqueNames } from '../read/names.ts';
import {
  fieldOf,
  type RecordNode,
  recordAt,
  recordsAt,
  spanOf,
  type TextNode,
  textAt,
  textNodeAt,
  textsAt,
} from '../read/node.ts';
import { countOf, type Problems } from '../read/problems.ts';
import { readTags } from './tags.ts';
import type { Topology } from './topology.ts';

export interface InterfaceRef {
  readonly workload: string;
  readonly interface: string;
}

export interface Port {
  readonly path: string;
  readonly display: string;
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** What is attached to it; null: nothing that the dump knows. */
  readonly interface: InterfaceRef | null;
}

export interface Inventory {
  readonly workloads: readonly Workload[];
  /** Ids of workloads by external id. */
  readonly byExternalId: ReadonlyMap<string, string>;
  /** Ids of workloads by display name, where it is unique. */
  readonly byName: ReadonlyMap<string, string>;
  readonly interfaceByExternalId: ReadonlyMap<string, InterfaceRef>;
  readonly interfacesByMac: ReadonlyMap<string, readonly InterfaceRef[]>;
  readonly ports: readonly Port[];
  readonly portByPath: ReadonlyMap<string, Port>;
  /** Machines that the manager itself leaves unfiltered: edges, managers and service machines. */
  readonly unfiltered: readonly string[];
}

interface Machine {
  readonly node: RecordNode;
  readonly externalId: string | null;
  readonly display: string | null;
  readonly interfaces: Interface[];
  readonly interfaceIds: (string | null)[];
}

interface RawPort extends Located, Part {
  readonly attachment: string | null;
  readonly addresses: readonly Address[];
  readonly mac: string | null;
}

/** Types of machines on the exclusion list that the manager keeps itself (NSX administration guide, "Manage a Firewall Exclusion List"). */
const UNFILTERED = new Set(['EDGE', 'SERVICE', 'MP']);

export function readInventory(problems: Problems, collected: Collected, topology: Topology): Inventory {
  const machines = readMachines(problems, collected);
  const rawPorts = withoutDuplicates(problems, 'segment port', collected.ports).map((port) => readPort(problems, port));
  const attached = attachInterfaces(problems, collected, machines, rawPorts, topology);
  // A tree of intent has no machines; what is attached to its ports is then known by the port alone.
  const alone =
    machines.length === 0 ? rawPorts.filter((port) => port.attachment !== null || port.addresses.length > 0) : [];
  const names = uniqueNames(
    [
      ...machines.map(({ display, externalId }) => ({ display, id: externalId })),
      ...alone.map(({ display, id }) => ({ display, id })),
    ],
    'vm',
  );
  const nameOf = new Map<object, string>([...machines, ...alone].map((item, i) => [item, names[i] as string]));
  const workloads = [
    ...machines.map((machine) => machineWorkload(problems, machine, nameOf.get(machine) as string)),
    ...alone.map((port) => portWorkload(port, nameOf.get(port) as string, topology)),
  ];
  sayPorts(problems, rawPorts, alone, attached);

  const refOf = (port: RawPort): InterfaceRef | null => {
    const own = nameOf.get(port);
    if (own !== undefined) return { workload: own, interface: PORT_INTERFACE };
    const of = port.attachment === null ? undefined : attached.get(port.attachment);
    return of === undefined ? null : { workload: nameOf.get(of.machine) as string, interface: of.name };
  };
  const ports = rawPorts.map(
    (port): Port => ({
      path: port.path,
      display: port.display ?? port.id ?? '',
      tags: readTags(problems, port.node),
      interface: refOf(port),
    }),
  );
  const byExternalId = new Map<string, string>();
  const byName = new Map<string, string | null>();
  const interfaceByExternalId = new Map<string, InterfaceRef>();
  for (const machine of machines) {
    const workload = nameOf.get(machine) as string;
    if (machine.externalId !== null) byExternalId.set(machine.externalId, workload);
    if (machine.display !== null) byName.set(machine.display, byName.has(machine.display) ? null : workload);
    for (const [i, id] of machine.interfaceIds.entries()) {
      if (id !== null)
        interfaceByExternalId.set(id, { workload, interface: (machine.interfaces[i] as Interface).name });
    }
  }
  const interfacesByMac = new Map<string, InterfaceRef[]>();
  for (const workload of workloads) {
    for (const item of workload.interfaces) {
      if (item.mac !== null) addTo(interfacesByMac, item.mac, { workload: workload.id, interface: item.name });
    }
  }
  return {
    workloads,
    byExternalId,
    byName: new Map([...byName].flatMap(([name, workload]) => (workload === null ? [] : [[name, workload] as const]))),
    interfaceByExternalId,
    interfacesByMac,
    ports,
    portByPath: new Map(ports.map((port) => [port.path, port])),
    unfiltered: machines
      .filter(({ node }) => UNFILTERED.has(textAt(problems, node, 'type') ?? ''))
      .map((machine) => nameOf.get(machine) as string),
  };
}

const PORT_INTERFACE = 'eth0';

function readMachines(problems: Problems, collected: Collected): readonly Machine[] {
  const first = new Map<string, RecordNode>();
  const machines: Machine[] = [];
  for (const node of collected.machines) {
    checkFields(problems, node, 'VirtualMachine');
    const externalId = textAt(problems, node, 'external_id');
    const known = externalId === null ? undefined : first.get(externalId);
    if (known !== undefined) {
      problems.report(
        'error',
        'nsx/duplicate',
        `a virtual machine of the id ${quote(externalId ?? '')} is in the dump twice`,
        spanOf(node),
        {
          notes: [{ message: 'first here', span: spanOf(known) }],
          help: 'the first is used; take one of them out',
        },
      );
      continue;
    }
    if (externalId !== null) first.set(externalId, node);
    machines.push({
      node,
      externalId,
      display: textAt(problems, node, 'display_name'),
      interfaces: [],
      interfaceIds: [],
    });
  }
  return machines;
}

interface Attached {
  readonly machine: Machine;
  readonly name: string;
}

/** Gives each machine its interfaces; returns them by the attachment that joins an interface and a port. */
function attachInterfaces(
  problems: Problems,
  collected: Collected,
  machines: readonly Machine[],
  ports: readonly RawPort[],
  topology: Topology,
): ReadonlyMap<string, Attached> {
  const byExternalId = new Map(machines.flatMap((m) => (m.externalId === null ? [] : [[m.externalId, m] as const])));
  const portByAttachment = new Map(ports.flatMap((p) => (p.attachment === null ? [] : [[p.attachment, p] as const])));
  const byMachine = new Map<Machine, RecordNode[]>();
  for (const node of collected.interfaces) {
    checkFields(problems, node, 'VirtualNetworkInterface');
    const owner = textNodeAt(problems, node, 'owner_vm_id');
    const machine = owner === null ? undefined : byExternalId.get(owner.value);
    if (machine === undefined) reportOwner(problems, node, owner);
    else addTo(byMachine, machine, node);
  }
  const attached = new Map<string, Attached>();
  for (const [machine, nodes] of byMachine) {
    const names = uniqueNames(
      nodes.map((node, i) => ({
        display: textAt(problems, node, 'device_name') ?? textAt(problems, node, 'display_name') ?? `eth${i}`,
        id: null,
      })),
      'eth',
    );
    for (const [i, node] of nodes.entries()) {
      const name = names[i] as string;
      const attachment = textAt(problems, node, 'lport_attachment_id');
      const port = attachment === null ? undefined : portByAttachment.get(attachment);
      if (attachment !== null) attached.set(attachment, { machine, name });
      const own = recordsAt(problems, node, 'ip_address_info').flatMap((info) => {
        checkFields(problems, info, 'IpAddressInfo');
        return (textsAt(problems, info, 'ip_addresses') ?? []).flatMap((text) => readAddress(problems, text) ?? []);
      });
      machine.interfaces.push({
        name,
        segment: port === undefined ? null : segmentOf(port, topology),
        addresses: distinct([...own, ...(port?.addresses ?? [])]),
        mac: textAt(problems, node, 'mac_address')?.toLowerCase() ?? port?.mac ?? null,
        space: null,
        span: spanOf(node),
      });
      machine.interfaceIds.push(textAt(problems, node, 'external_id'));
    }
  }
  return attached;
}

function reportOwner(problems: Problems, node: RecordNode, owner: TextNode | null): void {
  problems.count(
    'warning',
    'nsx/unknown-reference',
    'owner_vm_id',
    (times) => `${countOf(times, 'network interface')} of machines that are not in the dump`,
    () => spanOf(owner ?? fieldOf(node, 'owner_vm_id')),
    'flows of these machines are not judged; collect the virtual machines too',
  );
}

function readPort(problems: Problems, port: Located & Part): RawPort {
  const { node } = port;
  checkFields(problems, node, 'SegmentPort');
  const attachment = recordAt(problems, node, 'attachment');
  if (attachment !== null) checkFields(problems, attachment, 'PortAttachment');
  const bindings = recordsAt(problems, node, 'address_bindings');
  for (const binding of bindings) checkFields(problems, binding, 'AddressBinding');
  return {
    ...port,
    attachment: attachment === null ? null : textAt(problems, attachment, 'id'),
    addresses: bindings.flatMap((binding) => {
      const text = textNodeAt(problems, binding, 'ip_address');
      return (text === null ? null : readAddress(problems, text)) ?? [];
    }),
    mac:
      bindings
        .map((binding) => textAt(problems, binding, 'mac_address'))
        .find((mac) => mac !== null)
        ?.toLowerCase() ?? null,
  };
}

function readAddress(problems: Problems, text: TextNode): Address | null {
  const parsed = parseAddress(text.value);
  if (!('problem' in parsed)) return parsed;
  problems.report('error', 'nsx/invalid-address', parsed.problem, spanOf(text), { help: parsed.help ?? null });
  return null;
}

function distinct(addresses: readonly Address[]): readonly Address[] {
  return [...new Map(addresses.map((address) => [formatAddress(address), address])).values()];
}

function segmentOf(port: RawPort, topology: Topology): string | null {
  return topology.segmentByPath.get(port.ownerPath)?.id ?? null;
}

function machineWorkload(problems: Problems, machine: Machine, id: string): Workload {
  const { node, externalId, display } = machine;
  const guest = recordAt(problems, node, 'guest_info');
  if (guest !== null) checkFields(problems, guest, 'GuestInfo');
  return {
    ...bareWorkload,
    id,
    name: display ?? id,
    labels: readTags(problems, node),
    host: textAt(problems, node, 'host_id'),
    os: guest === null ? null : textAt(problems, guest, 'os_name'),
    hostname: guest === null ? null : textAt(problems, guest, 'computer_name'),
    externalIds: [externalId, ...(textsAt(problems, node, 'compute_ids') ?? []).map(({ value }) => value)].filter(
      (x) => x !== null,
    ),
    interfaces: machine.interfaces,
    span: spanOf(node),
  };
}

function portWorkload(port: RawPort, id: string, topology: Topology): Workload {
  const span = spanOf(port.node);
  const { addresses, mac } = port;
  return {
    ...bareWorkload,
    id,
    name: id,
    externalIds: port.attachment === null ? [] : [port.attachment],
    interfaces: [
      {
        name: PORT_INTERFACE,
        segment: segmentOf(port, topology),
        addresses: distinct(addresses),
        mac,
        space: null,
        span,
      },
    ],
    span,
  };
}

const bareWorkload = {
  kind: 'vm',
  labels: new Map<string, readonly string[]>(),
  namespace: null,
  host: null,
  site: null,
  os: null,
  hostname: null,
  owner: null,
  ports: [],
} as const;

/** Ports whose machine the dump does not have are judged by themselves or not at all: either way, aloud. */
function sayPorts(
  problems: Problems,
  ports: readonly RawPort[],
  alone: readonly RawPort[],
  attached: ReadonlyMap<string, Attached>,
): void {
  const [first] = alone;
  if (first !== undefined) {
    problems.report(
      'warning',
      'nsx/port-without-machine',
      `${countOf(alone.length, 'segment port')} without a virtual machine`,
      spanOf(first.node),
      {
        help: 'the dump has no virtual machines: each port that something is attached to is taken for one, without tags',
      },
    );
    return;
  }
  const loose = ports.filter(({ attachment }) => attachment !== null && !attached.has(attachment));
  const [firstLoose] = loose;
  if (firstLoose === undefined) return;
  problems.report(
    'warning',
    'nsx/port-without-machine',
    `${countOf(loose.length, 'segment port')} of machines that are not known`,
    spanOf(firstLoose.node),
    {
      help: 'what is attached to them is not judged; collect `virtual_network_interface` too',
    },
  );
}
