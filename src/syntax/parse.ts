// Turns the text of a policy file into its syntax tree and a list of everything that is wrong with it.
// The whole is parsed in large pieces; where one fails, its statements are parsed one by one, and where a statement
// with a block fails, its lines: so every mistake is found, and what is right around it is still there. Never throws.
// Names get no meaning here.
import type { Diagnostic } from '../text/diagnostic.ts';
import { sortDiagnostics } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';
import { attachComments } from './attach.ts';
import { type Parsed, runGrammar, type StartRule } from './grammar.ts';
import { findBlock, isBroken, splitLines } from './lexical/lines.ts';
import { type Reports, startReports } from './lexical/reports.ts';
import { isRuleStart, scan, type TokenRange, type Tokens } from './lexical/scan.ts';
import { unitOf, units, type Word } from './lexical/words.ts';
import { reportProblem } from './problems.ts';
import type { ChangeNode, FlowNode, PeerNode, ServiceNode, Statement, Tree } from './tree.ts';
import { reportUnexpected } from './unexpected.ts';

export interface ParsedFile {
  /** What could be read. Where `diagnostics` has an error, parts of the file are missing from it. */
  readonly tree: Tree;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A piece of the language given by itself, such as a question on the command line; null where it has errors. */
export interface ParsedText<T> {
  readonly node: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a policy file. Spans refer to the text of `source` as it is. */
export function parsePolicyFile(source: Source): ParsedFile {
  const reports = startReports(source.name);
  const tokens = scan(source, reports);
  const span = { file: source.name, start: 0, end: source.text.length };
  const empty: Tree = { file: source.name, statements: [], comments: [], span };
  if (tokens === null) return { tree: empty, diagnostics: sortDiagnostics(reports.all) };
  const statements = parseStatements(tokens, reports);
  const tree = attachComments({ ...empty, statements }, tokens);
  return { tree, diagnostics: sortDiagnostics(reports.all) };
}

/** Reads `SRC -> DST [on SERVICE]`. */
export function parseFlowText(source: Source): ParsedText<FlowNode> {
  return parseText(source, 'Flow');
}

/** Reads a peer, such as `web` or `vms where tier == db`. */
export function parsePeerText(source: Source): ParsedText<PeerNode> {
  return parseText(source, 'Peer');
}

/** Reads a service, such as `tcp/443` or `https, dns`. */
export function parseServiceText(source: Source): ParsedText<ServiceNode> {
  return parseText(source, 'Service');
}

/** Reads one change, such as `move web-01 to esx-2`. */
export function parseChangeText(source: Source): ParsedText<ChangeNode> {
  return parseText(source, 'Change');
}

function parseText<T>(source: Source, rule: StartRule): ParsedText<T> {
  const reports = startReports(source.name);
  const tokens = scan(source, reports);
  if (tokens === null || reports.all.length > 0) return { node: null, diagnostics: sortDiagnostics(reports.all) };
  const range = { from: 0, to: tokens.units.replace(/;+$/, '').length };
  const parsed = runGrammar<T>(tokens, rule, range);
  if (parsed.ok) reportProblems(tokens, parsed, reports);
  else reportUnexpected(tokens, range, parsed, reports);
  return { node: parsed.ok && reports.all.length === 0 ? parsed.value : null, diagnostics: reports.all };
}

/** Pieces of this many lines are parsed at once: a call of the parser has a price, and so has parsing twice. */
const PIECE = 256;

/** A statement of more words and marks was not meant to be one; the parser's memory grows with its length. */
const LONGEST_STATEMENT = 400_000;

function parseStatements(tokens: Tokens, reports: Reports): readonly Statement[] {
  const statements: Statement[] = [];
  const lines = splitLines(tokens, { from: 0, to: tokens.units.length });
  for (const piece of piecesOf(lines.filter((line) => !isTooLong(tokens, line, reports)))) {
    const whole = { from: piece[0]?.from ?? 0, to: piece.at(-1)?.to ?? 0 };
    const parsed = isBroken(tokens, whole) ? null : runGrammar<readonly Statement[]>(tokens, 'Statements', whole);
    if (parsed?.ok === true) {
      reportProblems(tokens, parsed, reports);
      for (const statement of parsed.value) statements.push(statement);
      continue;
    }
    for (const range of piece) {
      if (reports.full) return statements;
      const statement = parseStatement(tokens, range, reports);
      if (statement !== null) statements.push(statement);
    }
  }
  return statements;
}

function isTooLong(tokens: Tokens, { from, to }: TokenRange, reports: Reports): boolean {
  if (to - from <= LONGEST_STATEMENT) return false;
  const message = `this statement has more than ${LONGEST_STATEMENT / 1000} thousand words and marks`;
  reports.add('syntax/too-long', message, tokens.starts[from] ?? 0, tokens.ends[from] ?? 0, 'split it into several');
  return true;
}

function parseStatement(tokens: Tokens, range: TokenRange, reports: Reports): Statement | null {
  const whole = isBroken(tokens, range) ? null : runGrammar<Statement>(tokens, 'Statement', range);
  if (whole?.ok === true) {
    reportProblems(tokens, whole, reports);
    return whole.value;
  }
  const block = BLOCKS.get(tokens.units[range.from] ?? '');
  const brace = findBlock(tokens, range);
  if (block === undefined || brace === null) {
    if (whole !== null) reportUnexpected(tokens, range, whole, reports);
    return null;
  }
  // The lines that cannot be read are passed over, and then the statement is read without them.
  const bad = findBadLines(tokens, block, { from: brace + 1, to: range.to - 1 }, reports);
  if (isBroken(tokens, { from: range.from, to: brace + 1 })) return null;
  const written = blankOut(tokens, range, bad);
  const rest = runGrammar<Statement>(tokens, 'Statement', range, written);
  if (rest.ok) {
    reportProblems(tokens, rest, reports);
    return rest.value;
  }
  reportUnexpected(tokens, range, rest, reports);
  return null;
}

interface Block {
  readonly lines: StartRule;
  readonly line: StartRule;
}

const propertyBlock: Block = { lines: 'PropertyLines', line: 'PropertyLine' };
const worldWords: readonly Word[] = [
  ...(['site', 'tunnel', 'tier0', 'tier1', 'segment', 'host', 'namespace', 'service-address', 'host-alias'] as const),
  ...(['vm', 'container', 'pod-vm', 'instance', 'bare-metal'] as const),
];

/** What the lines of a block are, by the first word of the statement. */
const BLOCKS: ReadonlyMap<string, Block> = new Map<string, Block>([
  [unitOf('policy'), { lines: 'PolicyLines', line: 'PolicyLine' }],
  [unitOf('test'), { lines: 'TestItems', line: 'TestItem' }],
  [unitOf('tiers'), { lines: 'Tiers', line: 'Tier' }],
  [unitOf('invariant'), { lines: 'Claims', line: 'Claim' }],
  [unitOf('dialect'), { lines: 'Settings', line: 'Setting' }],
  [unitOf('change'), { lines: 'ChangeLines', line: 'ChangeLine' }],
  [unitOf('scenario'), { lines: 'Steps', line: 'Step' }],
  ...worldWords.map((word) => [unitOf(word), propertyBlock] as const),
]);

/** Reports what is wrong in the lines of a block; the ranges that cannot be read. */
function findBadLines(tokens: Tokens, block: Block, range: TokenRange, reports: Reports): readonly TokenRange[] {
  const bad: TokenRange[] = [];
  for (const piece of piecesOf(splitLines(tokens, range))) {
    const whole = { from: piece[0]?.from ?? 0, to: piece.at(-1)?.to ?? 0 };
    if (!isBroken(tokens, whole) && runGrammar(tokens, block.lines, whole).ok) continue;
    for (const line of piece) {
      if (reports.full) return bad;
      bad.push(...findBadParts(tokens, block, line, reports));
    }
  }
  return bad;
}

/** The parts of one line that cannot be read: all of it, or what is before a rule that plainly starts in it. */
function findBadParts(tokens: Tokens, block: Block, line: TokenRange, reports: Reports): readonly TokenRange[] {
  const bad: TokenRange[] = [];
  let rest = line;
  while (!reports.full) {
    if (isBroken(tokens, rest)) return [...bad, rest];
    const parsed = runGrammar(tokens, block.line, rest);
    if (parsed.ok) return bad;
    reportUnexpected(tokens, line, parsed, reports);
    if (parsed.token <= rest.from || parsed.token >= line.to || !isRuleStart(tokens, parsed.token))
      return [...bad, rest];
    bad.push({ from: rest.from, to: parsed.token });
    rest = { from: parsed.token, to: line.to };
  }
  return bad;
}

/** The units of a range, with line ends instead of the bad parts. */
function blankOut(tokens: Tokens, range: TokenRange, bad: readonly TokenRange[]): string {
  const parts: string[] = [];
  let at = range.from;
  for (const { from, to } of bad) {
    parts.push(tokens.units.slice(at, from), units.end.repeat(to - from));
    at = to;
  }
  return [...parts, tokens.units.slice(at, range.to)].join('');
}

function piecesOf(lines: readonly TokenRange[]): readonly (readonly TokenRange[])[] {
  const pieces: (readonly TokenRange[])[] = [];
  for (let at = 0; at < lines.length; at += PIECE) pieces.push(lines.slice(at, at + PIECE));
  return pieces;
}

function reportProblems(tokens: Tokens, parsed: Parsed<unknown>, reports: Reports): void {
  for (const problem of parsed.problems) reportProblem(tokens, problem, reports);
}
