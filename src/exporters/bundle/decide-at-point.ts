// What a point does with a bundle, one flow at a time: the meaning of `bulkhead.bundle/1` in the fewest words, to test
// against and to write a point from. Slow, and without a line of the evaluator.
//
// A flow has a set of things that can become of it, since a maybe is followed both ways. One that can get more than one
// verdict is unknown, and whoever enforces verdicts drops it.

import type { Direction, FinalVerdict, Verdict } from '../../model/policy.ts';
import { type Instant, type Weekday, windowContains } from '../../model/time.ts';
import type { Address } from '../../net/address.ts';
import { formatAddress } from '../../net/address.ts';
import { containsAddress } from '../../net/address-set.ts';
import { fromServiceRows } from '../../net/service-rows.ts';
import { containsService, type ServicePoint } from '../../net/services.ts';
import type { BundleContent, BundleGroup, BundleLayer, BundleOrder, BundlePlace, BundleRule } from './content.ts';
import { setOf } from './delta.ts';

/** The first packet of a connection, as it is seen at an interface. */
export interface PointFlow {
  readonly workload: string;
  readonly interface: string;
  /** `out`: the interface's workload sends it. */
  readonly direction: Direction;
  /** The workload's address in the packet, and the other one. */
  readonly own: Address;
  readonly remote: Address;
  readonly service: ServicePoint;
}

export interface PointVerdict {
  readonly verdict: Verdict;
  /** What each layer that judges here says. None: nothing is judged, and the flow passes. */
  readonly layers: readonly LayerVerdict[];
}

export interface LayerVerdict {
  readonly layer: string;
  readonly verdict: Verdict;
  /** The rule that decided, by its id in the bundle; null: a tier's default, or several rules that may. */
  readonly rule: string | null;
  /** Rules that ask for the flow to be logged. */
  readonly logged: readonly string[];
}

type Tri = 'yes' | 'maybe' | 'no';
/** `open`: no rule of the tier took it. A name: it goes on in that tier. */
type Fate = FinalVerdict | 'unknown' | 'open' | { readonly tier: string };

/** The verdict at an instant. A flow of an interface that the bundle does not have is unknown. */
export function decideAtPoint(content: BundleContent, flow: PointFlow, at: Instant): PointVerdict {
  const place = placeOf(content, flow);
  if (place === undefined) return { verdict: 'unknown', layers: [] };
  if (containsAddress(setOf(place.own), flow.remote)) return { verdict: 'allow', layers: [] };
  const point: Point = { content, flow, at, place };
  const layers = content.layers.flatMap((layer) => {
    const judges = judgesHere(point, layer);
    return judges === 'no' ? [] : [decideLayer(point, layer, judges)];
  });
  const order = ['drop', 'reject', 'unknown', 'allow'] as const;
  const verdict = order.find((one) => layers.some((layer) => layer.verdict === one)) ?? 'allow';
  return { verdict, layers };
}

interface Point {
  readonly content: BundleContent;
  readonly flow: PointFlow;
  readonly at: Instant;
  readonly place: BundlePlace;
}

/** The place with the packet's address; else the one of the interface that stands for any address of the family. */
function placeOf({ places }: BundleContent, flow: PointFlow): BundlePlace | undefined {
  const own = places.filter(
    (place) =>
      place.workload === flow.workload && place.interface === flow.interface && place.family === flow.own.family,
  );
  const address = formatAddress(flow.own);
  return flow.own.family !== flow.remote.family
    ? undefined
    : (own.find((place) => place.address === address) ?? own.find((place) => place.address === undefined));
}

function judgesHere(point: Point, layer: BundleLayer): Tri {
  const judges = isHere(point, layer.judges);
  if (layer.residentHostExempt !== true || point.flow.direction === 'out') return judges;
  if (containsAddress(setOf(point.place.host), point.flow.remote)) return 'no';
  return containsAddress(setOf(point.place.hostMaybe), point.flow.remote) && judges === 'yes' ? 'maybe' : judges;
}

function decideLayer(point: Point, layer: BundleLayer, judges: Tri): LayerVerdict {
  const rules = new Map(point.content.rules.map((rule) => [rule.id, rule]));
  const verdicts = new Set<Verdict>(judges === 'maybe' ? ['allow'] : []);
  const deciding = new Set<string | null>();
  const logged: string[] = [];
  let waiting = new Set<string | undefined>([layer.tiers[0]?.name]);
  for (const [index, tier] of layer.tiers.entries()) {
    if (!waiting.has(tier.name)) continue;
    const next = layer.tiers[index + 1]?.name;
    const later = new Set(waiting);
    later.delete(tier.name);
    waiting = later;
    const selected = tier.selects === undefined ? 'no' : isHere(point, tier.selects[point.flow.direction]);
    const isDecided = tier.decides === undefined || containsService(fromServiceRows(tier.decides), point.flow.service);
    if (!isDecided) {
      if (selected !== 'no') verdicts.add('unknown');
      if (selected !== 'yes') waiting.add(next);
      continue;
    }
    const fates = fatesOf(point, tier.order, rules, deciding, logged);
    for (const fate of fates) {
      if (typeof fate === 'object') waiting.add(fate.tier);
      else if (fate !== 'open') verdicts.add(fate);
    }
    if (!fates.has('open')) continue;
    const applies = tier.whereSelected === true ? selected : 'yes';
    if (tier.default === 'pass' || applies !== 'yes') waiting.add(next);
    if (tier.default !== 'pass' && applies !== 'no') {
      verdicts.add(tier.default);
      deciding.add(null);
    }
  }
  // What the last tier passes on nobody decides.
  if (waiting.size > 0) verdicts.add('unknown');
  const [verdict = 'unknown'] = verdicts;
  const [rule = null] = deciding;
  return {
    layer: layer.name,
    verdict: verdicts.size === 1 ? verdict : 'unknown',
    rule: deciding.size === 1 ? rule : null,
    logged,
  };
}

