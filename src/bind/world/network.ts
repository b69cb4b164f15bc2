// Turns what hosts, segments and routers say of the network between them into the model's: transport zones, replication,
// edges, routes. Address translation, gateway rules, access lists and security groups are for inventory files alone.

import type { NextHop, Route } from '../../model/network/network.ts';
import type { Host, Replication, Router, RouterMode, Segment } from '../../model/world.ts';
import { parseAddress } from '../../net/address.ts';
import { parseInterfaceAddress } from '../../net/address-set.ts';
import type { Property } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import {
  type Properties,
  readChoice,
  readNumber,
  readText,
  readTexts,
  refuseProperty,
  valueText,
  type WorldContext,
} from './properties.ts';

const REPLICATIONS: readonly Replication[] = ['source', 'mtep'];
const MODES: readonly RouterMode[] = ['active-standby', 'active-active'];
const SWITCH = ['yes', 'no'] as const;

/** `{ key: value }`, or nothing where there is no value: what is not said is absent from the model. */
export function present<K extends string, T>(key: K, value: T | null): { readonly [key in K]?: T } {
  return value === null ? {} : ({ [key]: value } as { readonly [key in K]: T });
}

export function readHostNetwork(properties: Properties, context: WorldContext): Pick<Host, 'zones' | 'machine'> {
  const zones = readTexts(properties.all('zone'), context);
  return {
    ...present('zones', zones.length === 0 ? null : zones),
    ...present('machine', readText(properties.one('machine'), context)),
  };
}

export function readSegmentNetwork(
  properties: Properties,
  context: WorldContext,
): Pick<Segment, 'zone' | 'mtu' | 'replication' | 'spoofguard' | 'acl' | 'routes'> {
  const spoofguard = readWord(properties.one('spoofguard'), SWITCH, '`yes` or `no`', context);
  return {
    ...present('zone', readText(properties.one('zone'), context)),
    ...present('mtu', readNumber(properties.one('mtu'), 576, 65535, context)),
    ...present('replication', readWord(properties.one('replication'), REPLICATIONS, 'a way of replication', context)),
    ...present('spoofguard', spoofguard === null ? null : spoofguard === 'yes'),
    ...present('acl', readText(properties.one('acl'), context)),
    ...readRoutes(properties, context),
  };
}

export function readRouterNetwork(
  properties: Properties,
  context: WorldContext,
): Pick<Router, 'mode' | 'edges' | 'routes'> {
  const edges = readTexts(properties.all('edges'), context);
  return {
    ...present('mode', readWord(properties.one('mode'), MODES, 'a mode of a router', context)),
    ...present('edges', edges.length === 0 ? null : edges),
    ...readRoutes(properties, context),
  };
}

function readWord<T extends string>(
  line: Property | null,
  choices: readonly T[],
  what: string,
  context: WorldContext,
): T | null {
  const [value, more] = line?.values ?? [];
  if (line === null) return null;
  if (value === undefined || more !== undefined) return refuseProperty(line, 'one word', context);
  return readChoice({ text: valueText(value), span: value.span }, choices, what, context);
}

function readRoutes(properties: Properties, context: WorldContext): { readonly routes?: readonly Route[] } {
  const lines = properties.all('route');
  if (lines.length === 0) return {};
  return { routes: lines.flatMap((line) => readRoute(line, context) ?? []) };
}

/** `route NETWORK via ADDRESS`, `via internet`, `via blackhole`, or `to SITE`; `learned` at the end. */
function readRoute(line: Property, context: WorldContext): Route | null {
  const [network, word, target, learned, more] = line.values;
  const needs = 'a network and where it leads, such as `route 0.0.0.0/0 via 192.0.2.2` or `route 10.60.0.0/16 to west`';
  if (network?.kind !== 'address' || word === undefined || target === undefined || more !== undefined) {
    return refuseProperty(line, needs, context);
  }
  const how = valueText(word);
  if ((how !== 'via' && how !== 'to') || (learned !== undefined && valueText(learned) !== 'learned')) {
    return refuseProperty(line, needs, context, how === 'via' || how === 'to' ? learned?.span : word.span);
  }
  const parsed = parseInterfaceAddress(network.text);
  const via = how === 'to' ? ({ kind: 'site', site: valueText(target) } as const) : nextHop(target, context);
  if ('problem' in parsed) {
    context.report(error('check/invalid-address', parsed.problem, network.span, { help: parsed.help ?? null }));
    return null;
  }
  if (via === null) return null;
  const first = parsed.address.family === 4 ? parsed.network.v4[0] : parsed.network.v6[0];
  if (first !== parsed.address.value) {
    return refuseProperty(line, 'a network without bits set behind its prefix', context, network.span);
  }
  return {
    network: parsed.address,
    prefixLength: parsed.prefixLength,
    via,
    learned: learned !== undefined,
    span: line.span,
  };
}

function nextHop(target: Property['values'][number], context: WorldContext): NextHop | null {
  const text = valueText(target);
  if (text === 'internet' || text === 'blackhole') return { kind: text };
  const parsed = parseAddress(text);
  if (!('problem' in parsed)) return { kind: 'address', address: parsed };
  context.report(error('check/invalid-address', parsed.problem, target.span, { help: parsed.help ?? null }));
  return null;
}
