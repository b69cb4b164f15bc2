// Turns the configuration of a server (`bulkhead.server/1`, YAML) into settings. Each section is a file of its own; a
// setting that does not exist is an error with the nearest one that does. Paths are relative to the file.
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { nearest } from '../../base/suggest.ts';
import { type Document, readDocuments } from '../../importers/document.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import { authSection } from './auth.ts';
import { feedsSection } from './feeds.ts';
import { limitsSection } from './limits.ts';
import { listenSection, tlsSection } from './listen.ts';
import { logsSection } from './logs.ts';
import { bundlesSection, pointsSection } from './points.ts';
import { gatesSection, privateSection, projectsSection } from './projects.ts';

export const SERVER_FORMAT = 'bulkhead.server/1';

const schema = z.strictObject({
  format: z.literal(SERVER_FORMAT).describe(`\`${SERVER_FORMAT}\``),
  data: z.string().min(1).default('bulkhead-data').describe('the folder of the store and the keys'),
  listen: listenSection.prefault({}),
  tls: tlsSection.optional(),
  auth: authSection.prefault({}),
  limits: limitsSection.prefault({}),
  gates: gatesSection.prefault({}),
  projects: projectsSection.prefault({}),
  private: privateSection.prefault({}),
  points: pointsSection.prefault({}),
  bundles: bundlesSection.prefault({}),
  feeds: feedsSection.prefault({}),
  decisionLogs: logsSection.prefault({}),
});

/** What one section says of another. */
const checked = schema.superRefine(({ feeds, projects }, found) => {
  for (const [id, { project }] of Object.entries(feeds)) {
    if (project === undefined || Object.hasOwn(projects, project)) continue;
    found.addIssue({ code: 'custom', path: ['feeds', id, 'project'], message: 'no such project' });
  }
});

/** Every setting with its default filled in; paths as written, relative to `folder`. */
export type ServerConfig = z.output<typeof schema> & {
  /** The folder that paths are relative to. */
  readonly folder: string;
};

export interface ParsedServerConfig {
  /** null after an error. */
  readonly config: ServerConfig | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The settings without a file: everything by default, below `folder`. */
export function defaultServerConfig(folder: string): ServerConfig {
  return { ...schema.parse({ format: SERVER_FORMAT }), folder };
}

/** Reads the text of a configuration; `path` is where it lies. */
export function parseServerConfig(source: Source, path: string): ParsedServerConfig {
  const { documents, diagnostics: problems } = readDocuments(source);
  const document = documents[0];
  if (document === undefined || documents.length > 1) {
    const message = document === undefined ? 'the configuration is empty' : 'a configuration is one document';
    const place = documents[1]?.spanOf([]) ?? { file: source.name, start: 0, end: 0 };
    const help = `it begins with \`format: ${SERVER_FORMAT}\``;
    const missing = error('config/invalid-value', message, place, { help });
    return { config: null, diagnostics: hasErrors(problems) ? problems : [...problems, missing] };
  }
  const parsed = checked.safeParse(document.value);
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) => describe(issue, document));
    return { config: null, diagnostics: [...problems, ...found] };
  }
  if (hasErrors(problems)) return { config: null, diagnostics: problems };
  return { config: { ...parsed.data, folder: dirname(resolve(path)) }, diagnostics: problems };
}

/** A text as a configuration that lies in `folder`; for tests and embedding. Throws for what is wrong with it. */
export function serverConfigOf(text: string, folder: string): ServerConfig {
  const { config, diagnostics } = parseServerConfig(makeSource('server.yaml', text), resolve(folder, 'server.yaml'));
  if (config === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return config;
}

function describe(issue: z.core.$ZodIssue, document: Document): readonly Diagnostic[] {
  const path = issue.path as readonly (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const help =
        near !== null
          ? `did you mean \`${near}\`?`
          : known.length === 0
            ? null
            : `settings here are ${known.map((name) => `\`${name}\``).join(', ')}`;
      const place = document.keySpanOf([...path, key]);
      return error('config/unknown-key', `there is no setting \`${[...path, key].join('.')}\``, place, { help });
    });
  }
  const name = path.join('.');
  const what = describedAt(path);
  const expected = what === null ? issue.message.toLowerCase() : `it takes ${what}`;
  const message = name === '' ? 'a configuration is a mapping of settings' : `\`${name}\` has a value it cannot take`;
  return [error('config/invalid-value', message, document.spanOf(path), { help: name === '' ? null : expected })];
}

/** The schema of the setting at the path, through defaults, lists and mappings; null: there is none. */
function schemaAt(path: readonly (string | number)[]): z.core.$ZodType | null {
  let current: z.core.$ZodType | null = schema;
  for (const key of path) {
    const inner: z.core.$ZodType = unwrap(current);
    if (inner instanceof z.ZodObject) current = inner.shape[String(key)] ?? null;
    else if (inner instanceof z.ZodRecord) current = inner.valueType as z.core.$ZodType;
    else if (inner instanceof z.ZodArray) current = inner.element as z.core.$ZodType;
    else return null;
    if (current === null) return null;
  }
  return current;
}

function unwrap(type: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    type instanceof z.ZodDefault ||
    type instanceof z.ZodPrefault ||
    type instanceof z.ZodOptional ||
    type instanceof z.ZodNullable;
  return wrapped ? unwrap(type.unwrap() as z.core.$ZodType) : type;
}

function keysAt(path: readonly (string | number)[]): readonly string[] {
  const found = schemaAt(path);
  const inner = found === null ? null : unwrap(found);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function describedAt(path: readonly (string | number)[]): string | null {
  const found = schemaAt(path);
  if (found === null) return null;
  const own = (type: z.core.$ZodType): string | undefined => (type as z.ZodType).description;
  return own(found) ?? own(unwrap(found)) ?? null;
}
