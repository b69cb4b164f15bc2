// Turns bulkhead.yaml into settings: which layers a command reads when it is given none, and how findings are judged.
// A setting that does not exist is an error with the nearest one that does: a misspelt one would be lost in silence.
// Finding the file is left to find-config.ts; the paths in it are relative to where it lies.
import * as z from 'zod';
import { nearest } from '../base/suggest.ts';
import { type Document, readDocuments } from '../importers/document.ts';
import { type Code, codes, findCode } from '../text/codes.ts';
import { type Diagnostic, error, hasErrors, note, type Severity } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';

export const CONFIG_FILE = 'bulkhead.yaml';

/** How a finding is judged instead of as its code says. */
export type Judgement = Severity | 'off';

export interface Config {
  /** Paths as written, relative to the folder of the file. */
  readonly layers: readonly string[];
  readonly world: readonly string[];
  /** The variant of the platform that manifests are judged by; null: its specification alone. */
  readonly dialect: string | null;
  /** The git revision that changes are compared with; null: none. */
  readonly base: string | null;
  /** The file of findings that are put up with; null: the usual one, if it is there. */
  readonly baseline: string | null;
  readonly judgements: ReadonlyMap<Code, Judgement>;
}

export const NO_CONFIG: Config = {
  layers: [],
  world: [],
  dialect: null,
  base: null,
  baseline: null,
  judgements: new Map(),
};

const text = z.string().min(1);
const schema = z.strictObject({
  version: z.literal(1),
  layers: z.array(text).min(1).optional(),
  world: z.union([text, z.array(text)]).optional(),
  dialect: text.optional(),
  base: text.optional(),
  lint: z.record(z.string(), z.enum(['off', 'note', 'warning', 'error'])).optional(),
  baseline: text.optional(),
  budgets: z.record(z.string(), z.int().nonnegative()).optional(),
});

const KEYS = Object.keys(schema.shape);

/** What each setting takes, in the words of a message. */
const EXPECTED: Readonly<Record<string, string>> = {
  version: 'the number 1',
  layers: 'a list of paths',
  world: 'a path or a list of paths',
  dialect: 'a name',
  base: 'a git revision',
  lint: '`off`, `note`, `warning` or `error` under the code of a finding',
  baseline: 'a path',
  budgets: 'a whole number under the name of a budget',
};

/** Settings whose meaning comes with commands that are not there yet. */
const LATER = ['budgets'] as const;

/** The settings of a configuration; null with errors where it cannot be used. */
export function parseConfig(source: Source): {
  readonly config: Config | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { documents, diagnostics: problems } = readDocuments(source);
  const document = documents[0];
  if (document === undefined || documents.length > 1) {
    const diagnostics = hasErrors(problems) ? problems : [...problems, describeCount(source, documents)];
    return { config: null, diagnostics };
  }
  const parsed = schema.safeParse(document.value);
  if (!parsed.success) {
    return { config: null, diagnostics: [...problems, ...parsed.error.issues.flatMap((i) => describe(i, document))] };
  }
  const { layers = [], world = [], dialect = null, base = null, baseline = null, lint = {} } = parsed.data;
  const unknown = Object.keys(lint).filter((code) => findCode(code) === null);
  const diagnostics = [
    ...problems,
    ...unknown.map((code) => unknownCode(code, document)),
    ...LATER.filter((key) => parsed.data[key] !== undefined).map((key) =>
      note('config/not-supported-yet', `\`${key}\` is not supported yet: it has no effect`, document.keySpanOf([key])),
    ),
  ];
  if (hasErrors(diagnostics)) return { config: null, diagnostics };
  const judgements = new Map(Object.entries(lint) as [Code, Judgement][]);
  const worlds = typeof world === 'string' ? [world] : world;
  return { config: { layers, world: worlds, dialect, base, baseline, judgements }, diagnostics };
}

/**
 * The findings as the configuration judges them. An error stays an error whatever is written: what was not understood
 * cannot be called unimportant.
 */
export function judge(
  diagnostics: readonly Diagnostic[],
  judgements: ReadonlyMap<Code, Judgement>,
): readonly Diagnostic[] {
  if (judgements.size === 0) return diagnostics;
  return diagnostics.flatMap((d) => {
    const severity = d.severity === 'error' ? undefined : judgements.get(d.code);
    return severity === undefined ? [d] : severity === 'off' ? [] : [{ ...d, severity }];
  });
}

function describeCount(source: Source, documents: readonly Document[]): Diagnostic {
  const place = documents[1]?.spanOf([]) ?? { file: source.name, start: 0, end: 0 };
  const message = documents.length === 0 ? 'the configuration is empty' : 'a configuration is one document';
  return error('config/version', message, place, { help: 'it begins with `version: 1`' });
}

function describe(issue: z.core.$ZodIssue, document: Document): readonly Diagnostic[] {
  const path = issue.path as readonly (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, KEYS);
      const help =
        near === null ? `settings are ${KEYS.map((k) => `\`${k}\``).join(', ')}` : `did you mean \`${near}\`?`;
      return error('config/unknown-key', `there is no setting \`${key}\``, document.keySpanOf([...path, key]), {
        help,
      });
    });
  }
  const [key] = path;
  if (key === undefined) {
    return [error('config/invalid-value', 'a configuration is a mapping of settings', document.spanOf([]))];
  }
  if (key === 'version') {
    const given = Object.hasOwn(document.value as object, 'version');
    const message = given ? 'this version of the configuration is not known' : 'the configuration has no `version`';
    return [error('config/version', message, document.spanOf(path), { help: 'write `version: 1`' })];
  }
  return [error('config/invalid-value', `\`${key}\` takes ${EXPECTED[key]}`, document.spanOf(path))];
}

function unknownCode(code: string, document: Document): Diagnostic {
  const near = nearest(code, Object.keys(codes));
  return error('config/invalid-value', `there is no finding \`${code}\``, document.keySpanOf(['lint', code]), {
    help: near === null ? null : `did you mean \`${near}\`?`,
  });
}
