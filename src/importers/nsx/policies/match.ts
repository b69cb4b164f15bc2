// What a rule compares a flow with: the peers of its two sides, its services, and its scope. Where something of it is not
// understood the rule fails closed: one that allows matches what is known, one that denies matches everything.
import { anyPeer, type Peer } from '../../../model/peer.ts';
import type { ServiceMatch } from '../../../model/service.ts';
import { quote } from '../../../net/address.ts';
import { type AddressSet, unionAllAddresses } from '../../../net/address-set.ts';
import { ALL_SERVICES } from '../../../net/services.ts';
import { type ExpressionContext, readPath } from '../groups/expressions.ts';
import type { Groups } from '../groups/groups.ts';
import { NOBODY, unitePeers } from '../groups/membership.ts';
import { looksLikeAddress, readAddresses } from '../read/addresses.ts';
import { lastStep } from '../read/collected.ts';
import { fieldOf, flagAt, type RecordNode, recordsAt, spanOf, type TextNode, textsAt } from '../read/node.ts';
import { countOf, type Problems, quoteSome } from '../read/problems.ts';
import { NOT_UNDERSTOOD, type ServiceMeaning } from '../services/service-entries.ts';
import { type Services, uniteServices } from '../services/services.ts';

/** Of each list of a rule (NSX 4.2 schema BaseRule). */
const MOST_ENTRIES = 128;

const CLOSED = 'a rule that allows matches only what else it names; one that denies matches everything';

function isAny(text: TextNode): boolean {
  return text.value.trim().toUpperCase() === 'ANY';
}

/** The entries of a list; says what is wrong with it as a list. `any`: it is `ANY` and nothing else. */
function readList(
  problems: Problems,
  node: RecordNode,
  key: string,
): { readonly any: boolean; readonly entries: readonly TextNode[]; readonly partial: boolean } {
  const list = textsAt(problems, node, key) ?? [];
  const entries = list.filter((text) => !isAny(text));
  if (list.length > MOST_ENTRIES) {
    problems.report(
      'warning',
      'nsx/limit',
      `${countOf(list.length, 'entry')} in ${quote(key)}`,
      spanOf(fieldOf(node, key)),
      {
        help: `NSX takes at most ${MOST_ENTRIES}`,
      },
    );
  }
  if (entries.length === list.length || entries.length === 0)
    return { any: list.length > 0 && entries.length === 0, entries, partial: false };
  problems.report(
    'warning',
    'nsx/any-with-others',
    `\`ANY\` stands in ${quote(key)} with other entries`,
    spanOf(fieldOf(node, key)),
    {
      help: `NSX refuses that: write \`ANY\` alone or take it out; until then, ${CLOSED}`,
    },
  );
  return { any: false, entries, partial: true };
}

function reportEmpty(problems: Problems, node: RecordNode, key: string): void {
  const field = fieldOf(node, key);
  problems.report(
    'warning',
    'nsx/empty-list',
    `${quote(key)} of this rule is empty`,
    spanOf(field.value === undefined ? node : field),
    {
      help: `write \`ANY\` for everything; until then, ${CLOSED}`,
    },
  );
}

/** One side of a rule, with its negation. `denies`: the rule drops or rejects. */
export function readSide(
  problems: Problems,
  node: RecordNode,
  side: 'source' | 'destination',
  denies: boolean,
  groups: Groups,
): Peer {
  const key = `${side}_groups`;
  const list = readList(problems, node, key);
  const excludedKey = `${side}s_excluded`;
  const excluded = flagAt(problems, node, excludedKey);
  let { partial } = list;
  if (!list.any && list.entries.length === 0 && !partial) {
    reportEmpty(problems, node, key);
    partial = true;
  }
  const known = readMembers(problems, list.entries, groups.context);
  partial ||= known.partial;
  if (excluded && list.any) {
    problems.report(
      'warning',
      'nsx/negated-any',
      `${quote(excludedKey)} negates \`ANY\`, which leaves nobody`,
      spanOf(fieldOf(node, excludedKey)),
      {
        help: `NSX refuses that; until it is mended, ${CLOSED}`,
      },
    );
  }
  if (partial || (excluded && list.any)) {
    if (denies) return anyPeer;
    return excluded ? NOBODY : known.peer;
  }
  const peer = list.any ? anyPeer : known.peer;
  return excluded ? { kind: 'negated', of: peer } : peer;
}

