// Services: what each form means as an exact set, and what is refused.

import { describe, expect, it } from 'vitest';
import { formatServices } from '../../../src/net/service-text.ts';
import { bindText } from '../bind-text.ts';

function bindService(service: string, more = '') {
  const root = bindText(`${more}\npolicy p in application { allow r: any -> any on ${service} }`);
  const match = root.layer.policies[0]?.rules[0]?.service;
  if (match === undefined) throw new Error('no rule');
  return { root, match };
}

describe('a service is', () => {
  it.each([
    ['any', 'any'],
    ['tcp', 'tcp'],
    ['tcp/443', 'tcp/443'],
    ['tcp/1-99,443 from 1024-65535', 'tcp/1-99,443 from 1024-65535'],
    ['udp/53, tcp/53', 'tcp/53, udp/53'],
    ['icmp/8/0', 'icmp/8/0'],
    ['icmp', 'icmp'],
    ['icmp/echo-request, icmp6/echo-request', 'icmp/8, icmp6/128'],
    ['proto/47', 'proto/47'],
    ['proto/gre', 'proto/47'],
    ['proto/tcp', 'tcp'],
    ['any except tcp/22', 'any except tcp/22'],
    ['(tcp/1-99, udp/1-99) except (tcp/50, udp)', 'tcp/1-49,51-99'],
  ])('%s', (text, meaning) => {
    const { root, match } = bindService(text);
    expect(root.found).toEqual([]);
    expect(formatServices(match.set)).toBe(meaning);
    expect(match.text).toBe(text);
  });

  it('by name, through other names', () => {
    const { root, match } = bindService(
      'web',
      'service web = https, http\nservice https = tcp/443\nservice http = tcp/80',
    );
    expect(root.found).toEqual([]);
    expect(formatServices(match.set)).toBe('tcp/80,443');
    expect(match.text).toBe('web');
  });

  it('everything when `on` is left out', () => {
    const root = bindText('policy p in application { allow r: any -> any }');
    expect(formatServices(root.layer.policies[0]?.rules[0]?.service.set as never)).toBe('any');
  });

  it('a named port, of one protocol or of any', () => {
    expect(bindService('tcp/"http",8080 from 1024-65535').match).toMatchObject({
      named: [{ name: 'http', protocol: 'tcp', sourcePorts: [1024, 65535] }],
    });
    expect(bindService('port "http"').match).toMatchObject({
      named: [{ name: 'http', protocol: null, sourcePorts: null }],
    });
  });

  it('known in part, which spreads over a list', () => {
    const alone = bindService('(tcp/21 opaque "data ports")');
    expect([alone.root.found, alone.match.opaque]).toEqual([[], 'data ports']);
    const listed = bindService('tcp/443, (tcp/21 opaque "data ports"), (udp/69 opaque "data ports")');
    expect(listed.root.found).toEqual(['check/opaque-spreads «(tcp/21 opaque "data ports")»']);
    expect(listed.match.opaque).toBe('data ports');
  });
});

describe('refused', () => {
  it.each([
    ['tcp/70000', 'check/invalid-number «70000»', null],
    ['tcp/9-1', 'check/invalid-number «9-1»', 'write `1-9`'],
    ['tcp/1 from 70000', 'check/invalid-number «70000»', null],
    ['icmp/256', 'check/invalid-number «256»', null],
    ['icmp/8/300', 'check/invalid-number «300»', null],
    ['proto/256', 'check/invalid-number «256»', null],
    ['proto/gree', 'check/unknown-protocol «gree»', 'did you mean `gre`?'],
    ['icmp/echo-requst', 'check/unknown-protocol «echo-requst»', 'did you mean `echo-request`?'],
    [
      'icmp/packet-too-big',
      'check/unknown-protocol «packet-too-big»',
      'it is a message of ICMPv6: `icmp6/packet-too-big`',
    ],
    ['htps', 'check/unknown-service «htps»', 'did you mean `https`?'],
    ['tcp/1 except tcp/1', 'check/empty-set «tcp/1 except tcp/1»', undefined],
    ['tcp except tcp/"http"', 'check/inexact-except «tcp/"http"»', undefined],
    ['tcp/"http" except tcp/80', 'check/inexact-except «tcp/"http"»', undefined],
    ['tcp except (tcp/21 opaque "x")', 'check/inexact-except «(tcp/21 opaque "x")»', undefined],
  ])('%s', (text, found, help) => {
    const { root, match } = bindService(text, 'service https = tcp/443');
    expect(root.found).toEqual([found]);
    if (help !== undefined) expect(root.diagnostics[0]?.help).toBe(help);
    expect(formatServices(match.set)).toBe('nothing');
  });

  it('once, where it is declared, however often it is used', () => {
    const text =
      'service bad = tcp/70000\nservice worse = bad, tcp/1\npolicy p in application { allow a: any -> any on bad; allow b: any -> any on worse }';
    expect(bindText(text).found).toEqual(['check/invalid-number «70000»']);
  });
});