/** What can become of the flow in these rules, tried in order. */
function fatesOf(
  point: Point,
  order: BundleOrder,
  rules: ReadonlyMap<string, BundleRule>,
  deciding: Set<string | null>,
  logged: string[],
): Fates {
  let fates = new Fates(['open']);
  for (const item of order) {
    if (!fates.has('open')) break;
    if (typeof item !== 'string') {
      const members = item.members.map((member) => fatesOf(point, member, rules, deciding, logged));
      fates = fates.without('open').with(...(item.tie === 'undefined' ? anyFirst(members) : strongest(members)));
      continue;
    }
    const rule = rules.get(item);
    // A rule that is named and not there: the bundle is broken, and nothing is known.
    const match = rule === undefined ? 'maybe' : matches(point, rule);
    if (match === 'no') continue;
    if (rule?.log === true) logged.push(rule.id);
    if (rule?.action === 'log') continue;
    if (match === 'yes') fates = fates.without('open');
    fates = fates.with(rule === undefined ? 'unknown' : fateBy(rule));
    if (rule?.action !== 'pass') deciding.add(item);
  }
  return fates;
}

function fateBy({ action, passTo }: BundleRule): Fate {
  if (action === 'pass') return { tier: passTo ?? '' };
  return action === 'log' ? 'open' : action;
}

/** A set of fates; those that go on in one tier are one. */
class Fates {
  readonly #byKey: ReadonlyMap<string, Fate>;
  constructor(fates: Iterable<Fate>) {
    this.#byKey = new Map([...fates].map((fate) => [keyOf(fate), fate]));
  }
  has(fate: Fate): boolean {
    return this.#byKey.has(keyOf(fate));
  }
  with(...more: readonly Fate[]): Fates {
    return new Fates([...this, ...more]);
  }
  without(fate: Fate): Fates {
    return new Fates([...this].filter((own) => keyOf(own) !== keyOf(fate)));
  }
  [Symbol.iterator](): Iterator<Fate> {
    return this.#byKey.values();
  }
}

function keyOf(fate: Fate): string {
  return typeof fate === 'object' ? `tier ${fate.tier}` : fate;
}

/** Each member may be first: whatever any of them does; open only if it can fall through all. */
function anyFirst(members: readonly Fates[]): Fates {
  const all = new Fates(members.flatMap((member) => [...member]));
  return members.every((member) => member.has('open')) ? all : all.without('open');
}

/** For each choice of what the members do, the strongest of it; passes to different tiers are equally strong. */
function strongest(members: readonly Fates[]): Fates {
  const rank = (fate: Fate): number =>
    typeof fate === 'object' ? 4 : ['drop', 'reject', 'unknown', 'allow', '', 'open'].indexOf(fate);
  const stronger = (left: Fates, right: Fates): Fates => {
    const own = [...right];
    return new Fates(
      [...left].flatMap((a) => own.flatMap((b) => [a, b].filter((fate) => rank(fate) === Math.min(rank(a), rank(b))))),
    );
  };
  return members.reduce(stronger);
}

function matches(point: Point, rule: BundleRule): Tri {
  const { flow, at } = point;
  if (rule.direction !== 'both' && rule.direction !== flow.direction) return 'no';
  if (rule.family !== undefined && rule.family !== flow.own.family) return 'no';
  if (rule.services !== undefined && !containsService(fromServiceRows(rule.services), flow.service)) return 'no';
  if (!isInTime(rule, at)) return 'no';
  const [own, remote] = flow.direction === 'out' ? [rule.source, rule.destination] : [rule.destination, rule.source];
  const parts: readonly Tri[] = [
    rule.appliesTo === undefined ? 'yes' : isHere(point, rule.appliesTo),
    own === undefined ? 'yes' : isHere(point, own),
    remote === undefined ? 'yes' : isRemote(point, remote),
    rule.opaque === undefined ? 'yes' : 'maybe',
  ];
  return parts.includes('no') ? 'no' : parts.includes('maybe') ? 'maybe' : 'yes';
}

/** From `notBefore` on, before `notAfter`, and inside every window. */
function isInTime({ notBefore, notAfter, windows = [] }: BundleRule, at: Instant): boolean {
  const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  return (
    (notBefore === undefined || at >= Date.parse(notBefore)) &&
    (notAfter === undefined || at < Date.parse(notAfter)) &&
    windows.every(({ days, start, end, zone }) =>
      windowContains(
        { days: days as readonly Weekday[], start: minutes(start), end: minutes(end), zone, text: '' },
        at,
      ),
    )
  );
}

/** The group as this place sees it: that of its address space, where there is one. */
function groupOf({ content, place }: Point, id: string): BundleGroup | undefined {
  const own = content.groups.filter((group) => group.id === id);
  return own.find(({ space }) => space === (place.space ?? '')) ?? own.find(({ space }) => space === undefined);
}

/** Whether the place is a member. A group that is not there could mean anybody. */
function isHere(point: Point, id: string): Tri {
  const group = groupOf(point, id);
  if (group === undefined) return 'maybe';
  if (group.here?.includes(point.place.id) === true) return 'yes';
  return group.hereMaybe?.includes(point.place.id) === true ? 'maybe' : 'no';
}

function isRemote(point: Point, id: string): Tri {
  const group = groupOf(point, id);
  if (group === undefined) return 'maybe';
  if (containsAddress(setOf(group.addresses), point.flow.remote)) return 'yes';
  return containsAddress(setOf(group.maybe), point.flow.remote) ? 'maybe' : 'no';
}
