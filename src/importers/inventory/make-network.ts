// Turns the routes, translations, gateway rules and access lists of an inventory into the model's. What is refused is
// reported and left out: a rule that is not understood must not do half of what it says.

import type { AccessList, AccessRule, GatewayRule, NatRule, NextHop, Route } from '../../model/network/network.ts';
import { parseAddress } from '../../net/address.ts';
import { type AddressSet, parseAddresses, parseInterfaceAddress, unionAllAddresses } from '../../net/address-set.ts';
import { parseServiceText } from '../../net/service-parse.ts';
import { NO_SERVICES, type ServiceSet, unionServices } from '../../net/services.ts';
import type { Cursor } from './cursor.ts';
import type { Inventory } from './schema.ts';

type RouterItem = NonNullable<Inventory['routers']>[number];
type RouteItem = NonNullable<RouterItem['routes']>[number];
type NatItem = NonNullable<RouterItem['nat']>[number];
type GatewayItem = NonNullable<RouterItem['firewall']>[number];
type AccessItem = NonNullable<Inventory['accessLists']>[number];

export function makeRoute(item: RouteItem, at: Cursor): Route | null {
  const to = at.parse(item.to, 'to', parseInterfaceAddress);
  const via = nextHop(item, at);
  if (to === null || via === null) return null;
  const [v4] = to.network.v4;
  const network =
    v4 === undefined
      ? ({ family: 6, value: to.network.v6[0] as bigint } as const)
      : ({ family: 4, value: v4 } as const);
  if (network.value !== to.address.value) {
    return at.refuse({ problem: `\`${item.to}\` has bits set after the first ${to.prefixLength}` }, 'to');
  }
  return { network, prefixLength: to.prefixLength, via, learned: item.learned ?? false, span: at.span };
}

function nextHop({ via, site }: RouteItem, at: Cursor): NextHop | null {
  if ((via === undefined) === (site === undefined)) {
    return at.refuse({ problem: 'a route needs either `via` or `site`' }, 'to');
  }
  if (site !== undefined) return { kind: 'site', site };
  if (via === 'internet' || via === 'blackhole') return { kind: via };
  const address = at.parse(via as string, 'via', parseAddress);
  return address === null ? null : { kind: 'address', address };
}

export function makeNatRule(item: NatItem, at: Cursor): NatRule | null {
  const match = parseMatch(item, at);
  const translates = item.action === 'snat' || item.action === 'dnat';
  if (translates !== (item.translated !== undefined)) {
    const needs = translates ? 'needs its `translated` address' : 'translates nothing: leave out `translated`';
    return at.refuse({ problem: `\`${item.action}\` ${needs}` }, 'action');
  }
  const translated = item.translated === undefined ? null : at.parse(item.translated, 'translated', parseAddresses);
  if (match === null || (translates && translated === null)) return null;
  return {
    id: item.id,
    action: item.action,
    ...match,
    translated,
    translatedPort: item.translatedPort ?? null,
    match: item.match ?? 'internal',
    priority: item.priority ?? 0,
    span: at.span,
  };
}

export function makeGatewayRule(item: GatewayItem, at: Cursor): GatewayRule | null {
  const match = parseMatch(item, at);
  if (match === null) return null;
  return {
    id: item.id,
    category: item.category ?? 'local-gateway',
    action: item.action,
    direction: item.direction ?? 'both',
    ...match,
    ...(item.sourceGroups === undefined ? {} : { sourceGroups: item.sourceGroups }),
    ...(item.destinationGroups === undefined ? {} : { destinationGroups: item.destinationGroups }),
    ...(item.serviceNames === undefined ? {} : { serviceNames: item.serviceNames }),
    stateless: item.stateless ?? false,
    span: at.span,
  };
}

export function makeAccessList(item: AccessItem, at: Cursor): AccessList {
  const rules = at.each(item.rules ?? [], 'rules', (rule, here): AccessRule | null => {
    const service = parseServices(rule.services, here);
    const peer = parseNetworks(rule.peer, 'peer', here);
    if (service === 'refused' || peer === 'refused') return null;
    if (item.kind === 'security-group' && rule.action === 'drop') {
      return here.refuse({ problem: 'a security group only allows' }, 'action');
    }
    if (rule.group !== undefined && (peer !== null || item.kind === 'acl')) {
      return here.refuse({ problem: '`group` stands alone, in a security group' }, 'group');
    }
    return {
      number: rule.number ?? 0,
      direction: rule.direction,
      action: rule.action ?? 'allow',
      peer: rule.group === undefined ? peer : { group: rule.group },
      service,
      span: here.span,
    };
  });
  // The order of numbers is that of access lists; a security group has none.
  const sorted = item.kind === 'acl' ? [...rules].sort((a, b) => a.number - b.number) : rules;
  return at.keep({ id: item.id, kind: item.kind, rules: sorted, span: at.at('id').span }, (part, here) =>
    here.at(part),
  );
}

interface MatchItem {
  readonly source?: readonly string[] | undefined;
  readonly destination?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
}

interface Match {
  readonly source: AddressSet | null;
  readonly destination: AddressSet | null;
  readonly service: ServiceSet | null;
}

function parseMatch(item: MatchItem, at: Cursor): Match | null {
  const source = parseNetworks(item.source, 'source', at);
  const destination = parseNetworks(item.destination, 'destination', at);
  const service = parseServices(item.services, at);
  if (source === 'refused' || destination === 'refused' || service === 'refused') return null;
  return { source, destination, service };
}

/** null: any. */
function parseNetworks(texts: readonly string[] | undefined, key: string, at: Cursor): AddressSet | null | 'refused' {
  if (texts === undefined) return null;
  const sets = at.parseAll<AddressSet>(texts, key, parseAddresses);
  return sets.length === texts.length ? unionAllAddresses(sets) : 'refused';
}

function parseServices(texts: readonly string[] | undefined, at: Cursor): ServiceSet | null | 'refused' {
  if (texts === undefined) return null;
  let all: ServiceSet = NO_SERVICES;
  for (const [i, text] of texts.entries()) {
    const parsed = parseServiceText(text);
    if ('problem' in parsed) return at.at('services').refuse(parsed, i) ?? 'refused';
    all = unionServices(all, parsed);
  }
  return all;
}
