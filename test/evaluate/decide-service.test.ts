// A service address is its backends, each at its own target port (semantics §12).
import { describe, expect, it } from 'vitest';
import type { Peer } from '../../src/model/peer.ts';
import type { NamedPort } from '../../src/model/workload.ts';
import type { ServiceAddress, ServicePortMap } from '../../src/model/world.ts';
import { ask, evaluatorOf } from '../kit/ask.ts';
import { address, any, label, labels, layer, opaque, policy, rule, tcp, vm, where, workload } from '../kit/layers.ts';

const map = (port: number, target: number | string, protocol: ServicePortMap['protocol'] = 'tcp'): ServicePortMap => ({
  protocol,
  port,
  target,
});
const http = (port: number, protocol: NamedPort['protocol'] = 'tcp'): NamedPort => ({ name: 'http', protocol, port });
const web: Peer = where(label('app', 'web'));

function world(backends: Peer, ports: readonly ServicePortMap[], ...rules: Parameters<typeof policy>[1]) {
  const service: ServiceAddress = {
    id: 'front',
    namespace: null,
    addresses: [address('10.96.0.10')],
    backends,
    ports,
    span: null,
  };
  const app = { labels: labels({ app: 'web' }) };
  return evaluatorOf([
    layer({
      workloads: [
        vm('client', ['10.0.0.1']),
        vm('web-1', ['10.0.1.1'], { ...app, ports: [http(8080)] }),
        vm('web-2', ['10.0.1.2'], { ...app, ports: [http(9090)] }),
        vm('web-3', ['10.0.1.3'], { ...app, ports: [http(53, 'udp')] }),
      ],
      serviceAddresses: [service],
      policies: [policy('p', rules)],
    }),
  ]);
}

const allow = (port: number, destination: Peer = any) => rule('p.allow', 'allow', any, destination, tcp(port));

describe('a question to a service address', () => {
  it('is judged at the target port, by id and by address alike', () => {
    const evaluator = world(web, [map(80, 8080)], allow(8080));
    expect(ask(evaluator, 'client', 'service:front', 'tcp/80')).toBe('allow');
    expect(ask(evaluator, 'client', '10.96.0.10', 'tcp/80')).toBe('allow');
    expect(ask(evaluator, 'client', 'service:front', 'tcp/8080')).toBe('drop (no endpoints)');
    expect(ask(world(web, [map(80, 8080)], allow(80)), 'client', 'service:front', 'tcp/80')).toBe(
      'drop by out default of only',
    );
  });

  it('is allowed if every backend allows it, and unknown if they differ', () => {
    const only = (id: string) => world(web, [map(80, 8080)], allow(8080, workload(id)));
    expect(ask(only('web-1'), 'client', 'service:front', 'tcp/80')).toBe('unknown (backends differ)');
    const none = world(web, [map(80, 8080)]);
    expect(ask(none, 'client', 'service:front', 'tcp/80')).toBe('drop by out default of only');
  });

  it('resolves a named target at each backend; one without that name and protocol is no endpoint', () => {
    const both = world(web, [map(80, 'http')], rule('p.allow', 'allow', any, any, tcp(8080, 9090)));
    expect(ask(both, 'client', 'service:front', 'tcp/80')).toBe('allow');
    const one = world(web, [map(80, 'http')], allow(8080));
    expect(ask(one, 'client', 'service:front', 'tcp/80')).toBe('unknown (backends differ)');
    const datagram = world(web, [map(53, 'http', 'udp')]);
    expect(ask(datagram, 'client', 'service:front', 'udp/53')).toBe('drop by out default of only');
    expect(ask(datagram, 'client', 'service:front', 'tcp/53')).toBe('drop (no endpoints)');
  });

  it('is dropped without endpoints: nobody is selected, or nobody has the name', () => {
    const nobody = world(where(label('app', 'none')), [map(80, 8080)], allow(8080));
    expect(ask(nobody, 'client', 'service:front', 'tcp/80')).toBe('drop (no endpoints)');
    expect(ask(world(web, [map(80, 'admin')], allow(80)), 'client', 'service:front', 'tcp/80')).toBe(
      'drop (no endpoints)',
    );
  });

  it('tells apart backends that are certain from those that are only perhaps ones', () => {
    const doubtful: Peer = { kind: 'intersect', of: [web, opaque] };
    const perhaps = world(doubtful, [map(80, 8080)], allow(8080));
    expect(ask(perhaps, 'client', 'service:front', 'tcp/80')).toBe(
      'unknown (it is not certain which workloads are its backends)',
    );
    expect(ask(world(doubtful, [map(80, 8080)]), 'client', 'service:front', 'tcp/80')).toBe(
      'drop by out default of only',
    );
    const one: Peer = { kind: 'union', of: [workload('web-1'), doubtful] };
    expect(ask(world(one, [map(80, 8080)], allow(8080)), 'client', 'service:front', 'tcp/80')).toBe('allow');
    const mixed = world(one, [map(80, 8080)], allow(8080, workload('web-1')));
    expect(ask(mixed, 'client', 'service:front', 'tcp/80')).toBe('unknown (backends differ)');
  });

  it('starts no connection', () => {
    expect(ask(world(web, [map(80, 8080)]), 'service:front', 'client', 'tcp/80')).toBe(
      'unknown (`front` is a service address, which starts no connection)',
    );
  });
});
