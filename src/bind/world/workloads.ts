// Turns a workload as written (`vm web-01 on esx-1 { nic web-net 10.10.1.11  labels app=shop }`) into the model's.
// Used for the world, for the workloads that a test gives, and for those that a change creates.

import type { Interface, NamedPort, Owner, Workload, WorkloadKind } from '../../model/workload.ts';
import type { Address } from '../../net/address.ts';
import type { Property, WorldNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { findInBlock, findInInterface } from './parts.ts';
import {
  labelPairs,
  type Properties,
  type PropertyWords,
  readAddress,
  readLabels,
  readProperties,
  readText,
  readTexts,
  refuseProperty,
  valueText,
  type WorldContext,
} from './properties.ts';

const WORDS: PropertyWords = {
  nic: 'many',
  space: 'many',
  labels: 'many',
  'display-name': 'once',
  namespace: 'once',
  os: 'once',
  hostname: 'once',
  owner: 'once',
  'external-id': 'many',
  port: 'many',
};

/** Whether a block of the world is a workload. */
export function isWorkload(node: WorldNode): boolean {
  return workloadKind(node) !== null;
}

/** From the keyword through the id: what is underlined for a block as a whole. */
export function headerSpan(node: WorldNode): Span {
  return { ...node.span, end: node.id.span.end };
}

/** The workload, without whatever was reported. Parts are marked as the checks of a world expect them. */
export function bindWorkload(node: WorldNode, context: WorldContext): Workload {
  const properties = readProperties(node.properties, WORDS, `a ${node.what}`, context);
  const pairs = labelPairs(properties);
  const [site, more] = node.sites;
  if (more !== undefined || node.stretched) refuseHeader(node, 'is in one site at most', more?.span, context);
  if (node.type !== null) refuseHeader(node, 'has no type', node.type.span, context);
  const namespace = properties.one('namespace');
  const workload: Workload = {
    id: node.id.text,
    kind: workloadKind(node) ?? 'vm',
    name: readText(properties.one('display-name'), context) ?? node.id.text,
    labels: readLabels(pairs),
    namespace: readText(namespace, context),
    host: node.on?.text ?? null,
    site: site?.text ?? null,
    os: readText(properties.one('os'), context),
    hostname: readText(properties.one('hostname'), context),
    owner: readOwner(properties.one('owner'), context),
    externalIds: readTexts(properties.all('external-id'), context),
    interfaces: readInterfaces(node, context),
    ports: readPorts(properties, context),
    span: headerSpan(node),
  };
  context.spans.keep(workload, findInBlock(node));
  return workload;
}

function workloadKind(node: WorldNode): WorkloadKind | null {
  switch (node.what) {
    case 'vm':
    case 'container':
    case 'pod-vm':
    case 'instance':
    case 'bare-metal':
      return node.what;
    default:
      return null;
  }
}

/** Reports a part of the header that this kind of block does not have. */
export function refuseHeader(node: WorldNode, problem: string, span: Span | undefined, context: WorldContext): void {
  context.report(error('world/invalid-property', `a ${node.what} ${problem}`, span ?? headerSpan(node)));
}

function readOwner(line: Property | null, context: WorldContext): Owner | null {
  if (line === null) return null;
  const [kind, name, more] = line.values;
  if (kind !== undefined && name !== undefined && more === undefined) {
    return { kind: valueText(kind), name: valueText(name) };
  }
  return refuseProperty(line, 'a kind and a name, such as `owner Deployment web`', context);
}

/** The interfaces in order; `space NAME` is about the one before it. */
function readInterfaces(node: WorldNode, context: WorldContext): readonly Interface[] {
  const found: Interface[] = [];
  const lines = node.properties.filter((line) => line.name.text === 'nic' || line.name.text === 'space');
  for (const [i, line] of lines.entries()) {
    const next = lines[i + 1];
    if (line.name.text === 'nic') {
      found.push(readInterface(line, next?.name.text === 'space' ? next : null, found.length, context));
    } else if (lines[i - 1]?.name.text !== 'nic') refuseProperty(line, 'a `nic` of its own before it', context);
  }
  return found;
}

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** `nic [SEGMENT] ADDRESS… [mac MAC] [name NAME]`, and the `space NAME` that follows it. */
function readInterface(line: Property, space: Property | null, index: number, context: WorldContext): Interface {
  let segment: string | null = null;
  let mac: string | null = null;
  let name = `eth${index}`;
  const addresses: Address[] = [];
  for (let i = 0; i < line.values.length; i++) {
    const value = line.values[i];
    if (value === undefined) break;
    const next = line.values[i + 1];
    if (value.kind === 'name' && !value.quoted && (value.text === 'mac' || value.text === 'name')) {
      i++;
      if (next === undefined) refuseProperty(line, `something after \`${value.text}\``, context, value.span);
      else if (value.text === 'name') name = valueText(next);
      else if (MAC.test(valueText(next))) mac = valueText(next).toLowerCase();
      else refuseProperty(line, 'a MAC address such as `00:50:56:00:00:01` after `mac`', context, next.span);
    } else if (value.kind === 'address') {
      const address = readAddress(value, context);
      if (address !== null) addresses.push(address);
    } else if (segment === null && addresses.length === 0) segment = valueText(value);
    else refuseProperty(line, 'one segment, then addresses', context, value.span);
  }
  if (line.labels.length > 0)
    refuseProperty(line, 'no labels: they are the workload\u2019s', context, line.labels[0]?.span);
  const face: Interface = {
    name,
    segment,
    addresses,
    mac,
    space: readText(space, context),
    span: line.span,
  };
  context.spans.keep(face, findInInterface(line));
  return face;
}

function readPorts(properties: Properties, context: WorldContext): readonly NamedPort[] {
  return properties.all('port').flatMap((line) => {
    const name = line.values[0];
    const port = onePort(line);
    if (name === undefined || port === null) {
      return refuseProperty(line, 'a name and one port, such as `port "http" tcp/8080`', context) ?? [];
    }
    return { name: valueText(name), ...port };
  });
}

/** The one port of `tcp/8080`, or null if it is anything else. */
export function onePort(line: Property): { readonly protocol: NamedPort['protocol']; readonly port: number } | null {
  const { service } = line;
  if (service?.kind !== 'ports' || service.from.length > 0 || service.ports.length !== 1) return null;
  const [port] = service.ports;
  if (port === undefined || 'text' in port || port.from !== port.to || port.to > 65535) return null;
  return { protocol: service.protocol, port: port.from };
}