function readMembers(
  problems: Problems,
  entries: readonly TextNode[],
  context: ExpressionContext,
): { readonly peer: Peer; readonly partial: boolean } {
  const peers: Peer[] = [];
  const literals: AddressSet[] = [];
  let partial = false;
  for (const entry of entries) {
    if (looksLikeAddress(entry.value) && context.groupAt(entry.value) === null) {
      const addresses = readAddresses(problems, entry);
      if (addresses === null) partial = true;
      else literals.push(addresses);
      continue;
    }
    const member = readPath(problems, entry, context);
    partial ||= member.partial;
    peers.push(member.peer);
  }
  const [first] = entries;
  if (literals.length > 0 && first !== undefined) {
    peers.push({ kind: 'addresses', addresses: unionAllAddresses(literals), name: null, span: spanOf(first) });
  }
  return { peer: unitePeers(peers), partial };
}

/** Services and inline entries, united; beside entries an `ANY` of `services` is ignored (NSX 4.2 schema BaseRule). */
export function readServiceMatch(
  problems: Problems,
  node: RecordNode,
  denies: boolean,
  ethernet: boolean,
  services: Services,
): ServiceMatch {
  const inline = recordsAt(problems, node, 'service_entries');
  const meaning =
    inline.length > 0
      ? uniteServices([services.readEntries(problems, inline), ...readNamed(problems, node, services)])
      : readListed(problems, node, services);
  for (const name of meaning.gateways) sayGateway(problems, node, name);
  let { partial } = meaning;
  if (meaning.ethernet && !ethernet) {
    problems.report('warning', 'nsx/unknown-value', 'a service of this rule speaks of ethernet frames', spanOf(node), {
      help: `such services belong to the ethernet category; until then, ${CLOSED}`,
    });
    partial = true;
  }
  return {
    set: partial && denies ? ALL_SERVICES : meaning.set,
    named: [],
    opaque: readProfiles(problems, node),
    text: null,
  };
}

function readNamed(problems: Problems, node: RecordNode, services: Services): readonly ServiceMeaning[] {
  const texts = textsAt(problems, node, 'services') ?? [];
  return texts.filter((text) => !isAny(text)).map((text) => services.resolve(problems, text));
}

function readListed(problems: Problems, node: RecordNode, services: Services): ServiceMeaning {
  const list = readList(problems, node, 'services');
  if (list.any) return { set: ALL_SERVICES, partial: false, ethernet: false, gateways: [] };
  if (list.entries.length === 0 && !list.partial) {
    reportEmpty(problems, node, 'services');
    return NOT_UNDERSTOOD;
  }
  const meaning = uniteServices(list.entries.map((text) => services.resolve(problems, text)));
  return list.partial ? { ...meaning, partial: true } : meaning;
}

function sayGateway(problems: Problems, node: RecordNode, name: string): void {
  problems.count(
    'note',
    'nsx/data-connections',
    name,
    (times) => `${countOf(times, 'rule')} with the service ${quote(name)}: its control connection is judged`,
    () => spanOf(node),
    'the firewall also lets through the data connections that the two ends agree on; these are not known beforehand',
  );
}

/** Why a match is a maybe: a profile looks into the payload. */
function readProfiles(problems: Problems, node: RecordNode): string | null {
  const profiles = (textsAt(problems, node, 'profiles') ?? []).filter((text) => !isAny(text));
  const [first] = profiles;
  if (first === undefined) return null;
  const reason = `the context profile ${quoteSome(profiles.map(({ value }) => lastStep(value)))} looks into the payload`;
  problems.count(
    'note',
    'nsx/part-unknown',
    'profiles',
    (times) => `${countOf(times, 'rule')} with a context profile, which looks into the payload`,
    () => spanOf(first),
    'flows that such a rule decides are answered as unknown',
  );
  return reason;
}

/** Where a policy or a rule is present; null: everywhere. What cannot be a scope is left out, aloud. */
export function readScope(problems: Problems, node: RecordNode, groups: Groups): Peer | null {
  const list = readList(problems, node, 'scope');
  if (list.entries.length === 0) return null;
  const parts = list.entries.map((entry) => {
    const literal = looksLikeAddress(entry.value) && groups.context.groupAt(entry.value) === null;
    const member = literal ? null : readPath(problems, entry, groups.context);
    return { entry, scope: member?.scope ?? NOBODY, understood: member === null || !member.partial };
  });
  const scope = unitePeers(parts.map((part) => part.scope));
  for (const { entry, scope: own, understood } of parts) {
    // Of a path that is not in the dump that has been said already.
    if (own.kind === 'nothing' && understood) reportNowhere(problems, entry);
  }
  groups.useScope(scope);
  return scope;
}

function reportNowhere(problems: Problems, entry: TextNode): void {
  problems.report(
    'warning',
    'nsx/scope-nowhere',
    `${quote(entry.value)} names nothing that a rule could be applied to`,
    spanOf(entry),
    {
      help: 'a scope takes machines, segments and ports: addresses are not where a firewall is',
    },
  );
}
