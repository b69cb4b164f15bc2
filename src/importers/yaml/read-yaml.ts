// Turns YAML of any form (anchors, tags, flow and block style, several documents) into plain values with places, by the
// yaml package. YAML 1.2 core schema with merge keys; keys are text. Bounds on size are set by the caller.
import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLError, type YAMLMap } from 'yaml';
import type { Path, Place } from './place.ts';

export interface YamlProblem {
  readonly kind: 'syntax' | 'duplicate-key' | 'aliases' | 'too-deep' | 'tag';
  readonly message: string;
  readonly place: Place;
  /** The first of two equal keys. */
  readonly first: Place | null;
}

export interface YamlDocument {
  readonly value: unknown;
  readonly place: Place;
  readonly find: (path: Path) => { readonly value: Place; readonly key: Place | null; readonly complete: boolean };
}

export interface YamlReading {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** Aliases may repeat at most this many nodes, so that a few lines cannot unfold into gigabytes. */
const MOST_ALIASES = 1000;

/** Reads every document; one with a problem is left out, the others are kept. Empty documents are left out too. */
export function readYaml(text: string, deepest: number): YamlReading {
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  const parsed = parseAllDocuments(text, {
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    merge: true,
    logLevel: 'silent',
  });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const root = document.contents;
    problems.push(...document.warnings.map((warning) => describe(text, warning, 'tag')));
    const wrong = document.errors.slice(0, MOST_PROBLEMS).map((problem) => describe(text, problem, 'syntax'));
    if (root === null || isEmpty(root)) {
      problems.push(...wrong);
      continue;
    }
    const place = placeOf(root);
    wrong.push(...findNodeProblems(root, deepest));
    problems.push(...wrong);
    if (wrong.length > 0) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
      documents.push({ value, place, find: (path) => find(root, path) });
    } catch (reason) {
      // The package counts aliases while it unfolds them, and has no other way to say so than to throw this.
      if (!(reason instanceof ReferenceError)) throw reason;
      problems.push({ kind: 'aliases', message: 'aliases repeat too much here', place, first: null });
    }
  }
  return { documents, problems };
}

const MOST_PROBLEMS = 20;

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

function placeOf(node: Node): Place {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: Math.max(start, end) };
}

function find(
  root: Node,
  path: Path,
): { readonly value: Place; readonly key: Place | null; readonly complete: boolean } {
  let node: Node = root;
  let key: Place | null = null;
  for (const step of path) {
    const next = childOf(root, node, step);
    if (next === null) return { value: placeOf(node), key, complete: false };
    node = next.node;
    key = next.key;
  }
  return { value: placeOf(node), key, complete: true };
}

interface Child {
  readonly node: Node;
  readonly key: Place | null;
}

/** An item or the value of a key; a value that came through an alias or a merge key is found where it was written. */
function childOf(root: Node, parent: Node, step: string | number): Child | null {
  const node = isAlias(parent) ? anchored(root, parent.source) : parent;
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? null : { node: item as Node, key: null };
  }
  if (!isMap(node)) return null;
  for (const pair of node.items) {
    if (isScalar(pair.key) && String(pair.key.value) === String(step)) {
      const key = placeOf(pair.key);
      return { node: (pair.value as Node | null) ?? pair.key, key };
    }
  }
  for (const { value } of mergesOf(node)) {
    const found = childOf(root, value, step);
    if (found !== null) return found;
  }
  return null;
}

function mergesOf(node: YAMLMap): readonly { readonly value: Node }[] {
  return node.items.flatMap((pair) => {
    if (!isScalar(pair.key) || pair.key.source !== '<<' || pair.value === null) return [];
    const value = pair.value as Node;
    return isSeq(value) ? value.items.map((item) => ({ value: item as Node })) : [{ value }];
  });
}

function anchored(root: Node, name: string): Node | null {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isAlias(node) && 'anchor' in node && node.anchor === name) return node;
    open.push(...nodesIn(node));
  }
  return null;
}

function nodesIn(node: Node): readonly Node[] {
  if (isSeq(node)) return node.items as Node[];
  if (isMap(node)) return node.items.flatMap((pair) => (pair.value === null ? [] : [pair.value as Node]));
  return [];
}

/** Equal keys and too deep nesting, which the package either does not look for or looks for in quadratic time. */
function findNodeProblems(root: Node, deepest: number): readonly YamlProblem[] {
  const problems: YamlProblem[] = [];
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > deepest) {
      problems.push({
        kind: 'too-deep',
        message: `more than ${deepest} collections lie in each other here`,
        place: placeOf(node),
        first: null,
      });
      return problems;
    }
    if (isMap(node)) {
      const keys = new Map<string, Place>();
      for (const { key } of node.items) {
        if (!isScalar(key) || key.source === '<<') continue;
        const name = String(key.value);
        const first = keys.get(name) ?? null;
        if (first === null) keys.set(name, placeOf(key));
        else if (problems.length < MOST_PROBLEMS) {
          problems.push({ kind: 'duplicate-key', message: name, place: placeOf(key), first });
        }
      }
    }
    for (const child of nodesIn(node)) open.push({ node: child, depth: depth + 1 });
  }
  return problems;
}

function describe(text: string, problem: YAMLError, kind: 'syntax' | 'tag'): YamlProblem {
  const [start, end] = problem.pos;
  const place = { start: Math.min(start, text.length), end: Math.min(Math.max(end, start), text.length) };
  const tooDeep = problem.code === 'RESOURCE_EXHAUSTION';
  return { kind: tooDeep ? 'too-deep' : kind, message: MESSAGES[problem.code], place, first: null };
}

const MESSAGES: Readonly<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: 'an alias can have neither an anchor nor a tag',
  BAD_ALIAS: 'this alias refers to no anchor before it',
  BAD_COLLECTION_TYPE: 'this tag does not fit what follows it',
  BAD_DIRECTIVE: 'this directive is not valid',
  BAD_DQ_ESCAPE: 'this escape is not known',
  BAD_INDENT: 'the indentation here fits nothing above it',
  BAD_PROP_ORDER: 'an anchor or a tag must come before the indicator here',
  BAD_SCALAR_START: 'a plain value cannot start with this character: quote it',
  BLOCK_AS_IMPLICIT_KEY: 'a key must be on one line',
  BLOCK_IN_FLOW: 'an indented block cannot be inside brackets',
  DUPLICATE_KEY: 'this key is given twice',
  IMPOSSIBLE: 'nothing can be made of this',
  KEY_OVER_1024_CHARS: 'a key must be shorter than 1024 characters and followed by `:`',
  MISSING_CHAR: 'a closing quote, bracket, comma, colon or blank is missing here',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; is a `:` missing?',
  MULTIPLE_ANCHORS: 'a value can have only one anchor',
  MULTIPLE_DOCS: 'a document must be separated from the one before by `---`',
  MULTIPLE_TAGS: 'a value can have only one tag',
  NON_STRING_KEY: 'a key must be plain text',
  RESOURCE_EXHAUSTION: 'too many collections lie in each other here',
  TAB_AS_INDENT: 'indentation must be blanks, not tabs',
  TAG_RESOLVE_FAILED: 'this tag is not known, and is ignored',
  UNEXPECTED_TOKEN: 'this is not expected here',
};
