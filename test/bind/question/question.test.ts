// Questions from outside: what the text of an endpoint, a service and a flow means.

import { describe, expect, it } from 'vitest';
import { type Endpoint, parseEndpoint } from '../../../src/bind/question/endpoint.ts';
import { parseFlowQuestion } from '../../../src/bind/question/flow.ts';
import { makeQuestionNames } from '../../../src/bind/question/question-names.ts';
import { parseService, parseServiceQuestion } from '../../../src/bind/question/service-question.ts';
import { formatAddress } from '../../../src/net/address.ts';
import { formatServices } from '../../../src/net/service-text.ts';
import { makeSource } from '../../../src/text/source.ts';
import { bindText, textAt } from '../bind-text.ts';

const root = bindText(
  {
    'shop.seg': `module shop
label tier in { web, db }
group web = vms where tier == web
group both = vms
addresses corp = 10.0.0.0/8
service https = tcp/443
service several = tcp/80, tcp/443
vm web-01 { nic 10.1.0.1  labels tier=web
  nic 10.1.0.2 name back }
vm both {}
host esx-1
service-address front { address 10.96.0.1  backends workloads }
service-address "shop/api" { address 10.96.0.2  backends workloads }
`,
    'lab.seg': 'module lab\ngroup web = vms where tier == db\ngroup odd = vms',
  },
  { name: 'policies' },
);
const cluster = {
  ...bindText(
    'container "shop/front-end" { nic 10.2.0.1 }\ncontainer "shop/front-end/eth0" {}\ncontainer "shop/api-1" { namespace shop  owner Deployment api }\ncontainer "shop/api-2" { namespace shop  owner Deployment api }\nhost node-a\nvm both {}\ngroup both = vms\ngroup "a/b" = vms',
  ).layer,
  name: 'cluster',
  kind: 'import' as const,
};
const names = makeQuestionNames([cluster, root.layer]);

function read(text: string) {
  const source = makeSource('question', text);
  const { endpoint, diagnostics } = parseEndpoint(source, names);
  return {
    endpoint,
    found: diagnostics.map((d) => `${d.code} «${textAt(d.span, [source])}»`),
    help: diagnostics[0]?.help,
  };
}

function show(endpoint: Endpoint | null): string {
  if (endpoint === null) return 'nothing';
  if (endpoint.kind === 'every') {
    const { peer, layer } = endpoint;
    const id =
      peer.kind === 'group' ? ` ${peer.group}` : peer.kind === 'addresses' && peer.name !== null ? ` ${peer.name}` : '';
    return `every ${peer.kind}${id} of ${layer}`;
  }
  const { ref } = endpoint;
  if (ref.kind === 'address') return `address ${formatAddress(ref.address)}`;
  return `${ref.kind} ${ref.id}${ref.kind === 'workload' && ref.interface !== null ? ` at ${ref.interface}` : ''}`;
}

describe('an endpoint', () => {
  it.each([
    ['web-01', 'workload web-01'],
    [' web-01 ', 'workload web-01'],
    ['web-01/back', 'workload web-01 at back'],
    ['workload/web-01', 'workload web-01'],
    ['workload/web-01/eth0', 'workload web-01 at eth0'],
    ['shop/front-end', 'workload shop/front-end'],
    ['shop/front-end/eth0', 'workload shop/front-end/eth0'],
    ['workload/both', 'workload both'],
    ['esx-1', 'host esx-1'],
    ['host/node-a', 'host node-a'],
    ['front', 'service-address front'],
    ['service-address/front', 'service-address front'],
    ['shop/api', 'every union of policies'],
    ['owner/shop/api', 'every union of policies'],
    ['service-address/shop/api', 'service-address shop/api'],
    ['10.1.2.3', 'address 10.1.2.3'],
    ['2001:db8::1', 'address 2001:db8::1'],
    ['shop.web', 'every group shop.web of policies'],
    ['lab.web', 'every group lab.web of policies'],
    ['odd', 'every group lab.odd of policies'],
    ['group/odd', 'every group lab.odd of policies'],
    ['corp', 'every addresses shop.corp of policies'],
    ['a/b', 'every group a/b of cluster'],
    ['group/cluster:both', 'every group both of cluster'],
    ['internet', 'every internet of policies'],
    ['10.0.0.0/8', 'every addresses of policies'],
    ['10.0.0.1-10.0.0.9', 'every addresses of policies'],
    ['vms where tier == web', 'every select of policies'],
    ['odd or corp', 'every union of policies'],
  ])('%s is %s', (text, meaning) => {
    const { endpoint, found } = read(text);
    expect(found).toEqual([]);
    expect(show(endpoint)).toBe(meaning);
  });

  it.each([
    [
      'both',
      'check/ambiguous-name «both»',
      'write `workload/both` or `group/policies:shop.both` or `group/cluster:both`',
    ],
    ['web-02', 'check/unknown-in-world «web-02»', 'did you mean `web-01`?'],
    ['web', 'check/ambiguous-name «web»', 'write `group/policies:shop.web` or `group/policies:lab.web`'],
    ['wbe', 'check/unknown-in-world «wbe»', undefined],
    ['shop/front-ned', 'check/unknown-in-world «shop/front-ned»', 'did you mean `shop/front-end`?'],
    ['web-01/bakc', 'check/unknown-interface «web-01/bakc»', 'did you mean `back`?'],
    ['host/node-b', 'check/unknown-in-world «host/node-b»', undefined],
    ['service/front', 'check/unknown-in-world «service/front»', 'write `service-address/front`'],
    ['svc/back', 'check/unknown-in-world «svc/back»', undefined],
    ['10.1.2.300', 'check/invalid-address «10.1.2.300»', undefined],
    ['10.1.2.3/8', 'check/invalid-address «10.1.2.3/8»', undefined],
    ['odd or nobody', 'check/unknown-group «nobody»', undefined],
    ['vms where', undefined, undefined],
  ])('%s is refused', (text, found, help) => {
    const read_ = read(text);
    expect(read_.endpoint).toBeNull();
    expect(read_.found).toHaveLength(1);
    if (found !== undefined) expect(read_.found).toEqual([found]);
    if (help !== undefined) expect(read_.help).toBe(help);
  });
});

