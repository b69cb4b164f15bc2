// NetworkPolicy (networking.k8s.io/v1) to policies of the tier `networkpolicy`: allow-only rules, which isolate the pods
// that they select in the directions that they declare. Defaults after the API's own (pkg/apis/networking/v1/defaults.go),
// what is refused after its validation. What is not understood allows nothing.
import { anyPeer, type Peer } from '../../../model/peer.ts';
import { type Direction, noOptions, type Policy, type Rule } from '../../../model/policy.ts';
import type { NamedPortMatch, ServiceMatch } from '../../../model/service.ts';
import { subtractAddresses } from '../../../net/address-set.ts';
import { single } from '../../../net/intervals.ts';
import { ALL_PORTS, NO_SERVICES, ports, unionServices } from '../../../net/services.ts';
import { error, warning } from '../../../text/diagnostic.ts';
import { readCidr, readException } from '../read/addresses.ts';
import {
  at,
  type Cursor,
  hasOnlyFields,
  isGiven,
  isRecord,
  itemsOf,
  keySpanOf,
  type Report,
  spanOf,
  wrongKind,
} from '../read/cursor.ts';
import type { KubernetesObject } from '../read/objects.ts';
import { readSelector, type Selector } from '../read/selectors.ts';
import { readPortNumber, readPortOrName, readProtocol } from '../world/pods.ts';
import {
  everyService,
  makeRule,
  type NamespaceTerm,
  type PolicyContext,
  podsPeer,
  serviceOf,
  unionOf,
} from './context.ts';

const SIDES = {
  in: { list: 'ingress', peers: 'from', type: 'Ingress' },
  out: { list: 'egress', peers: 'to', type: 'Egress' },
} as const;

export function readNetworkPolicy(object: KubernetesObject, tier: string, context: PolicyContext): Policy {
  const { report } = context;
  const { cursor, namespace } = object;
  const id = `${namespace}/${object.name}`;
  const spec = at(cursor, 'spec');
  hasOnlyFields(cursor, ['apiVersion', 'kind', 'metadata', 'spec', 'status'], report);
  if (isGiven(spec) && !isRecord(spec.value)) wrongKind(spec, 'a mapping', report);
  hasOnlyFields(spec, ['podSelector', 'policyTypes', 'ingress', 'egress'], report);
  const directions = readDirections(spec, report);
  const rules = (['in', 'out'] as const).flatMap((direction) =>
    readRules(spec, id, namespace, direction, directions, context),
  );
  const use = {
    policy: id,
    role: 'subject',
    namespaces: { own: namespace },
    pods: readSubject(spec, namespace, report),
  } as const;
  return {
    ...noOptions,
    name: object.name,
    id,
    tier,
    priority: 0,
    appliesTo: podsPeer(use, at(spec, 'podSelector'), context),
    directions,
    rules,
    doc: null,
    span: object.span,
  };
}

/** An empty selector is written to select everything; a null or absent one may not be. null: every pod. */
function readSubject(spec: Cursor, namespace: string, report: Report): Selector | null {
  const cursor = at(spec, 'podSelector');
  const everything = `every pod of namespace \`${namespace}\``;
  if (isGiven(cursor)) return readSelector(cursor, everything, report);
  const isNull = cursor.value === null;
  report(
    warning(
      'kubernetes/null-selector',
      isNull
        ? `\`podSelector\` is null, which selects ${everything}`
        : `there is no \`podSelector\`, which selects ${everything}`,
      isNull ? keySpanOf(cursor) : spanOf(spec),
      { help: 'write `podSelector: {}` if that is meant' },
    ),
  );
  return null;
}

