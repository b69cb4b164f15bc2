// One entry of a service → the exact set of services that it stands for. What is not understood makes the entry one
// that is known only in part; rules then fail closed (see ../policies/match.ts).

import { quote } from '../../../net/address.ts';
import { fromPairs, type Intervals, single } from '../../../net/intervals.ts';
import {
  ALL_BYTES,
  ALL_PORTS,
  icmp,
  NO_SERVICES,
  ports,
  protocolNumber,
  type ServiceSet,
  type TransportProtocol,
} from '../../../net/services.ts';
import { checkFields, type ObjectType } from '../read/fields.ts';
import { fieldOf, listAt, type Node, numberAt, type RecordNode, spanOf, textAt, textNodeAt } from '../read/node.ts';
import { countOf, type Problems } from '../read/problems.ts';

/** What a service, or a part of one, matches. */
export interface ServiceMeaning {
  readonly set: ServiceSet;
  /** Something of it is not understood: `set` is then less than what it matches. */
  readonly partial: boolean;
  /** It speaks of frames and not of packets: meaningful in the ethernet category alone. */
  readonly ethernet: boolean;
  /** Protocols among it whose data connections are let through by watching the control connection. */
  readonly gateways: readonly string[];
}

export const NOT_UNDERSTOOD: ServiceMeaning = { set: NO_SERVICES, partial: true, ethernet: false, gateways: [] };

function exactly(set: ServiceSet, ...gateways: readonly string[]): ServiceMeaning {
  return { set, partial: false, ethernet: false, gateways };
}

/** The port of each application level gateway (NSX 4.2 schema ALGTypeServiceEntry); its data connections are related ones. */
const GATEWAYS: Readonly<Record<string, readonly [protocol: TransportProtocol, port: number]>> = {
  FTP: ['tcp', 21],
  TFTP: ['udp', 69],
  ORACLE_TNS: ['tcp', 1521],
  SUN_RPC_TCP: ['tcp', 111],
  SUN_RPC_UDP: ['udp', 111],
  MS_RPC_TCP: ['tcp', 135],
  MS_RPC_UDP: ['udp', 135],
  NBNS_BROADCAST: ['udp', 137],
  NBDG_BROADCAST: ['udp', 138],
};

/** Of a `source_ports` or `destination_ports` list; a range counts as two (NSX 4.2 schema L4PortSetServiceEntry). */
const MOST_PORT_VALUES = 15;

const IGMP = 2;

/** `nested` gives the meaning of another service by its path. */
export function readServiceEntry(
  problems: Problems,
  node: RecordNode,
  nested: (path: Node & { readonly value: string }) => ServiceMeaning,
): ServiceMeaning {
  const type = textAt(problems, node, 'resource_type');
  const reader = type !== null && Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (type === null || reader === undefined) {
    const what =
      type === null ? 'this entry does not say what it is' : `entries of the type ${quote(type)} are not understood`;
    problems.report('warning', 'nsx/unknown-service-entry', what, spanOf(node), {
      help: 'a rule that allows it matches only what else it names; one that denies it matches every service',
    });
    return NOT_UNDERSTOOD;
  }
  checkFields(problems, node, type as ObjectType);
  return reader(problems, node, nested);
}

type Reader = (
  problems: Problems,
  node: RecordNode,
  nested: (path: Node & { readonly value: string }) => ServiceMeaning,
) => ServiceMeaning;

