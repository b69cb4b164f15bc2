// A random world as text, for the message of a property that fails: close to the policy language, but never parsed.

import type { Layer } from '../../src/model/layer.ts';
import type { Condition, Peer, TextTest } from '../../src/model/peer.ts';
import type { Options, Policy, Rule } from '../../src/model/policy.ts';
import type { EndpointRef, Question } from '../../src/model/question.ts';
import type { Workload } from '../../src/model/workload.ts';
import { formatAddress } from '../../src/net/address.ts';
import { formatAddressSet } from '../../src/net/address-set.ts';
import { formatServices } from '../../src/net/service-text.ts';

export function describeWorld(layers: readonly Layer[]): string {
  return layers.map(describeLayer).join('\n');
}

export function describeQuestion({ source, destination, family, service }: Question): string {
  const end = (ref: EndpointRef): string => {
    if (ref.kind === 'address') return formatAddress(ref.address);
    return `${ref.kind} ${ref.id}${ref.kind === 'workload' && ref.interface !== null ? `/${ref.interface}` : ''}`;
  };
  const ip = family === null ? '' : ` over IPv${family}`;
  return `${end(source)} -> ${end(destination)} on ${service.protocol}/${service.a ?? '*'} from ${service.b ?? '*'}${ip}`;
}

function describeLayer(layer: Layer): string {
  const { dialect } = layer;
  const notes = [
    ...(layer.exclude === null ? [] : [`exclude ${describePeer(layer.exclude)}`]),
    ...(layer.governs === null ? [] : [`governs ${describePeer(layer.governs)}`]),
    ...(layer.internal === null ? [] : [`internal ${formatAddressSet(layer.internal)}`]),
    ...layer.tiers.map((tier) => {
      const decides = tier.decides === null ? '' : ` decides ${formatServices(tier.decides)}`;
      const where = tier.default.whereSelected ? ' where selected' : '';
      return `tier ${tier.name} default ${tier.default.verdict}${where}${decides}${tier.ethernet ? ' ethernet' : ''}`;
    }),
    ...layer.world.workloads.map(describeWorkload),
    ...layer.world.serviceAddresses.map(
      ({ id, backends, ports }) => `service ${id} ${JSON.stringify(ports)} -> ${describePeer(backends)}`,
    ),
    ...[...layer.groups.values()].map(({ id, peer }) => `group ${id} = ${describePeer(peer)}`),
    ...layer.policies.flatMap(describePolicy),
  ];
  const choices = Object.entries(dialect).flatMap(([key, value]) =>
    typeof value === 'object' ? [] : [`${key}=${value}`],
  );
  return `${layer.kind} ${layer.name} [${choices.join(' ')}]\n  ${notes.join('\n  ')}`;
}

function describeWorkload({ id, kind, labels, namespace, host, interfaces, ports }: Workload): string {
  const pairs = [...labels].map(([key, values]) => `${key}=${values.join('|')}`).join(' ');
  const nics = interfaces.map((nic) => `${nic.name}@${nic.segment}(${nic.addresses.map(formatAddress).join(' ')})`);
  const named = ports.map(({ name, protocol, port }) => `${name}=${protocol}/${port}`);
  return `${kind} ${id} { ${pairs} } ns=${namespace} host=${host} ${nics.join(' ')} ${named.join(' ')}`;
}

function describePolicy(policy: Policy): readonly string[] {
  const directions = policy.directions === null ? '' : ` directions ${policy.directions.join(',')}`;
  return [
    `policy ${policy.id} in ${policy.tier} priority ${policy.priority}${directions}${describeOptions(policy)}`,
    ...policy.rules.map((rule) => `  ${describeRule(rule)}`),
  ];
}

function describeRule(rule: Rule): string {
  const { service } = rule;
  const named = service.named.map(({ name, protocol, sourcePorts }) => `${protocol}/"${name}" from ${sourcePorts}`);
  const words = [
    rule.sequence === null ? '' : `#${rule.sequence} `,
    `${rule.action}${rule.passTo === null ? '' : ` to ${rule.passTo}`} ${rule.direction} ${rule.id}: `,
    `${describePeer(rule.source)} -> ${describePeer(rule.destination)} on ${formatServices(service.set)} ${named.join(' ')}`,
    rule.opaque === null ? '' : ' OPAQUE',
    service.opaque === null ? '' : ' OPAQUE-SERVICE',
    describeOptions(rule),
  ];
  return words.join('');
}

function describeOptions(options: Options): string {
  const words = [
    options.appliesTo === null ? '' : `applies to ${describePeer(options.appliesTo)}`,
    options.family === null ? '' : `ipv${options.family}`,
    ...(['stateless', 'disabled', 'staged'] as const).map((key) => (options[key] ? key : '')),
    options.window === null ? '' : `window ${options.window.text}`,
    options.until === null ? '' : `until ${new Date(options.until).toISOString()}`,
  ];
  return words
    .filter((word) => word !== '')
    .map((word) => ` ${word}`)
    .join('');
}

export function describePeer(peer: Peer): string {
  switch (peer.kind) {
    case 'any':
    case 'nothing':
    case 'hosts':
    case 'internet':
    case 'external':
      return peer.kind;
    case 'group':
      return peer.group;
    case 'addresses':
      return `{${formatAddressSet(peer.addresses)}}`;
    case 'select':
      return `(${peer.kinds ?? 'workloads'} where ${peer.where === null ? 'any' : describeCondition(peer.where)})`;
    case 'workload':
      return peer.interface === null ? peer.workload : `${peer.workload}/${peer.interface}`;
    case 'segment':
      return peer.segment;
    case 'site':
      return peer.site;
    case 'host':
      return `host ${peer.host}`;
    case 'fqdn':
      return `fqdn ${peer.pattern}`;
    case 'union':
    case 'intersect':
      return `(${peer.of.map(describePeer).join(peer.kind === 'union' ? ' or ' : ' and ')})`;
    case 'except':
      return `(${describePeer(peer.of)} except ${describePeer(peer.except)})`;
    case 'negated':
      return `!${describePeer(peer.of)}`;
    case 'opaque':
      return 'opaque';
  }
}

function describeCondition(condition: Condition): string {
  const test = (own: TextTest): string =>
    `${own.op} ${'values' in own ? own.values : 'value' in own ? own.value : own.pattern}`;
  switch (condition.op) {
    case 'and':
    case 'or':
      return `(${condition.of.map(describeCondition).join(` ${condition.op} `)})`;
    case 'not':
      return `not ${describeCondition(condition.of)}`;
    case 'label':
      return `${condition.key} ${test(condition.test)}`;
    case 'has':
      return `has ${condition.key}`;
    case 'any-label':
      return `any-scope ${test(condition.test)}`;
    case 'field':
      return `.${condition.field} ${test(condition.test)}`;
    case 'address':
      return `address in {${formatAddressSet(condition.addresses)}}`;
    case 'namespace':
      return `in namespaces where ${describeCondition(condition.of)}`;
  }
}