/** Unless they are given: `in`, and `out` if there are rules for it. */
function readDirections(spec: Cursor, report: Report): readonly Direction[] {
  const cursor = at(spec, 'policyTypes');
  const directions = new Set<Direction>();
  for (const item of itemsOf(cursor, report)) {
    if (item.value === 'Ingress') directions.add('in');
    else if (item.value === 'Egress') directions.add('out');
    else {
      const help = /^(in|e)gress$/i.test(String(item.value)) ? 'case matters' : null;
      report(
        error(
          'kubernetes/invalid-value',
          `a policy type is \`Ingress\` or \`Egress\`, not \`${String(item.value)}\``,
          spanOf(item),
          { help },
        ),
      );
      // Which one was meant is not known: isolating both ways lets nothing through that should not be.
      directions.add('in').add('out');
    }
  }
  if (directions.size === 0) {
    directions.add('in');
    const egress = at(spec, 'egress').value;
    if (Array.isArray(egress) && egress.length > 0) directions.add('out');
  }
  return [...directions].sort();
}

function readRules(
  spec: Cursor,
  policy: string,
  namespace: string,
  direction: Direction,
  directions: readonly Direction[],
  context: PolicyContext,
): readonly Rule[] {
  const { list, peers, type } = SIDES[direction];
  const items = itemsOf(at(spec, list), context.report);
  if (!directions.includes(direction)) {
    if (items.length > 0) {
      context.report(
        warning(
          'kubernetes/unused-rules',
          `the rules of \`${list}\` have no effect: \`policyTypes\` does not have \`${type}\``,
          keySpanOf(at(spec, list)),
        ),
      );
    }
    return [];
  }
  return items.map((cursor, index) => {
    const name = `${list}-${index + 1}`;
    const isKnown = isRecord(cursor.value) && hasOnlyFields(cursor, [peers, 'ports'], context.report);
    if (!isRecord(cursor.value)) wrongKind(cursor, 'a mapping', context.report);
    const peer = readPeers(at(cursor, peers), policy, namespace, context);
    const service = readPorts(at(cursor, 'ports'), context);
    return makeRule({
      policy,
      name,
      action: 'allow',
      direction,
      peer: isKnown ? peer : { kind: 'nothing' },
      service,
      cursor,
    });
  });
}

/** No list and an empty one both mean any peer, outside included. */
function readPeers(cursor: Cursor, policy: string, namespace: string, context: PolicyContext): Peer {
  const items = itemsOf(cursor, context.report);
  if (isGiven(cursor) && !Array.isArray(cursor.value)) return { kind: 'nothing' };
  if (items.length === 0) return anyPeer;
  return unionOf(items.map((item) => readPeer(item, policy, namespace, context)));
}

function readPeer(cursor: Cursor, policy: string, namespace: string, context: PolicyContext): Peer {
  const { report } = context;
  const nothing: Peer = { kind: 'nothing' };
  if (!isRecord(cursor.value)) {
    wrongKind(cursor, 'a mapping', report);
    return nothing;
  }
  const isKnown = hasOnlyFields(cursor, ['podSelector', 'namespaceSelector', 'ipBlock'], report);
  const [podsAt, namespacesAt, blockAt] = ['podSelector', 'namespaceSelector', 'ipBlock'].map((key) =>
    at(cursor, key),
  ) as [Cursor, Cursor, Cursor];
  if (isGiven(blockAt)) {
    if (isGiven(podsAt) || isGiven(namespacesAt)) {
      report(
        error('kubernetes/invalid-value', 'a peer is either an `ipBlock` or selectors, not both', keySpanOf(blockAt), {
          help: 'make them two items of the list: either of them matches then',
        }),
      );
      return nothing;
    }
    const block = readBlock(blockAt, report);
    return isKnown ? block : nothing;
  }
  if (!isGiven(podsAt) && !isGiven(namespacesAt)) {
    if (isKnown) reportEmptyPeer(cursor, podsAt, namespacesAt, report);
    return nothing;
  }
  for (const field of [podsAt, namespacesAt]) {
    if (field.value === null) {
      report(
        warning(
          'kubernetes/null-selector',
          `\`${field.key}\` is null, which is the same as leaving it out`,
          keySpanOf(field),
          {
            help: `write \`${field.key}: {}\` to select all, or remove it`,
          },
        ),
      );
    }
  }
  const inNamespaces = isGiven(namespacesAt) ? readSelector(namespacesAt, 'every namespace', report) : null;
  const pods = isGiven(podsAt) ? readSelector(podsAt, 'every pod', report) : null;
  const isBroken = (isGiven(namespacesAt) && inNamespaces === null) || (isGiven(podsAt) && pods === null);
  if (!isKnown || isBroken) return nothing;
  const namespaces: NamespaceTerm = inNamespaces === null ? { own: namespace } : { selector: inNamespaces };
  return podsPeer({ policy, role: 'peer', namespaces, pods }, cursor, context);
}