const READERS: Readonly<Record<string, Reader>> = {
  L4PortSetServiceEntry(problems, node) {
    const protocol = textNodeAt(problems, node, 'l4_protocol');
    if (protocol?.value !== 'TCP' && protocol?.value !== 'UDP')
      return unknownValue(problems, node, 'l4_protocol', 'TCP or UDP');
    const destination = readPorts(problems, node, 'destination_ports');
    const source = readPorts(problems, node, 'source_ports');
    if (destination === null || source === null) return NOT_UNDERSTOOD;
    return exactly(ports(protocol.value === 'TCP' ? 'tcp' : 'udp', destination, source));
  },
  ICMPTypeServiceEntry(problems, node) {
    const protocol = textAt(problems, node, 'protocol');
    if (protocol !== 'ICMPv4' && protocol !== 'ICMPv6')
      return unknownValue(problems, node, 'protocol', 'ICMPv4 or ICMPv6');
    const types = readByte(problems, node, 'icmp_type');
    const codes = readByte(problems, node, 'icmp_code');
    if (types === null || codes === null) return NOT_UNDERSTOOD;
    return exactly(icmp(protocol === 'ICMPv4' ? 4 : 6, types, codes));
  },
  IGMPTypeServiceEntry: () => exactly(protocolNumber(IGMP)),
  IPProtocolServiceEntry(problems, node) {
    if (numberAt(problems, node, 'protocol_number') === null)
      return unknownValue(problems, node, 'protocol_number', 'a number from 0 to 255');
    const number = readByte(problems, node, 'protocol_number');
    return number === null ? NOT_UNDERSTOOD : exactly(protocolNumber(number[0] as number));
  },
  ALGTypeServiceEntry(problems, node) {
    const alg = textAt(problems, node, 'alg');
    const known = alg !== null && Object.hasOwn(GATEWAYS, alg) ? GATEWAYS[alg] : undefined;
    if (known === undefined) return unknownValue(problems, node, 'alg', `one of ${Object.keys(GATEWAYS).join(', ')}`);
    const destination = readPorts(problems, node, 'destination_ports');
    const source = readPorts(problems, node, 'source_ports');
    if (destination === null || source === null) return NOT_UNDERSTOOD;
    const [protocol, port] = known;
    return exactly(
      ports(protocol, destination === ALL_PORTS ? single(port, port) : destination, source),
      alg as string,
    );
  },
  EtherTypeServiceEntry: () => ({ set: NO_SERVICES, partial: false, ethernet: true, gateways: [] }),
  NestedServiceServiceEntry(problems, node, nested) {
    const path = textNodeAt(problems, node, 'nested_service_path');
    return path === null ? unknownValue(problems, node, 'nested_service_path', 'the path of a service') : nested(path);
  },
};

function unknownValue(problems: Problems, node: RecordNode, key: string, expected: string): ServiceMeaning {
  const { value } = fieldOf(node, key);
  const message =
    value === undefined || value === null
      ? `this entry has no ${quote(key)}`
      : `${quote(String(value))} is not a ${quote(key)} that is understood`;
  problems.report('warning', 'nsx/unknown-value', message, spanOf(fieldOf(node, key)), {
    help: `expected is ${expected}`,
  });
  return NOT_UNDERSTOOD;
}

/** The ports of a list, all of them where it is absent or empty; null where one is not a port, which is reported. */
function readPorts(problems: Problems, node: RecordNode, key: string): Intervals | null {
  const items = listAt(problems, node, key) ?? [];
  if (items.length === 0) return ALL_PORTS;
  const pairs: [number, number][] = [];
  let values = 0;
  let valid = true;
  for (const item of items) {
    const pair = parsePort(item.value);
    if (pair === null) {
      valid = false;
      problems.report(
        'error',
        'nsx/invalid-port',
        `${quote(String(item.value))} is not a port or a range of ports`,
        spanOf(item),
        {
          help: 'a port is a number from 0 to 65535; a range is written `8000-8080`',
        },
      );
    } else {
      pairs.push(pair);
      values += pair[0] === pair[1] ? 1 : 2;
    }
  }
  if (values > MOST_PORT_VALUES) {
    problems.report(
      'warning',
      'nsx/limit',
      `${countOf(values, 'port value')} in ${quote(key)}`,
      spanOf(fieldOf(node, key)),
      {
        help: `NSX takes at most ${MOST_PORT_VALUES}, and counts a range as two`,
      },
    );
  }
  return valid ? fromPairs(pairs) : null;
}

function parsePort(value: unknown): [number, number] | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return null;
  const match = /^\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?$/.exec(text);
  if (match === null) return null;
  const lo = Number(match[1]);
  const hi = match[2] === undefined ? lo : Number(match[2]);
  return lo <= hi && hi <= 65535 ? [lo, hi] : null;
}

/** One number from 0 to 255, all of them where the field is absent; null where it is anything else, which is reported. */
function readByte(problems: Problems, node: RecordNode, key: string): Intervals | null {
  const value = numberAt(problems, node, key);
  if (value === null) return fieldOf(node, key).value == null ? ALL_BYTES : null;
  if (Number.isInteger(value) && value >= 0 && value <= 255) return single(value, value);
  problems.report('error', 'nsx/invalid-number', `${quote(key)} is ${value}`, spanOf(fieldOf(node, key)), {
    help: 'expected is a number from 0 to 255',
  });
  return null;
}
