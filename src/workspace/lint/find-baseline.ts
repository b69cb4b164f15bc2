// Finds the baseline of a run: the file that was named, or that of bulkhead.yaml, or the usual one beside it.
import { join, resolve } from 'node:path';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { displayName, kindOfPath, readSource } from '../files.ts';
import { findConfig } from '../find-config.ts';
import { type Baseline, parseBaseline } from './baseline.ts';

const USUAL = 'bulkhead-baseline.json';

export interface FoundBaseline {
  /** Where it is, or would be written. */
  readonly path: string;
  /** null: there is none, or it cannot be read. */
  readonly baseline: Baseline | null;
  readonly sources: ReadonlyMap<string, Source>;
  readonly diagnostics: readonly Diagnostic[];
}

/** One that somebody names must be there. */
export function findBaseline(cwd: string, named: string | null): FoundBaseline {
  const { config, folder } = findConfig(cwd);
  const configured = config.baseline === null || folder === null ? null : join(folder, config.baseline);
  const path = named !== null ? resolve(cwd, named) : (configured ?? join(folder ?? cwd, USUAL));
  const name = displayName(path, cwd);
  const none = { path, baseline: null, sources: new Map<string, Source>() };
  if (kindOfPath(path) === 'missing') {
    if (named === null && configured === null) return { ...none, diagnostics: [] };
    const help = 'write it with `bulkhead lint --write-baseline`';
    return {
      ...none,
      diagnostics: [error('workspace/no-such-path', `there is no baseline \`${name}\``, null, { help })],
    };
  }
  const { source, diagnostic } = readSource({ path, name });
  const sources = new Map(source === null ? [] : [[source.name, source]]);
  if (diagnostic !== null || source === null) {
    return { ...none, sources, diagnostics: diagnostic === null ? [] : [diagnostic] };
  }
  const { baseline, diagnostics } = parseBaseline(source);
  return { path, baseline, sources, diagnostics: [...diagnostics] };
}
