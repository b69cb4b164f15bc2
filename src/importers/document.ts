// Turns a text into documents: plain values as JSON has them, and where in the text each of them was written.
// JSON and YAML, one document or several. Every importer and the inventory reader start here; what the values mean
// is theirs. Nothing throws on hostile input: size, depth and aliases are bounded, and every problem has a place.
import { type Diagnostic, error, warning } from '../text/diagnostic.ts';
import type { Source, Span } from '../text/source.ts';
import { JsonPositions } from './yaml/json-positions.ts';
import { countKeys, findJsonProblem, findRepeatedKeys, skipBlank, surveyJson } from './yaml/json-survey.ts';
import type { Path, Place } from './yaml/place.ts';
import { PlainPositions } from './yaml/plain-positions.ts';
import { type PlainStop, readPlainYaml } from './yaml/plain-yaml.ts';
import { readYaml, type YamlProblem } from './yaml/read-yaml.ts';

export type { Path };

/** One document of a source. */
export interface Document {
  readonly source: Source;
  /** Objects, arrays, text, numbers, booleans and null; object keys in the order written. */
  readonly value: unknown;
  /** Where the value at `path` is; the nearest value around it if there is none at `path`. Cheap enough for every rule. */
  readonly spanOf: (path: Path) => Span;
  /** Where the last key of `path` is; as `spanOf` for an item of a list. */
  readonly keySpanOf: (path: Path) => Span;
}

export interface Reading {
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
}

/** In UTF-16 units. The dump of a large installation is some tens of millions. */
const LARGEST = 128 * 1024 * 1024;
/** What is not plain YAML takes fifty times the time and memory. */
const LARGEST_INVOLVED = 512 * 1024;
const DEEPEST = 100;
const MOST_REPEATED = 20;

/**
 * Reads every document of a source. A document with an error in it is left out, with diagnostics; empty documents are
 * left out in silence. A text that starts with `{` or `[` and is valid JSON is read as JSON, everything else as YAML.
 */