/** The API refuses a peer without any field: only the absence of a list means everyone. */
function reportEmptyPeer(cursor: Cursor, podsAt: Cursor, namespacesAt: Cursor, report: Report): void {
  const isNull = [podsAt, namespacesAt].some((field) => field.value === null);
  report(
    error('kubernetes/empty-peer', 'this peer selects nobody', spanOf(cursor), {
      help: isNull
        ? 'a null selector is no selector: write `{}` to select all'
        : 'remove the list to mean everyone, or write `podSelector: {}` for the pods of the namespace',
    }),
  );
}

function readBlock(cursor: Cursor, report: Report): Peer {
  if (!isRecord(cursor.value)) {
    wrongKind(cursor, 'a mapping', report);
    return { kind: 'nothing' };
  }
  const isKnown = hasOnlyFields(cursor, ['cidr', 'except'], report);
  const cidr = at(cursor, 'cidr');
  if (!isGiven(cidr)) report(error('kubernetes/missing-field', 'an `ipBlock` must have a `cidr`', spanOf(cursor)));
  const block = readCidr(cidr, report);
  if (block === null) return { kind: 'nothing' };
  const exceptions = itemsOf(at(cursor, 'except'), report).map((item) => readException(item, block, report));
  // An exception that is not understood could except anything.
  if (!isKnown || exceptions.includes(null)) return { kind: 'nothing' };
  const addresses =
    exceptions.reduce((rest, exception) => subtractAddresses(rest ?? block, exception ?? block), block) ?? block;
  return { kind: 'addresses', addresses, name: null, span: spanOf(cursor) };
}

/** No list and an empty one both mean every service; the tier decides TCP, UDP and SCTP only. */
function readPorts(cursor: Cursor, context: PolicyContext): ServiceMatch {
  const items = itemsOf(cursor, context.report);
  if (isGiven(cursor) && !Array.isArray(cursor.value)) return serviceOf(NO_SERVICES);
  if (items.length === 0) return everyService;
  const matches = items.map((item) => readPort(item, context));
  return serviceOf(
    matches.map((match) => match.set).reduce(unionServices, NO_SERVICES),
    matches.flatMap((match) => match.named),
  );
}

function readPort(cursor: Cursor, { report, portNameUses }: PolicyContext): ServiceMatch {
  const nothing = serviceOf(NO_SERVICES);
  if (!isRecord(cursor.value)) {
    wrongKind(cursor, 'a mapping', report);
    return nothing;
  }
  const isKnown = hasOnlyFields(cursor, ['protocol', 'port', 'endPort'], report);
  const protocol = readProtocol(at(cursor, 'protocol'), report);
  const portAt = at(cursor, 'port');
  const endAt = at(cursor, 'endPort');
  const port = readPortOrName(portAt, report);
  const end = readPortNumber(endAt, report);
  const isBroken = protocol === null || (isGiven(portAt) && port === null) || (isGiven(endAt) && end === null);
  if (isGiven(endAt) && (typeof port !== 'number' || (end !== null && end < port))) {
    report(
      error(
        'kubernetes/invalid-port',
        typeof port === 'number'
          ? `the range ends at ${end}, before it begins at ${port}`
          : '`endPort` needs a `port` that is a number',
        spanOf(endAt),
      ),
    );
    return nothing;
  }
  if (!isKnown || isBroken) return nothing;
  if (port === null) return serviceOf(ports(protocol, ALL_PORTS));
  if (typeof port === 'number') return serviceOf(ports(protocol, single(port, end ?? port)));
  portNameUses.push({ name: port, cursor: portAt });
  const named: NamedPortMatch = { name: port, protocol, sourcePorts: null };
  return serviceOf(NO_SERVICES, [named]);
}
