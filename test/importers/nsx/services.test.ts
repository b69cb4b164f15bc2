// What services stand for: every kind of entry, nesting, inline entries, and what is not understood.
import { describe, expect, it } from 'vitest';
import { formatServices } from '../../../src/net/service-text.ts';
import { codes, dropAll, dump, findings, onlyRule, policy, read, rule, verdict, vm } from './dump.ts';

const path = (id: string): string => `/infra/services/${id}`;
const service = (id: string, ...service_entries: readonly object[]): object => ({
  id,
  path: path(id),
  service_entries,
});
const l4 = (
  l4_protocol: string,
  destination_ports: readonly unknown[],
  source_ports: readonly unknown[] = [],
): object => ({
  resource_type: 'L4PortSetServiceEntry',
  l4_protocol,
  destination_ports,
  source_ports,
});
const nested = (id: string): object => ({ resource_type: 'NestedServiceServiceEntry', nested_service_path: path(id) });
const of = (services: readonly object[], own: object, action = 'ALLOW') =>
  read(dump({ services, policies: [policy('p', 'Application', [rule('r', { action, ...own })])] }));
const text = (services: readonly object[], own: object = { services: [path('s')] }): string =>
  formatServices(onlyRule(of(services, own).layer).service.set);

describe('an entry', () => {
  it.each([
    ['TCP ports and ranges', l4('TCP', ['443', '8000-8080']), 'tcp/443,8000-8080'],
    ['no destination ports: all', l4('UDP', []), 'udp'],
    ['source ports', l4('UDP', ['53'], ['1024-65535']), 'udp/53 from 1024-65535'],
    ['ports as numbers', l4('TCP', [22]), 'tcp/22'],
    [
      'an ICMP type and code',
      { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', icmp_type: 3, icmp_code: 1 },
      'icmp/3/1',
    ],
    [
      'an ICMP type with every code',
      { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', icmp_type: 8 },
      'icmp/8',
    ],
    ['every ICMPv6 message', { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv6', icmp_type: null }, 'icmp6'],
    ['IGMP', { resource_type: 'IGMPTypeServiceEntry' }, 'proto/2'],
    ['an IP protocol', { resource_type: 'IPProtocolServiceEntry', protocol_number: 47 }, 'proto/47'],
    ['TCP by its number', { resource_type: 'IPProtocolServiceEntry', protocol_number: 6 }, 'tcp'],
    [
      'FTP: the control connection',
      { resource_type: 'ALGTypeServiceEntry', alg: 'FTP', destination_ports: ['2121'] },
      'tcp/2121',
    ],
    ['TFTP on its usual port', { resource_type: 'ALGTypeServiceEntry', alg: 'TFTP' }, 'udp/69'],
    ['RPC', { resource_type: 'ALGTypeServiceEntry', alg: 'MS_RPC_TCP', destination_ports: ['135'] }, 'tcp/135'],
  ])('%s', (_, entry, expected) => {
    expect(text([service('s', entry)])).toBe(expected);
  });

  it('of ALG says that data connections are not judged, once for all rules', () => {
    const ftp = service('s', { resource_type: 'ALGTypeServiceEntry', alg: 'FTP' });
    const rules = ['a', 'b'].map((id) => rule(id, { services: [path('s')] }));
    const found = read(dump({ services: [ftp], policies: [policy('p', 'Application', rules), dropAll] })).diagnostics;
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['nsx/data-connections', '2 rules with the service `FTP`: its control connection is judged'],
    ]);
  });
});

describe('a service', () => {
  it('unites its entries and those of the services in it', () => {
    const services = [
      service('s', nested('a'), l4('TCP', ['1'])),
      service('a', nested('b'), l4('TCP', ['2'])),
      service('b', l4('UDP', ['3'])),
    ];
    expect(text(services)).toBe('tcp/1-2, udp/3');
  });

  it('that contains itself is refused, and matches only what else is in it', () => {
    const services = [service('s', nested('a'), l4('TCP', ['1'])), service('a', nested('s'))];
    const allowed = of(services, { services: [path('s'), path('b')] });
    expect(allowed.diagnostics.map(({ code, severity }) => [code, severity])).toContainEqual([
      'nsx/service-cycle',
      'error',
    ]);
    expect(formatServices(onlyRule(of(services, { services: [path('s')] }, 'DROP').layer).service.set)).toBe('any');
  });

  it('may be nested in a chain of any length', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) =>
      service(`s${i}`, i === 0 ? l4('TCP', ['1']) : nested(`s${i - 1}`)),
    );
    expect(text(chain, { services: [path('s19999')] })).toBe('tcp/1');
  });

  it('with many ports is read in reasonable time', () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => l4('TCP', [String(2 * i)]));
    expect(onlyRule(of([service('s', ...entries)], { services: [path('s')] }).layer).service.set.tcp.length).toBe(
      20_000,
    );
  });

  it('that is not in the dump fails closed', () => {
    const gone = { services: [path('s'), path('HTPS')] };
    const services = [service('s', l4('TCP', ['1'])), service('HTTPS', l4('TCP', ['443']))];
    expect(text(services, gone)).toBe('tcp/1');
    const denying = of(services, gone, 'DROP');
    expect(formatServices(onlyRule(denying.layer).service.set)).toBe('any');
    expect(denying.diagnostics.map(({ code, help }) => [code, help?.split('\n')[0]])).toEqual([
      ['nsx/unknown-reference', `there is \`${path('HTTPS')}\``],
    ]);
  });
});

