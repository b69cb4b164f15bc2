// The rules that a policy has at its end without anyone writing them: by its connectivity preference, by the connectivity
// strategies of its application, or as the manager reported the default rule that it made.
import { anyPeer, type Peer } from '../../../model/peer.ts';
import { noOptions, type Policy, type Rule } from '../../../model/policy.ts';
import { quote } from '../../../net/address.ts';
import { ALL_SERVICES } from '../../../net/services.ts';
import { checkFields } from '../read/fields.ts';
import {
  fieldOf,
  isEmptyValue,
  optionalFlagAt,
  type RecordNode,
  recordAt,
  recordsAt,
  spanOf,
  textAt,
  textNodeAt,
} from '../read/node.ts';
import type { Problems } from '../read/problems.ts';

const LOGGING = '_ENABLE_LOGGING';

/** What each preference makes of the traffic that no rule of the policy decides; the names before NSX 3.0 too. */
const PREFERENCES: Readonly<Record<string, 'allow' | 'drop'>> = {
  ALLOWLIST: 'drop',
  DENYLIST: 'allow',
  WHITELIST: 'drop',
  BLACKLIST: 'allow',
};

const ACTIONS: Readonly<Record<string, 'allow' | 'drop' | 'reject'>> = {
  ALLOW: 'allow',
  DROP: 'drop',
  REJECT: 'reject',
};

/** The verdict of a `connectivity_preference` or `connectivity_strategy`; null where it makes no rule. */
export function preferenceOf(problems: Problems, node: RecordNode, key: string): 'allow' | 'drop' | null {
  const text = textNodeAt(problems, node, key);
  if (text === null || text.value === 'NONE') return null;
  const verdict = PREFERENCES[text.value.replace(LOGGING, '')];
  if (verdict !== undefined) return verdict;
  problems.report(
    'warning',
    'nsx/unknown-value',
    `${quote(text.value)} is not a ${quote(key)} that is understood`,
    spanOf(text),
    {
      help: 'expected is ALLOWLIST, DENYLIST or NONE; it is taken to drop what no rule of the policy decides',
    },
  );
  return 'drop';
}

/** `written`: the rules that the dump has; those that the manager made itself may be among them. */
export function connectivityRules(
  problems: Problems,
  node: RecordNode,
  policy: Pick<Policy, 'id' | 'appliesTo' | 'stateless' | 'strict'>,
  written: readonly RecordNode[],
  sequence: number | null,
  opaque: string | null,
): readonly Rule[] {
  const make = (name: string, action: Rule['action'], key: string, more: Partial<Rule> = {}): Rule => ({
    ...noOptions,
    name,
    id: `${policy.id}.${name}`,
    action,
    passTo: null,
    direction: 'both',
    source: anyPeer,
    destination: anyPeer,
    service: { set: ALL_SERVICES, named: [], opaque: null, text: null },
    stateless: policy.stateless,
    strict: policy.strict,
    originalAction: writtenAt(node, key),
    sequence,
    opaque,
    doc: null,
    span: spanOf(fieldOf(node, key)),
    ...more,
  });
  const rules = strategies(problems, node, policy.appliesTo, make);
  // A rule that the manager made and lists with the others is there already.
  if (written.some((rule) => rule.value.is_default === true)) return rules;
  const realised = recordAt(problems, node, 'default_rule');
  if (realised !== null && !isEmptyValue(realised.value)) return [...rules, realisedRule(problems, realised, make)];
  const key = isEmptyValue(node.value.connectivity_preference) ? 'connectivity_strategy' : 'connectivity_preference';
  const verdict = preferenceOf(problems, node, key);
  if (verdict === null) return rules;
  if (policy.appliesTo === null) {
    problems.report(
      'warning',
      'nsx/missing-field',
      `${quote(key)} needs a \`scope\`, and this policy has none`,
      spanOf(fieldOf(node, key)),
      {
        help: 'the rule that it makes is taken to hold everywhere',
      },
    );
  }
  return [...rules, make('default-rule', verdict, key, { log: (writtenAt(node, key) ?? '').endsWith(LOGGING) })];
}

function writtenAt(node: RecordNode, key: string): string | null {
  const value = node.value[key];
  return typeof value === 'string' ? value : null;
}

type Make = (name: string, action: Rule['action'], key: string, more?: Partial<Rule>) => Rule;

/** The default rule of the policy as the firewall itself has it. */
function realisedRule(problems: Problems, node: RecordNode, make: Make): Rule {
  checkFields(problems, node, 'RealizedRule');
  const action = ACTIONS[textAt(problems, node, 'action') ?? ''];
  const narrowed = ['sources', 'destinations', 'services'].some((key) => !isEmptyValue(node.value[key]));
  const disabled = optionalFlagAt(problems, node, 'disabled') ?? false;
  const opaque = narrowed ? 'the default rule of the policy is narrowed in a way that is not known' : null;
  return make('default-rule', action ?? 'drop', 'default_rule', {
    disabled,
    ...(opaque === null ? {} : { opaque }),
    originalAction: textAt(problems, node, 'action'),
  });
}

/** Which of these rules comes first is not documented, so each is a maybe. */
function strategies(problems: Problems, node: RecordNode, scope: Peer | null, make: Make): readonly Rule[] {
  const key = 'application_connectivity_strategy';
  const own = scope ?? anyPeer;
  return recordsAt(problems, node, key).flatMap((item, i) => {
    const text = textAt(problems, item, key) ?? '';
    const known = /^(ALLOW|DROP)_(INTRA|INGRESS|EGRESS)$/.exec(text);
    const opaque = `where in the policy the rule of ${quote(text)} stands is not known`;
    problems.report('note', 'nsx/part-unknown', opaque, spanOf(item), {
      help: 'flows that it decides are answered as unknown',
    });
    return [
      make(`application-rule-${i + 1}`, known?.[1] === 'ALLOW' ? 'allow' : 'drop', key, {
        source: known?.[2] === 'INGRESS' || known === null ? anyPeer : own,
        destination: known?.[2] === 'EGRESS' || known === null ? anyPeer : own,
        originalAction: text,
        opaque,
        log: optionalFlagAt(problems, item, 'logging_enabled') ?? false,
      }),
    ];
  });
}