export function readDocuments(source: Source): Reading {
  const { text } = source;
  const binary = text.search(NOT_TEXT);
  if (binary !== -1) {
    const code = (text.codePointAt(binary) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return failed(
      error('document/not-text', `this is not a text: it holds the character U+${code}`, span(source, binary, 1), {
        help: 'a compressed or binary file cannot be read; unpack it first',
      }),
    );
  }
  if (text.length > LARGEST) return failed(tooLarge(source));
  const opener = text.charAt(skipBlank(text, 0));
  return opener === '{' || opener === '[' ? readJson(source) : readAsYaml(source);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

// The YAML package makes a regular expression of each indentation, which takes all memory at some ten thousand columns.
const TOO_DEEP_LINE = /^(?:[ \t]*[-?:](?=[ \t])){200}|^[ \t]{2000}/m;

function readJson(source: Source): Reading {
  const { text } = source;
  const survey = surveyJson(text);
  if (survey.depth > DEEPEST) {
    return failed(
      error('document/too-deep', `collections lie ${survey.depth} deep in each other`, span(source, 0, 1), {
        help: `at most ${DEEPEST} are read`,
      }),
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (reason) {
    if (!(reason instanceof SyntaxError)) throw reason;
    return readBrokenJson(source);
  }
  if (countKeys(value) !== survey.keys) {
    const repeated = findRepeatedKeys(text, MOST_REPEATED);
    return failed(...repeated.map(({ key, first, again }) => repeatedKey(source, key, again, first)));
  }
  return { documents: [documentOf(source, value, new JsonPositions(text))], diagnostics: [] };
}

/** What starts like JSON may be YAML in flow style; if it is neither, it is told what is wrong with it as JSON. */
function readBrokenJson(source: Source): Reading {
  if (source.text.length <= LARGEST_INVOLVED) {
    const asYaml = readAsYaml(source);
    if (asYaml.diagnostics.length === 0) return asYaml;
  }
  const problem = findJsonProblem(source.text);
  const place = problem ?? { start: 0, end: 1, message: 'this is not valid JSON' };
  return failed(error('document/invalid-json', place.message, spanAt(source, place)));
}

/** Each document by the fast reader if it is plain, else by the one that reads everything. */
function readAsYaml(source: Source): Reading {
  const { text } = source;
  const documents: Document[] = [];
  const diagnostics: Diagnostic[] = [];
  let involved = 0;
  for (const { marker, start, end } of splitDocuments(text)) {
    const plain = readPlainYaml(text, start, end, DEEPEST);
    if ('value' in plain) {
      if (plain.value !== null) documents.push(documentOf(source, plain.value, new PlainPositions(text, start, end)));
      continue;
    }
    involved += end - marker;
    if (involved > LARGEST_INVOLVED) {
      diagnostics.push(tooInvolved(source, plain));
      break;
    }
    const read = readInvolved(source, marker, end);
    documents.push(...read.documents);
    diagnostics.push(...read.diagnostics);
  }
  return { documents, diagnostics };
}

function readInvolved(source: Source, start: number, end: number): Reading {
  const text = source.text.slice(start, end);
  const deep = text.search(TOO_DEEP_LINE);
  if (deep !== -1) {
    const place = span(source, start + deep, 1);
    return failed(error('document/too-deep', 'this line is indented deeper than any real one', place));
  }
  const { documents, problems } = readYaml(text, DEEPEST);
  const shift = (place: Place): Place => ({ start: place.start + start, end: place.end + start });
  return {
    documents: documents.map(({ value, find }) =>
      documentOf(source, value, {
        find: (path) => {
          const found = find(path);
          return { ...found, value: shift(found.value), key: found.key === null ? null : shift(found.key) };
        },
      }),
    ),
    diagnostics: problems.map((problem) =>
      describe(source, {
        ...problem,
        place: shift(problem.place),
        first: problem.first === null ? null : shift(problem.first),
      }),
    ),
  };
}

/** Where documents are: `marker` is before the `---` that a document may have, `start` behind it. */
function splitDocuments(
  text: string,
): readonly { readonly marker: number; readonly start: number; readonly end: number }[] {
  // A directive belongs to the document after the next marker, and is rare: the full reader takes all of it.
  if (DIRECTIVE.test(text)) return [{ marker: 0, start: 0, end: text.length }];
  const documents: { marker: number; start: number; end: number }[] = [];
  let marker = 0;
  let start = 0;
  for (const { index } of text.matchAll(MARKER)) {
    documents.push({ marker, start, end: index });
    marker = text.startsWith('---', index) ? index : index + 3;
    start = index + 3;
  }
  documents.push({ marker, start, end: text.length });
  return documents;
}

const DIRECTIVE = /^%/m;
const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;

function documentOf(
  source: Source,
  value: unknown,
  positions: {
    find(path: Path): { readonly value: Place; readonly key: Place | null; readonly complete: boolean };
  },
): Document {
  return {
    source,
    value,
    spanOf: (path) => {
      const found = positions.find(path);
      // Nothing is written where a value is left empty: then the key is what can be shown.
      const empty = found.value.start >= found.value.end;
      return spanAt(source, empty && found.key !== null ? found.key : found.value);
    },
    keySpanOf: (path) => {
      const found = positions.find(path);
      return spanAt(source, found.complete && found.key !== null ? found.key : found.value);
    },
  };
}

function describe(source: Source, problem: YamlProblem): Diagnostic {
  const place = spanAt(source, problem.place);
  switch (problem.kind) {
    case 'duplicate-key':
      return repeatedKey(source, problem.message, problem.place, problem.first);
    case 'aliases':
      return error('document/aliases', problem.message, place, {
        help: 'write the repeated part out, or split the document',
      });
    case 'too-deep':
      return error('document/too-deep', problem.message, place);
    case 'tag':
      return warning('document/unknown-tag', problem.message, place);
    case 'syntax':
      return error('document/invalid-yaml', problem.message, place, { help: templateHelp(source, problem.place) });
  }
}

/** Charts are the most common files that look like manifests and are not. */
function templateHelp(source: Source, place: Place): string | null {
  const line = source.text.slice(Math.max(0, place.start - 200), place.end + 200);
  return line.includes('{{') ? 'this looks like a template: render it first, for example with `helm template`' : null;
}

function repeatedKey(source: Source, key: string, again: Place, first: Place | null): Diagnostic {
  return error('document/duplicate-key', `the key \`${key}\` is given twice`, spanAt(source, again), {
    notes: first === null ? [] : [{ message: 'first given here', span: spanAt(source, first) }],
  });
}

function tooLarge(source: Source): Diagnostic {
  const size = Math.ceil(source.text.length / MIB);
  return error('document/too-large', `the file has ${size} MiB of text`, span(source, 0, 1), {
    help: `at most ${LARGEST / MIB} MiB are read; split the dump`,
  });
}

function tooInvolved(source: Source, { stoppedAt: at, repeatedKey: key }: PlainStop): Diagnostic {
  if (key !== null) return repeatedKey(source, key, { start: at, end: at + key.length }, null);
  const message = `this is not plain YAML, of which only ${LARGEST_INVOLVED / 1024} KiB a file can be read`;
  return error('document/too-large', message, span(source, at, 1), {
    help: 'mend it if it is a mistake, write out anchors and tags, or export the same as JSON',
  });
}

const MIB = 1024 * 1024;

function failed(...diagnostics: readonly Diagnostic[]): Reading {
  return { documents: [], diagnostics };
}

function span(source: Source, start: number, length: number): Span {
  return { file: source.name, start, end: Math.min(start + length, source.text.length) };
}

function spanAt(source: Source, place: Place): Span {
  return { file: source.name, start: place.start, end: place.end };
}
