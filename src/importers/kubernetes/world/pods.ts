// What a pod, or the template of one, says about a workload: labels, ports with names, whether it lives on its node's
// network. Which pods there are is decided in workloads.ts.

import type { Labels, NamedPort } from '../../../model/workload.ts';
import { quote } from '../../../net/address.ts';
import { error } from '../../../text/diagnostic.ts';
import { at, type Cursor, isGiven, itemsOf, numberOf, type Report, spanOf, textOf } from '../read/cursor.ts';
import { isPortName, readLabels } from '../read/names.ts';

export interface PodFacts {
  readonly labels: Labels;
  readonly ports: readonly NamedPort[];
  readonly hostNetwork: boolean;
  /** null: not known, or not scheduled yet. */
  readonly nodeName: string | null;
}

export type Transport = 'tcp' | 'udp' | 'sctp';

/** `cursor` is a Pod, or the template of a controller: both have `metadata` and `spec`. */
export function readPodFacts(cursor: Cursor, report: Report): PodFacts {
  const spec = at(cursor, 'spec');
  return {
    labels: readLabels(at(cursor, 'metadata', 'labels'), report),
    ports: readPorts(spec, report),
    hostNetwork: at(spec, 'hostNetwork').value === true,
    nodeName: textOf(at(spec, 'nodeName'), report),
  };
}

/** Ports with a name, of containers and of init containers that keep running (sidecars, `restartPolicy: Always`). */
function readPorts(spec: Cursor, report: Report): readonly NamedPort[] {
  const containers = itemsOf(at(spec, 'containers'), report);
  const sidecars = itemsOf(at(spec, 'initContainers'), report).filter(
    (item) => at(item, 'restartPolicy').value === 'Always',
  );
  const ports: NamedPort[] = [];
  for (const container of [...containers, ...sidecars]) {
    for (const item of itemsOf(at(container, 'ports'), report)) {
      const name = textOf(at(item, 'name'), report);
      const protocol = readProtocol(at(item, 'protocol'), report);
      const port = readPortNumber(at(item, 'containerPort'), report);
      if (name === null || name === '' || protocol === null || port === null) continue;
      if (!isPortName(name)) refusePortName(at(item, 'name'), name, report);
      ports.push({ name, protocol, port });
    }
  }
  return ports;
}

/** TCP where nothing is said; null if it is none of the three that Kubernetes knows. */
export function readProtocol(cursor: Cursor, report: Report): Transport | null {
  const text = textOf(cursor, report);
  if (!isGiven(cursor)) return 'tcp';
  if (text === null) return null;
  if (text === 'TCP' || text === 'UDP' || text === 'SCTP') return text.toLowerCase() as Transport;
  const upper = text.toUpperCase();
  const isCase = upper === 'TCP' || upper === 'UDP' || upper === 'SCTP';
  report(
    error('kubernetes/invalid-protocol', `${quote(text)} is not a protocol that can be named here`, spanOf(cursor), {
      help: isCase ? `write \`${upper}\`` : 'known are `TCP`, `UDP` and `SCTP`',
    }),
  );
  return null;
}

/** A port number; null if it is absent or not one. */
export function readPortNumber(cursor: Cursor, report: Report): number | null {
  const port = numberOf(cursor, report);
  if (port === null) return null;
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  report(
    error('kubernetes/invalid-port', `${port} is not a port: a number from 1 to 65535 is expected`, spanOf(cursor)),
  );
  return null;
}

/** A port by number or by name; null if it is absent or neither. */
export function readPortOrName(cursor: Cursor, report: Report): number | string | null {
  if (typeof cursor.value !== 'string') return readPortNumber(cursor, report);
  if (isPortName(cursor.value)) return cursor.value;
  refusePortName(cursor, cursor.value, report);
  return null;
}

function refusePortName(cursor: Cursor, name: string, report: Report): void {
  report(
    error('kubernetes/invalid-port', `${quote(name)} cannot be the name of a port`, spanOf(cursor), {
      help: /^[0-9]+$/.test(name)
        ? `write the number without quotes: ${name}`
        : 'a name has at most 15 lower case letters, digits and single dashes, and a letter among them',
    }),
  );
}
