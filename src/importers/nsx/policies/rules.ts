// One rule of a security policy → a rule of the model, with its action, direction and all that it compares.
import { noOptions, type Rule } from '../../../model/policy.ts';
import { quote } from '../../../net/address.ts';
import type { Groups } from '../groups/groups.ts';
import { NOBODY } from '../groups/membership.ts';
import { checkFields } from '../read/fields.ts';
import { fieldOf, flagAt, numberAt, type RecordNode, spanOf, textAt } from '../read/node.ts';
import { countOf, type Problems } from '../read/problems.ts';
import type { Services } from '../services/services.ts';
import { readScope, readServiceMatch, readSide } from './match.ts';
import { isBeforeApplication, type TierName } from './tiers.ts';

/** What a rule takes from the policy that it is in. */
export interface PolicyFacts {
  readonly id: string;
  readonly tier: TierName;
  /** The policy has a scope of its own, which takes the place of those of its rules (NSX 4.2 schema Policy). */
  readonly scoped: boolean;
  readonly stateless: boolean;
  readonly strict: boolean;
  /** Why its rules may not hold; null: they do. */
  readonly opaque: string | null;
}

interface Act {
  readonly action: 'allow' | 'drop' | 'reject' | 'pass';
  /** It never matches: NSX has no such rule. */
  readonly void: boolean;
}

export function readRule(
  problems: Problems,
  node: RecordNode,
  name: string,
  sequence: number | null,
  policy: PolicyFacts,
  groups: Groups,
  services: Services,
): Rule {
  checkFields(problems, node, 'Rule');
  const act = readAction(problems, node, policy.tier);
  const denies = act.action === 'drop' || act.action === 'reject';
  const ethernet = policy.tier === 'ethernet';
  const direction = readDirection(problems, node);
  const family = readFamily(problems, node);
  const disabled = flagAt(problems, node, 'disabled');
  if (ethernet && denies && !disabled) sayEthernet(problems, node);
  const source = readSide(problems, node, 'source', denies, groups);
  const refused = act.void || (!denies && (direction === 'unknown' || family === 'unknown'));
  return {
    ...noOptions,
    name: textAt(problems, node, 'display_name') ?? name,
    id: `${policy.id}.${name}`,
    action: act.action,
    passTo: act.action === 'pass' ? 'application' : null,
    direction: direction === 'unknown' ? 'both' : direction,
    source: refused ? NOBODY : source,
    destination: readSide(problems, node, 'destination', denies, groups),
    service: readServiceMatch(problems, node, denies, ethernet, services),
    appliesTo: readRuleScope(problems, node, policy.scoped, groups),
    family: family === 'unknown' ? null : family,
    stateless: policy.stateless,
    strict: policy.strict,
    disabled,
    log: flagAt(problems, node, 'logged'),
    originalAction: textAt(problems, node, 'action'),
    sequence,
    opaque: policy.opaque,
    doc: readDoc(problems, node),
    span: spanOf(node),
  };
}

function readAction(problems: Problems, node: RecordNode, tier: TierName): Act {
  const text = textAt(problems, node, 'action');
  switch (text) {
    case 'ALLOW':
      return { action: 'allow', void: false };
    case 'DROP':
      return { action: 'drop', void: false };
    case 'REJECT':
      return { action: 'reject', void: false };
    case 'JUMP_TO_APPLICATION': {
      const reaches = isBeforeApplication(tier);
      if (tier !== 'environment') {
        problems.report(
          'warning',
          'nsx/jump-outside-environment',
          `this rule of the ${tier} category jumps to the application category`,
          spanOf(fieldOf(node, 'action')),
          {
            help: reaches
              ? 'NSX takes the action in the environment category alone; it is judged as written'
              : 'NSX takes the action in the environment category alone; the rule is taken to match nothing',
          },
        );
      }
      return { action: 'pass', void: !reaches };
    }
    default:
      reportUnknown(
        problems,
        node,
        'action',
        'ALLOW, DROP, REJECT or JUMP_TO_APPLICATION',
        'the rule is taken to drop',
      );
      return { action: 'drop', void: false };
  }
}

function readDirection(problems: Problems, node: RecordNode): Rule['direction'] | 'unknown' {
  const text = textAt(problems, node, 'direction');
  if (text === null || text === 'IN_OUT') return 'both';
  if (text === 'IN') return 'in';
  if (text === 'OUT') return 'out';
  return reportUnknown(problems, node, 'direction', 'IN, OUT or IN_OUT', CLOSED);
}

function readFamily(problems: Problems, node: RecordNode): 4 | 6 | null | 'unknown' {
  const text = textAt(problems, node, 'ip_protocol');
  if (text === null || text === 'IPV4_IPV6') return null;
  if (text === 'IPV4') return 4;
  if (text === 'IPV6') return 6;
  return reportUnknown(problems, node, 'ip_protocol', 'IPV4, IPV6 or IPV4_IPV6', CLOSED);
}

const CLOSED = 'if the rule allows, it is taken to match nothing, if it denies, everything';

function reportUnknown(problems: Problems, node: RecordNode, key: string, expected: string, taken: string): 'unknown' {
  const { value } = fieldOf(node, key);
  const message =
    value == null
      ? `this rule has no ${quote(key)}`
      : `${quote(String(value))} is not a ${quote(key)} that is understood`;
  problems.report('warning', 'nsx/unknown-value', message, spanOf(fieldOf(node, key)), {
    help: `expected is ${expected}; ${taken}`,
  });
  return 'unknown';
}

function readRuleScope(problems: Problems, node: RecordNode, scoped: boolean, groups: Groups): Rule['appliesTo'] {
  if (!scoped) return readScope(problems, node, groups);
  const { value } = fieldOf(node, 'scope');
  if (Array.isArray(value) && value.some((entry) => typeof entry === 'string' && entry.toUpperCase() !== 'ANY')) {
    problems.count(
      'note',
      'nsx/rule-scope-ignored',
      '',
      (times) => `${countOf(times, 'rule')} with a scope in a policy that has one`,
      () => spanOf(fieldOf(node, 'scope')),
      "the policy's scope takes the place of those of its rules",
    );
  }
  return null;
}

function sayEthernet(problems: Problems, node: RecordNode): void {
  problems.count(
    'warning',
    'nsx/ethernet-not-judged',
    '',
    (times) => `${countOf(times, 'rule')} of the ethernet category that ${times === 1 ? 'drops' : 'drop'} frames`,
    () => spanOf(node),
    'answers are about IP flows, which such a rule may block too',
  );
}

/** What people wrote about the rule, its label in packet logs, and its number there. */
function readDoc(problems: Problems, node: RecordNode): string | null {
  const label = textAt(problems, node, 'tag');
  const number = numberAt(problems, node, 'rule_id');
  const lines = [
    textAt(problems, node, 'description'),
    textAt(problems, node, 'notes'),
    label === null || label === '' ? null : `log label ${label}`,
    number === null ? null : `rule id ${number}`,
  ].filter((line) => line !== null && line !== '');
  return lines.length === 0 ? null : lines.join('\n');
}
