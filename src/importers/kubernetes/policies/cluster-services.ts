// The `protocols` of a ClusterNetworkPolicy rule and the `ports` of its predecessors, to services.
// A rule without them is about every protocol; one with them about TCP, UDP and SCTP only (API documentation,
// v1alpha2 and v1alpha1: unless they are given, protocol-specific attributes are not used to match traffic).
import type { NamedPortMatch, ServiceMatch } from '../../../model/service.ts';
import { single } from '../../../net/intervals.ts';
import { NO_SERVICES, ports, unionServices } from '../../../net/services.ts';
import { error } from '../../../text/diagnostic.ts';
import {
  at,
  type Cursor,
  hasOnlyFields,
  isGiven,
  isRecord,
  itemsOf,
  type Report,
  requireRecord,
  spanOf,
  textOf,
} from '../read/cursor.ts';
import { readPortNumber, readPortOrName, readProtocol, type Transport } from '../world/pods.ts';
import { everyService, type PolicyContext, serviceOf } from './context.ts';

/** null: some of it is not understood. */
export type ServiceReader = (cursor: Cursor, context: PolicyContext) => ServiceMatch | null;

/** `protocols` (v1alpha2): each item has one of `tcp`, `udp`, `sctp`, `destinationNamedPort`. */
export const readProtocols: ServiceReader = (cursor, context) => readEach(cursor, context, readProtocolItem);

/** `ports` (v1alpha1): each item has one of `portNumber`, `portRange`, `namedPort`. */
export const readPorts: ServiceReader = (cursor, context) => readEach(cursor, context, readPortItem);

function readEach(cursor: Cursor, context: PolicyContext, readItem: ServiceReader): ServiceMatch | null {
  if (!isGiven(cursor)) return everyService;
  const items = itemsOf(cursor, context.report);
  if (items.length === 0) {
    if (Array.isArray(cursor.value)) {
      context.report(
        error('kubernetes/missing-field', `\`${cursor.key}\` must have at least one item`, spanOf(cursor)),
      );
    }
    return null;
  }
  const matches = items.map((item) => readItem(item, context));
  const known = matches.filter((match) => match !== null);
  if (known.length < matches.length) return null;
  return serviceOf(
    known.map((match) => match.set).reduce(unionServices, NO_SERVICES),
    known.flatMap((match) => match.named),
  );
}

const readProtocolItem: ServiceReader = (cursor, context) => {
  const { report } = context;
  const known = ['tcp', 'udp', 'sctp', 'destinationNamedPort'];
  const key = onlyField(cursor, known, report);
  if (key === null) return null;
  const field = at(cursor, key);
  if (key === 'destinationNamedPort') return readNamed(field, context);
  if (!requireRecord(field, report) || !hasOnlyFields(field, ['destinationPort'], report)) return null;
  const port = at(field, 'destinationPort');
  const shape = onlyField(port, ['number', 'range'], report);
  if (shape === null) return null;
  const protocol = key as Transport;
  if (shape === 'number') return readNumber(at(port, 'number'), protocol, report);
  const range = at(port, 'range');
  return requireRecord(range, report) && hasOnlyFields(range, ['start', 'end'], report)
    ? readRange(range, protocol, report)
    : null;
};

const readPortItem: ServiceReader = (cursor, context) => {
  const { report } = context;
  const key = onlyField(cursor, ['portNumber', 'portRange', 'namedPort'], report);
  if (key === null) return null;
  const field = at(cursor, key);
  if (key === 'namedPort') return readNamed(field, context);
  const known = key === 'portNumber' ? ['protocol', 'port'] : ['protocol', 'start', 'end'];
  if (!requireRecord(field, report) || !hasOnlyFields(field, known, report)) return null;
  const protocol = readProtocol(at(field, 'protocol'), report);
  if (protocol === null) return null;
  return key === 'portNumber' ? readNumber(at(field, 'port'), protocol, report) : readRange(field, protocol, report);
};

/** The one field that is set; what is not exactly one is reported. null: none, several, or one that is not known. */
export function onlyField(cursor: Cursor, known: readonly string[], report: Report): string | null {
  if (!requireRecord(cursor, report) || !hasOnlyFields(cursor, known, report)) return null;
  const given = known.filter((key) => isGiven(at(cursor, key)));
  const [only] = given;
  if (only !== undefined && given.length === 1) return only;
  const list = known.map((key) => `\`${key}\``).join(', ');
  report(
    error(
      given.length === 0 ? 'kubernetes/missing-field' : 'kubernetes/invalid-value',
      given.length === 0
        ? `this needs one of ${list}`
        : `this has ${given.map((key) => `\`${key}\``).join(' and ')}: only one can be set`,
      spanOf(cursor),
    ),
  );
  return null;
}

function readNumber(cursor: Cursor, protocol: Transport, report: Report): ServiceMatch | null {
  if (!isGiven(cursor)) report(error('kubernetes/missing-field', 'a port number is missing', spanOf(cursor)));
  const port = readPortNumber(cursor, report);
  return port === null ? null : serviceOf(ports(protocol, single(port, port)));
}

function readRange(cursor: Cursor, protocol: Transport, report: Report): ServiceMatch | null {
  for (const key of ['start', 'end']) {
    if (!isGiven(at(cursor, key)))
      report(error('kubernetes/missing-field', `a port range needs its \`${key}\``, spanOf(cursor)));
  }
  const start = readPortNumber(at(cursor, 'start'), report);
  const end = readPortNumber(at(cursor, 'end'), report);
  if (start === null || end === null) return null;
  if (start >= end) {
    report(
      error(
        'kubernetes/invalid-port',
        `a range must end after it begins, not at ${end} after ${start}`,
        spanOf(at(cursor, 'end')),
        {
          help: start === end ? 'for one port, give its number' : null,
        },
      ),
    );
    return null;
  }
  return serviceOf(ports(protocol, single(start, end)));
}

/** A port by name, whatever its protocol at the destination. */
function readNamed(cursor: Cursor, { report, portNameUses }: PolicyContext): ServiceMatch | null {
  const name = textOf(cursor, report) === null ? null : readPortOrName(cursor, report);
  if (typeof name !== 'string') return null;
  portNameUses.push({ name, cursor });
  const named: NamedPortMatch = { name, protocol: null, sourcePorts: null };
  return serviceOf(NO_SERVICES, [named]);
}

/** Whether a rule asks for ports by name. */
export function hasNamedPort(cursor: Cursor): boolean {
  const { value } = cursor;
  return (
    Array.isArray(value) &&
    value.some((item) => isRecord(item) && isRecord(item) && ('destinationNamedPort' in item || 'namedPort' in item))
  );
}
