// Turns routes, translations, gateway rules and access lists into the data of an inventory file, as
// `importers/inventory` reads them back.

import type { AccessList, GatewayRule, NatRule, Route } from '../../model/network/network.ts';
import { formatAddress } from '../../net/address.ts';
import { type AddressSet, toRanges } from '../../net/address-set.ts';
import { type RangeRow, type ServiceRow, toServiceRows } from '../../net/service-rows.ts';
import { isAllServices, type ServiceSet } from '../../net/services.ts';
import { compact, type Entry } from './entry.ts';

export function routeData({ network, prefixLength, via, learned }: Route): Entry {
  return compact({
    to: `${formatAddress(network)}/${prefixLength}`,
    via: via.kind === 'address' ? formatAddress(via.address) : via.kind === 'site' ? null : via.kind,
    site: via.kind === 'site' ? via.site : null,
    learned: learned || null,
  });
}

export function natRuleData(rule: NatRule): Entry {
  return compact({
    id: rule.id,
    action: rule.action,
    ...matchData(rule),
    translated: rule.translated === null ? null : (networks(rule.translated)[0] ?? null),
    translatedPort: rule.translatedPort,
    match: rule.match,
    priority: rule.priority,
  });
}

export function gatewayRuleData(rule: GatewayRule): Entry {
  const { id, category, action, direction, stateless } = rule;
  return compact({ id, category, action, direction, ...matchData(rule), stateless: stateless || null });
}

export function accessListData({ id, kind, rules }: AccessList): Entry {
  return compact({
    id,
    kind,
    rules: rules.map(({ number, direction, action, peer, service }) =>
      compact({
        number: number === 0 ? null : number,
        direction,
        action,
        peer: peer === null || 'group' in peer ? null : networks(peer),
        group: peer !== null && 'group' in peer ? peer.group : null,
        services: services(service),
      }),
    ),
  });
}

function matchData(rule: Pick<GatewayRule, 'source' | 'destination' | 'service'>) {
  return {
    source: rule.source === null ? null : networks(rule.source),
    destination: rule.destination === null ? null : networks(rule.destination),
    services: services(rule.service),
  };
}

function networks(set: AddressSet): readonly string[] {
  return toRanges(set).map((range) => {
    const [first, last] = range.split('-');
    return first === last ? (first as string) : range;
  });
}

/** Services of an inventory never speak of source ports. */
function services(set: ServiceSet | null): readonly string[] | null {
  if (set === null) return null;
  return isAllServices(set) ? ['any'] : toServiceRows(set).flatMap(rowTexts);
}

function rowTexts(row: ServiceRow): readonly string[] {
  switch (row.protocol) {
    case 'icmp':
    case 'icmp6':
      if (row.types === undefined) return [row.protocol];
      return row.types.map(({ type, codes }) => `${row.protocol}/${type}/${rangeTexts(codes)}`);
    case 'ip':
      return row.numbers.flatMap(([lo, hi]) => Array.from({ length: hi - lo + 1 }, (_, i) => `proto/${lo + i}`));
    default:
      return [row.ports === undefined ? row.protocol : `${row.protocol}/${rangeTexts(row.ports)}`];
  }
}

function rangeTexts(ranges: readonly RangeRow[]): string {
  return ranges.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}-${hi}`)).join(',');
}
