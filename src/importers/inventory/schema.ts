// The shape of an inventory file: what is in a world, written as YAML or JSON. Strict: a key that is not here is an
// error. Every description says what a value must be, in the words of a message; the published JSON Schema and
// docs/inventory.md come from the same source. Addresses are only text here: they are parsed when the world is made.

import * as z from 'zod';
import { workloadKinds } from '../../model/workload.ts';
import { accessList, gatewayRule, natRule, route } from './schema-network.ts';

/** What the key `format` of an inventory says. */
export const INVENTORY_FORMAT = 'bulkhead.inventory/1';

const name = z.string().min(1).describe('a name');
const text = z.string().describe('text');
const address = z.string().min(1).describe('an address such as `10.10.1.11`');
const network = z.string().min(1).describe('a network such as `172.16.10.0/24`');
const interfaceAddress = z.string().min(1).describe('an address with the length of its prefix, such as `10.10.1.1/24`');
const port = z.int().min(0).max(65535).describe('a port from 0 to 65535');
const protocol = z.enum(['tcp', 'udp', 'sctp']).describe('`tcp`, `udp` or `sctp`');
// Both may be empty: Kubernetes has empty values, and an NSX tag without a scope is a value without a key.
const labelValue = z
  .union([text, z.array(text).min(1)])
  .describe('a name or a list of names (quote numbers, `true` and `false`)');
const labels = z.record(z.string(), labelValue).describe('a mapping of keys to values');

const mtu = z.int().min(576).max(65535).describe('a number from 576 to 65535');

const list = <T extends z.ZodType>(item: T, what: string) => z.array(item).describe(`a list of ${what}`).optional();

const site = z
  .strictObject({
    id: name,
    kind: z.enum(['on-prem', 'cloud', 'vpc', 'cluster']).describe('`on-prem`, `cloud`, `vpc` or `cluster`'),
    provider: name.optional(),
    region: name.optional(),
    domain: name.optional(),
    tepSubnets: list(network, 'networks'),
  })
  .describe('a site: a mapping with `id` and `kind`');

const host = z
  .strictObject({
    id: name,
    kind: z
      .enum(['hypervisor', 'container-host', 'bare-metal', 'edge'])
      .describe('`hypervisor`, `container-host`, `bare-metal` or `edge`')
      .optional(),
    site: name.optional(),
    labels: labels.optional(),
    addresses: list(address, 'addresses'),
    teps: list(address, 'addresses'),
    mtu: mtu.optional(),
    zones: list(name, 'names of transport zones'),
    machine: name.optional(),
  })
  .describe('a host: a mapping with `id`');

const segment = z
  .strictObject({
    id: name,
    vni: z.int().min(1).max(16777215).describe('a number from 1 to 16777215').optional(),
    vlan: z.int().min(0).max(4094).describe('a number from 0 to 4094').optional(),
    subnets: list(interfaceAddress, 'gateways with the length of the prefix, such as `10.10.1.1/24`'),
    sites: list(name, 'ids of sites'),
    router: name.optional(),
    space: name.optional(),
    labels: labels.optional(),
    zone: name.optional(),
    mtu: mtu.optional(),
    replication: z.enum(['source', 'mtep']).describe('`source` or `mtep`').optional(),
    spoofguard: z.boolean().describe('`true` or `false`').optional(),
    acl: name.optional(),
    routes: list(route, 'routes'),
  })
  .describe('a segment: a mapping with `id`');

const router = z
  .strictObject({
    id: name,
    kind: z.enum(['tier0', 'tier1', 'vpc', 'physical']).describe('`tier0`, `tier1`, `vpc` or `physical`'),
    sites: list(name, 'ids of sites'),
    connects: name.optional(),
    advertises: list(name, 'names'),
    uplinks: list(interfaceAddress, 'addresses with the length of the prefix'),
    mode: z.enum(['active-standby', 'active-active']).describe('`active-standby` or `active-active`').optional(),
    edges: list(name, 'ids of hosts'),
    routes: list(route, 'routes'),
    nat: list(natRule, 'rules of address translation'),
    firewall: list(gatewayRule, 'rules of the gateway'),
  })
  .describe('a router: a mapping with `id` and `kind`');

const tunnel = z
  .strictObject({ from: name, to: name, kind: name.optional(), mtu: mtu.optional() })
  .describe('a tunnel: a mapping with `from` and `to`');

const namespace = z.strictObject({ id: name, labels: labels.optional() }).describe('a namespace: a mapping with `id`');

const networkInterface = z
  .strictObject({
    name: name.optional(),
    segment: name.optional(),
    addresses: list(address, 'addresses'),
    mac: z
      .string()
      .regex(/^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/)
      .describe('a MAC address such as `00:50:56:00:00:01`')
      .optional(),
    space: name.optional(),
    securityGroups: list(name, 'ids of security groups'),
  })
  .describe('an interface: a mapping');

const workload = z
  .strictObject({
    id: name,
    kind: z.enum(workloadKinds).describe('`vm`, `container`, `pod-vm`, `instance` or `bare-metal`'),
    name: name.optional(),
    labels: labels.optional(),
    namespace: name.optional(),
    host: name.optional(),
    site: name.optional(),
    os: text.optional(),
    hostname: text.optional(),
    owner: z.strictObject({ kind: name, name }).describe('a mapping with `kind` and `name`').optional(),
    externalIds: list(name, 'ids'),
    interfaces: list(networkInterface, 'interfaces'),
    ports: list(z.strictObject({ name, protocol, port }).describe('a named port'), 'named ports'),
  })
  .describe('a workload: a mapping with `id` and `kind`');

const backends = z
  .union([z.array(name).min(1), z.strictObject({ namespace: name.optional(), labels: labels.optional() })])
  .describe('a list of ids of workloads, or a mapping with `labels` and `namespace`');

const serviceAddress = z
  .strictObject({
    id: name,
    namespace: name.optional(),
    addresses: list(address, 'addresses'),
    backends,
    ports: list(
      z
        .strictObject({ protocol, port, target: z.union([port, name]).describe('a port, or the name of one') })
        .describe('a port with its target'),
      'ports with their targets',
    ),
  })
  .describe('a service address: a mapping with `id` and `backends`');

const hostAlias = z.strictObject({ id: name, host: name.optional() }).describe('a host alias: a mapping with `id`');

/** The whole file. */
export const inventorySchema = z
  .strictObject({
    format: z.literal(INVENTORY_FORMAT).describe(`\`${INVENTORY_FORMAT}\``),
    sites: list(site, 'sites'),
    hosts: list(host, 'hosts'),
    segments: list(segment, 'segments'),
    routers: list(router, 'routers'),
    tunnels: list(tunnel, 'tunnels'),
    namespaces: list(namespace, 'namespaces'),
    workloads: list(workload, 'workloads'),
    serviceAddresses: list(serviceAddress, 'service addresses'),
    hostAliases: list(hostAlias, 'host aliases'),
    accessLists: list(accessList, 'access lists and security groups'),
  })
  .describe('a mapping of lists');

/** An inventory as it is in the file. */
export type Inventory = z.infer<typeof inventorySchema>;

/** The published schema, for editors and for other programs. */
export function inventoryJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(inventorySchema, { target: 'draft-2020-12' });
  return {
    $schema,
    $id: INVENTORY_FORMAT,
    title: INVENTORY_FORMAT,
    ...schema,
    description: 'An inventory of workloads and the places they are in, as YAML or JSON.',
  };
}
