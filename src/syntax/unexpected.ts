// Turns the place where the grammar stopped into a message: what was found, a short list of what could have stood
// there, and what was probably meant.
import { nearest } from '../base/suggest.ts';
import { shorten } from '../text/printable.ts';
import type { Stopped } from './grammar.ts';
import type { Reports } from './lexical/reports.ts';
import { isRuleStart, startsLine, type TokenRange, type Tokens } from './lexical/scan.ts';
import { isReserved, units } from './lexical/words.ts';

/** Reports where the parser stopped in a range of tokens. */
export function reportUnexpected(tokens: Tokens, range: TokenRange, stopped: Stopped, reports: Reports): void {
  const found = readFound(tokens, range, stopped.token);
  const expected = shortenList(stopped.expected);
  const message = `expected ${joinWords(expected)}, found ${found.shown}`;
  reports.add('syntax/unexpected', message, found.start, found.end, suggest(tokens, stopped, found));
}

interface Found {
  readonly shown: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function readFound(tokens: Tokens, range: TokenRange, token: number): Found {
  const { starts, ends, source } = tokens;
  const start = starts[token];
  const end = ends[token];
  const isWritten = start !== undefined && end !== undefined && end > start;
  if (isWritten && !isBeyond(tokens, token) && (token < range.to || tokens.units[token] !== units.end)) {
    const text = source.text.slice(start, end);
    return { shown: `\`${shorten(text, 40)}\``, text, start, end };
  }
  const place = ends[token - 1] ?? 0;
  return { shown: `the end of the ${start === undefined ? 'file' : 'line'}`, text: '', start: place, end: place };
}

/** Whether the token is on a later line and was not meant as a part of this one: a bracket or the next rule. */
function isBeyond(tokens: Tokens, token: number): boolean {
  if (isRuleStart(tokens, token)) return true;
  return tokens.units[token] === '}' && startsLine(tokens, token);
}

interface Group {
  /** What is called that when all of these words were expected. */
  readonly name: string;
  readonly marks: readonly string[];
  /** What it then stands for. */
  readonly members: RegExp;
}

// A word that only starts the thing, and everything else that may start it.
const GROUPS: readonly Group[] = [
  {
    name: 'a peer',
    marks: ['internet'],
    members:
      /^(a name|an address|`(any|nothing|internet|external|hosts|addresses|segment|site|host|workload|fqdn|opaque|not|\(|workloads|vms|containers|pods|pod-vms|instances|bare-metals)`)$/,
  },
  { name: 'a service', marks: ['icmp6'], members: /^(a name|`(any|tcp|udp|sctp|icmp|icmp6|proto|port|\()`)$/ },
  { name: 'a condition', marks: ['has'], members: /^(a name|`(not|has|address|\()`)$/ },
  {
    name: 'a comparison such as `==`',
    marks: ['matches'],
    members: /^`(==|!=|in|not|like|starts|ends|contains|matches)`$/,
  },
  { name: 'a statement', marks: ['scenario'], members: /./ },
  { name: 'a line of a test such as `allow` or `deny`', marks: ['given'], members: /^`(?!\})/ },
  { name: 'a change, `opens` or `closes`', marks: ['opens'], members: /^`(?!\})/ },
  { name: 'a change', marks: ['restore'], members: /^`(?!\})/ },
  { name: 'an operator', marks: [',', 'except'], members: /^`([/.,]|or|and|except|from)`$/ },
  { name: 'a rule', marks: ['reject', 'log'], members: /^`(allow|drop|reject|pass)`$/ },
  {
    name: 'an option',
    marks: ['stateless'],
    members:
      /^`(applies|ipv4|ipv6|stateless|strict|disabled|staged|log|window|until|reason|owner|ticket|directions|priority|sequence|originally|opaque)`$/,
  },
];

const LONGEST_LIST = 5;

/** Names for what stands together, and then no more than a reader takes in at once. */
function shortenList(expected: readonly string[]): readonly string[] {
  let list = [...expected];
  for (const { name, marks, members } of GROUPS) {
    if (!marks.every((mark) => list.includes(`\`${mark}\``))) continue;
    list = [...list.filter((item) => !members.test(item)), name];
  }
  const end = list.indexOf('the end of the line');
  if (end !== -1) list.push(...list.splice(end, 1));
  return list.length > LONGEST_LIST ? list.slice(0, LONGEST_LIST) : list;
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

// Words of other rule languages.
const SYNONYMS: Readonly<Record<string, string>> = {
  permit: 'allow',
  accept: 'allow',
  deny: 'drop',
  block: 'drop',
  discard: 'drop',
  goto: 'pass',
  jump: 'pass',
  return: 'pass',
  src: 'from',
  with: 'on',
  to: '->',
  '=': '==',
  '==': '=',
  include: 'import',
  host: 'workload',
};

/** The change that is probably meant by a word that starts none. */
const CHANGES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['allow', 'drop', 'reject', 'pass', 'deny', 'permit', 'block'].map((word) => [
      word,
      `add to POLICY: ${SYNONYMS[word] ?? word} NAME: SOURCE -> DESTINATION on SERVICE`,
    ]),
  ),
  label: 'set WORKLOAD labels KEY=VALUE',
};

function suggest(tokens: Tokens, stopped: Stopped, found: Found): string | null {
  const { expected, token } = stopped;
  const words = expected.flatMap((item) => /^`(.+)`$/.exec(item)?.[1] ?? []);
  const synonym = SYNONYMS[found.text.toLowerCase()];
  if (synonym !== undefined && words.includes(synonym)) return `write \`${synonym}\``;
  const change = words.includes('restore') ? CHANGES[found.text.toLowerCase()] : undefined;
  if (change !== undefined) return `write \`${change}\``;
  const near = found.text === '' ? null : nearest(found.text, words);
  if (near !== null) return `did you mean \`${near}\`?`;
  if (expected.includes('a quoted name') && WORD.test(found.text)) return `write \`"${found.text}"\``;
  if (/^[0-9]+$/.test(found.text) && tokens.units[token + 1] === '.') return 'an IPv4 address has four numbers';
  const isTight = tokens.starts[token] === tokens.ends[token - 1];
  const runsOn = WORD.test(found.text) && 'nadrt'.includes(tokens.units[token - 1] ?? ' ');
  if (isTight && (/^[./:=]$/.test(found.text) || runsOn)) return 'a name or value with such characters in it is quoted';
  if (!expected.includes('a name')) return null;
  if (isReserved(found.text))
    return `\`${found.text}\` is a word of the language; write \`"${found.text}"\` if it is a name`;
  return /^[0-9]+$/.test(found.text) ? `write \`"${found.text}"\` if it is a name` : null;
}

const WORD = /^\w/;
