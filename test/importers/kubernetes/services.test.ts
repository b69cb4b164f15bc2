// Services: what stands behind an address, on which ports, and what is not known.
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../src/net/address.ts';
import { asker, load, networkPolicy, SHOP, sayAll } from './kit.ts';

const service = (name: string, spec: string, more = ''): string => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: workshop}
spec: ${spec}
${more}
`;
const openBench = networkPolicy('bench', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}');
const from = (text: string, to: string, what: string): string =>
  asker(SHOP + openBench + text)('counter/till-0', to, what);

/** Services as `id addresses: protocol/port>target`. */
const servicesOf = (text: string): readonly string[] =>
  load(text).layer.world.serviceAddresses.map(({ id, addresses, ports }) =>
    [id, ...addresses.map(formatAddress)]
      .join(' ')
      .concat(': ', ports.map((p) => `${p.protocol}/${p.port}>${p.target}`).join(' ')),
  );

describe('a service', () => {
  it('is judged as the pods behind it, at their ports', () => {
    expect(from('', '10.96.7.1', 'tcp/80')).toBe('allow in: workshop/bench.ingress-1');
    expect(from('', 'service:workshop/bench', 'tcp/80')).toBe('allow in: workshop/bench.ingress-1');
    expect(from('', 'workshop/bench-0', 'tcp/80')).toBe('drop in: tier networkpolicy');
  });

  it('has no answer on other ports, or without pods', () => {
    expect(from('', '10.96.7.1', 'tcp/81')).toBe('drop');
    expect(
      from(service('ghost', '{selector: {app: ghost}, ports: [{port: 80}]}'), 'service:workshop/ghost', 'tcp/80'),
    ).toBe('drop');
  });

  it('finds pods in its own namespace only', () => {
    expect(
      from(service('till', '{selector: {app: till}, ports: [{port: 80}]}'), 'service:workshop/till', 'tcp/80'),
    ).toBe('drop');
  });

  it.each([
    [
      'both families',
      '{clusterIPs: [10.96.0.1, "fd00:96::1"], clusterIP: 10.96.0.1, selector: {app: bench}, ports: [{port: 80}]}',
      '',
      ['workshop/x 10.96.0.1 fd00:96::1: tcp/80>80'],
    ],
    [
      'several ports',
      '{selector: {app: bench}, ports: [{name: a, port: 80, targetPort: 8080}, {name: b, port: 53, protocol: UDP, targetPort: dns}]}',
      '',
      ['workshop/x: tcp/80>8080 udp/53>dns'],
    ],
    [
      'addresses from outside',
      '{clusterIP: 10.96.0.1, externalIPs: [203.0.113.7], selector: {app: bench}, ports: [{port: 80}]}',
      'status: {loadBalancer: {ingress: [{ip: 203.0.113.8}, {hostname: x.example.org}]}}',
      ['workshop/x 10.96.0.1 203.0.113.7 203.0.113.8: tcp/80>80'],
    ],
    [
      'no address, and no translation',
      '{clusterIP: None, selector: {app: bench}, ports: [{port: 80, targetPort: 8080}]}',
      '',
      ['workshop/x: tcp/80>80'],
    ],
    [
      'ports on every node',
      '{type: NodePort, selector: {app: bench}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}',
      '',
      ['workshop/x: tcp/80>http', 'workshop/x:node-port 192.168.7.1 192.168.7.2: tcp/30080>http'],
    ],
  ])('can have %s', (_, spec, more, expected) => {
    const nodes = SHOP.split('\n')
      .filter((line) => !line.includes('10.96.7.1') && !line.includes('name: bench, namespace'))
      .join('\n');
    const text = nodes.replace(/- apiVersion: v1\n {2}kind: Service\n/, '') + service('x', spec, more);
    expect(servicesOf(text)).toEqual(expected);
  });

  it('can be a name for something outside', () => {
    expect(sayAll(service('x', '{type: ExternalName, externalName: x.example.org}'))).toContain(
      'note external-name: 1 service is only a name for something outside, and left out [x]',
    );
  });
});

describe('endpoints', () => {
  const spec = '{clusterIP: 10.96.0.9, ports: [{name: web, port: 80}]}';
  const slice = (endpoints: string, ports = '[{name: web, port: 9090}]'): string => `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: x-1, namespace: workshop, labels: {kubernetes.io/service-name: x}}
addressType: IPv4
endpoints: ${endpoints}
ports: ${ports}
`;
  const endpoints = (subsets: string): string => `---
apiVersion: v1
kind: Endpoints
metadata: {name: x, namespace: workshop}
subsets: ${subsets}
`;

  it.each([
    [
      'a pod by name',
      slice('[{addresses: [10.7.2.1], targetRef: {kind: Pod, name: bench-0}}]'),
      'allow in: workshop/bench.ingress-1',
    ],
    ['a pod by address', slice('[{addresses: [10.7.2.1]}]'), 'allow in: workshop/bench.ingress-1'],
    [
      'a pod on another port',
      slice('[{addresses: [10.7.2.1]}]', '[{name: web, port: 9091}]'),
      'drop in: tier networkpolicy',
    ],
    ['an address outside', slice('[{addresses: [203.0.113.9]}]'), 'allow out: tier baseline'],
    ['nobody who is ready', slice('[{addresses: [10.7.2.1], conditions: {ready: false}}]'), 'drop'],
    [
      'the older kind',
      endpoints('[{addresses: [{ip: 10.7.2.1}], ports: [{name: web, port: 9090}]}]'),
      'allow in: workshop/bench.ingress-1',
    ],
    ['a node', slice('[{addresses: [192.168.7.2]}]'), 'allow out: tier baseline'],
  ])('without a selector, %s answers', (_, more, verdict) => {
    expect(from(service('x', spec) + more, '10.96.0.9', 'tcp/80')).toBe(verdict);
  });

  it('are missed where there are none', () => {
    expect(sayAll(service('x', spec))).toContain(
      'warning unknown-backends: the service `workshop/x` has neither a selector nor endpoints [x]',
    );
  });
});

describe('pods on their node', () => {
  const agent = (ports: string): string =>
    service('agent', `{clusterIP: 10.96.0.9, selector: {app: agent}, ports: ${ports}}`).replace('workshop', 'office');

  it('answer for a service with the address of the node, which no policy closes', () => {
    const shut = networkPolicy('shut', '{podSelector: {}}').replace('workshop', 'office');
    expect(from(shut + agent('[{port: 80, targetPort: 9100}]'), '10.96.0.9', 'tcp/80')).toBe(
      'allow out: tier baseline',
    );
    expect(from(shut + agent('[{port: 80, targetPort: metrics}]'), '10.96.0.9', 'tcp/80')).toBe(
      'allow out: tier baseline',
    );
  });

  it('have no port of a name that they do not have', () => {
    expect(from(agent('[{port: 80, targetPort: http}]'), '10.96.0.9', 'tcp/80')).toBe('drop');
  });
});