describe('the services of a rule', () => {
  const services = [service('s', l4('TCP', ['1']))];
  const entries = { service_entries: [l4('UDP', ['5'])] };

  it.each([
    ['inline entries are united with services', { services: [path('s')], ...entries }, 'tcp/1, udp/5'],
    ['beside inline entries ANY is ignored', { services: ['ANY'], ...entries }, 'udp/5'],
    ['beside inline entries services may be missing', { services: null, ...entries }, 'udp/5'],
    ['ANY alone is everything, in any case', { services: ['any'] }, 'any'],
    ['an empty list of entries is none', { services: [path('s')], service_entries: [] }, 'tcp/1'],
  ])('%s', (_, own, expected) => {
    expect(text(services, own)).toBe(expected);
  });

  it.each([
    ['no services at all', { services: null }, 'nsx/empty-list', 'nothing'],
    ['an empty list', { services: [], service_entries: null }, 'nsx/empty-list', 'nothing'],
    ['ANY with others', { services: ['ANY', path('s')] }, 'nsx/any-with-others', 'tcp/1'],
  ])('%s: allows what is known, denies everything, aloud', (_, own, code, known) => {
    const allowing = of(services, own);
    expect(formatServices(onlyRule(allowing.layer).service.set)).toBe(known);
    expect(allowing.diagnostics.map((d) => d.code)).toContain(code);
    expect(formatServices(onlyRule(of(services, own, 'REJECT').layer).service.set)).toBe('any');
  });

  it('a context profile makes the match a maybe', () => {
    const machines = [vm('a'), vm('b')];
    const profiled = read(
      dump({
        machines,
        policies: [policy('p', 'Application', [rule('r', { profiles: ['/infra/context-profiles/SSL'] })]), dropAll],
      }),
    );
    expect(verdict(profiled, 'a -> b tcp/443')).toBe('unknown');
    const plain = read(
      dump({ machines, policies: [policy('p', 'Application', [rule('r', { profiles: ['ANY'] })]), dropAll] }),
    );
    expect(verdict(plain, 'a -> b tcp/443')).toBe('allow');
  });
});

describe('what is not understood', () => {
  it.each([
    ['a port', l4('TCP', ['http']), 'nsx/invalid-port: "http"'],
    ['a range', l4('TCP', ['90-80']), 'nsx/invalid-port: "90-80"'],
    ['a port beyond the last', l4('TCP', ['65536']), 'nsx/invalid-port: "65536"'],
    ['a port that is a list', l4('TCP', [['1']]), 'nsx/invalid-port: [ "1" ]'],
    ['a transport protocol', l4('SCTP', ['1']), 'nsx/unknown-value: "SCTP"'],
    ['a protocol number', { resource_type: 'IPProtocolServiceEntry', protocol_number: 256 }, 'nsx/invalid-number: 256'],
    [
      'an ICMP type',
      { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', icmp_type: 1.5 },
      'nsx/invalid-number: 1.5',
    ],
    ['an ICMP version', { resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMP' }, 'nsx/unknown-value: "ICMP"'],
    ['a gateway', { resource_type: 'ALGTypeServiceEntry', alg: 'SIP' }, 'nsx/unknown-value: "SIP"'],
  ])('%s is named where it stands', (_, entry, finding) => {
    const file = dump({ services: [service('s', entry)], policies: [dropAll] });
    expect(findings(file)).toEqual([finding]);
  });

  it('an entry of an unknown kind', () => {
    expect(codes(dump({ services: [service('s', { resource_type: 'X' })], policies: [dropAll] }))).toEqual([
      'nsx/unknown-service-entry',
    ]);
  });

  it('frames in a rule about packets', () => {
    const ether = service('s', { resource_type: 'EtherTypeServiceEntry', ether_type: 2048 });
    const imported = of([ether], { services: [path('s')] }, 'DROP');
    expect(imported.diagnostics.map(({ code }) => code)).toContain('nsx/unknown-value');
    expect(formatServices(onlyRule(imported.layer).service.set)).toBe('any');
  });

  it('more than fifteen port values, a range counting as two', () => {
    const ranges = Array.from({ length: 7 }, (_, i) => `${i * 10}-${i * 10 + 5}`);
    expect(codes(dump({ services: [service('s', l4('TCP', [...ranges, '99']))], policies: [dropAll] }))).toEqual([]);
    expect(codes(dump({ services: [service('s', l4('TCP', [...ranges, '98-99']))], policies: [dropAll] }))).toEqual([
      'nsx/limit',
    ]);
  });
});