describe('a service in a question', () => {
  it.each([
    ['tcp/443', [6, 443, null]],
    [' udp/53 ', [17, 53, null]],
    ['sctp/1', [132, 1, null]],
    ['tcp', [6, null, null]],
    ['tcp/443 from 40000', [6, 443, 40000]],
    ['tcp from 40000', [6, null, 40000]],
    ['icmp', [1, null, null]],
    ['icmp/8', [1, 8, null]],
    ['icmp6/echo-request/0', [58, 128, 0]],
    ['proto/47', [47, null, null]],
    ['https', [6, 443, null]],
    ['shop.https', [6, 443, null]],
  ])('%s', (text, [protocol, a, b]) => {
    const { question, diagnostics } = parseServiceQuestion(makeSource('question', text), names);
    expect(diagnostics).toEqual([]);
    expect(question).toEqual({ protocol, a, b });
  });

  it.each([
    ['several', '`several` is more than one service', 'ask about one of tcp/80,443'],
    ['tcp/1-99', '`tcp/1-99` is more than one service', 'ask about one of tcp/1-99'],
    ['any', '`any` is more than one service', 'ask about one of any'],
    ['tcp/"http"', 'a named port is another number at each destination', 'write the number'],
    ['tcp/70000', 'a port is at most 65535', null],
    ['htps', 'there is no service `htps`', 'did you mean `https`?'],
  ])('%s is refused', (text, message, help) => {
    const { question, diagnostics } = parseServiceQuestion(makeSource('question', text), names);
    expect(question).toBeNull();
    expect(diagnostics.map((d) => [d.message, d.help])).toEqual([[message, help]]);
  });

  it('may be several where a set is asked for', () => {
    const { service } = parseService(makeSource('question', 'several, udp/53'), names);
    expect(service === null ? null : formatServices(service.set)).toBe('tcp/80,443, udp/53');
  });
});

describe('a flow in a line', () => {
  it.each([
    ['web-01 -> shop/front-end on tcp/443'],
    ['web-01 shop/front-end tcp/443'],
    ['  web-01->shop/front-end   on   https'],
  ])('%s', (text) => {
    const { flow, diagnostics } = parseFlowQuestion(makeSource('line', text), names);
    expect(diagnostics).toEqual([]);
    expect([show(flow?.source ?? null), show(flow?.destination ?? null), flow?.service.a]).toEqual([
      'workload web-01',
      'workload shop/front-end',
      443,
    ]);
  });

  it('has expressions with blanks, and places in the line', () => {
    const text = 'vms where tier == web -> (odd or "x -> y on z") on tcp/443';
    const source = makeSource('line', text);
    const { diagnostics } = parseFlowQuestion(source, names);
    expect(diagnostics.map((d) => `${d.code} «${textAt(d.span, [source])}»`)).toEqual([
      'check/unknown-group «"x -> y on z"»',
    ]);
  });

  it.each(['', 'web-01', 'web-01 ->', 'web-01 -> web-01', 'a b c d', '-> on'])('%s is none', (text) => {
    const { flow, diagnostics } = parseFlowQuestion(makeSource('line', text), names);
    expect(flow).toBeNull();
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
