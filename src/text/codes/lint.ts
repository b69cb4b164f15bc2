// Codes of what `lint` finds in policies that mean what they say: rules that do nothing, or more than they should.
// One line a code, sorted; each has a page docs/codes/lint-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const lintCodes = {
  'lint/contradictory-tie': { severity: 'warning', summary: 'rules that tie meet on a flow and do different things' },
  'lint/denied-name': {
    severity: 'warning',
    summary: 'a rule denies a domain name, which nothing can be relied on to do',
  },
  'lint/expired': { severity: 'warning', summary: 'the end of a rule or a policy is over' },
  'lint/expired-baseline': { severity: 'warning', summary: 'the baseline has ended: what it lists is shown again' },
  'lint/expiring': { severity: 'note', summary: 'a rule or a policy ends within a month' },
  'lint/invalid-baseline': { severity: 'error', summary: 'a file is no baseline' },
  'lint/invalid-suppression': { severity: 'warning', summary: 'a comment that is to suppress a finding is not valid' },
  'lint/isolation-without-dns': {
    severity: 'note',
    summary: 'workloads may start connections, and ask no name server',
  },
  'lint/missing-ipv6': {
    severity: 'warning',
    summary: 'a rule is about one IP version, and the other fares differently',
  },
  'lint/missing-owner': { severity: 'warning', summary: 'nobody answers for a rule (only where asked for)' },
  'lint/missing-reason': { severity: 'warning', summary: 'a rule does not say why it is there (only where asked for)' },
  'lint/never-present': { severity: 'warning', summary: 'a rule stands nowhere where its flows are judged' },
  'lint/one-sided': { severity: 'warning', summary: 'what a rule allows at one end is denied at the other' },
  'lint/or-for-and': {
    severity: 'warning',
    summary: 'two entries of a list of peers allow either, where both may be meant',
  },
  'lint/over-broad': { severity: 'warning', summary: 'a rule lets in the whole internet, or allows every service' },
  'lint/pod-addresses': { severity: 'warning', summary: 'a rule names addresses that workloads of its own layer have' },
  'lint/redundant': { severity: 'warning', summary: 'a rule decides flows that get the same verdict without it' },
  'lint/selects-everything': { severity: 'note', summary: 'a selector has a condition that every workload fulfils' },
  'lint/selects-nothing': { severity: 'warning', summary: 'a selector or a group has no member in this inventory' },
  'lint/shadowed': { severity: 'warning', summary: 'a rule decides nothing: earlier ones take all that it names' },
  'lint/staged': { severity: 'warning', summary: 'a rule or a policy is staged without an end' },
  'lint/stale-baseline': { severity: 'note', summary: 'the baseline lists findings that are not there any more' },
  'lint/stateless-without-reply': {
    severity: 'warning',
    summary: 'a rule keeps no state, and answers are not allowed',
  },
  'lint/unreachable-pass': { severity: 'warning', summary: 'a rule passes on nothing: earlier ones decide all of it' },
  'lint/unused-definition': { severity: 'warning', summary: 'a group, address set, service or label is not used' },
  'lint/unused-suppression': { severity: 'warning', summary: 'a comment suppresses a finding that is not there' },
} as const satisfies CodesOf<'lint'>;
