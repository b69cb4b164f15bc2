// Applies the fixes of lint: all of them together where that can be proved to change no flow, else one by one, each with
// its own proof. What cannot be proved, or would no longer bind, stays as it is, and is said.
import { resolve } from 'node:path';
import { flowsDiffer } from '../../analyze/diff/flows-differ.ts';
import type { Fix } from '../../analyze/lint/kit/finding.ts';
import { momentsOf } from '../../analyze/prove/moments.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { loadWorkspace, type Workspace, type WorkspaceRequest } from '../load.ts';
import { disk, type FileTree } from '../trees/file-tree.ts';
import { runLint } from './run-lint.ts';

export interface Mended {
  /** Files with their new texts, by name. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly done: readonly string[];
  readonly left: readonly { readonly what: string; readonly why: string }[];
}

export interface MendOptions {
  readonly folder: string;
  readonly at: Instant;
  readonly onStage?: (stage: string) => void;
}

interface State {
  readonly workspace: Workspace;
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/** How often what is left is looked at again: taking a rule away may make a group useless. */
const ROUNDS = 5;

/** `start`: the request as it was opened, without errors. */
export function mendFiles(request: WorkspaceRequest, start: State, options: MendOptions): Mended {
  const texts = new Map<string, string>();
  const done: string[] = [];
  const left = new Map<string, string>();
  let state = start;
  for (let round = 0; round < ROUNDS; round++) {
    options.onStage?.('looking for what can be mended');
    const fixes = fixesOf(state, options).filter(({ what }) => !left.has(what));
    if (fixes.length === 0) break;
    const all = attempt(request, state, texts, fixes, options);
    if ('state' in all) {
      state = all.state;
      for (const [name, text] of all.texts) texts.set(name, text);
      done.push(...fixes.map(({ what }) => what));
      continue;
    }
    // Spans move with every edit: after the first that is made, what is left is found anew.
    for (const fix of fixes) {
      const one = attempt(request, state, texts, [fix], options);
      if ('why' in one) {
        left.set(fix.what, one.why);
        continue;
      }
      state = one.state;
      for (const [name, text] of one.texts) texts.set(name, text);
      done.push(fix.what);
      break;
    }
  }
  return {
    files: [...texts].map(([name, text]) => ({ name, text })),
    done,
    left: [...left].map(([what, why]) => ({ what, why })),
  };
}

function fixesOf({ workspace, snapshot, diagnostics }: State, { folder }: MendOptions): readonly Fix[] {
  const { findings } = runLint(workspace, snapshot, diagnostics, { baseline: null, folder });
  const fixes = new Map<string, Fix>();
  for (const { fix } of findings) if (fix !== null) fixes.set(fix.what, fix);
  return [...fixes.values()];
}

/** The state after the fixes; or why they are not made. */
function attempt(
  request: WorkspaceRequest,
  before: State,
  texts: ReadonlyMap<string, string>,
  fixes: readonly Fix[],
  { at, onStage }: MendOptions,
): { readonly state: State; readonly texts: ReadonlyMap<string, string> } | { readonly why: string } {
  const edited = new Map(texts);
  const edits = fixes.flatMap((fix) => fix.edits).sort((a, b) => b.span.start - a.span.start);
  for (const [i, { span, text }] of edits.entries()) {
    const source = before.workspace.sources.get(span.file);
    if (source === undefined) return { why: 'its file is not at hand' };
    const clash = edits.slice(0, i).some((other) => other.span.file === span.file && other.span.start < span.end);
    if (clash) return { why: 'it overlaps another edit' };
    const known = edited.get(span.file) ?? `${source.marked ? '\uFEFF' : ''}${source.text}`;
    const shift = source.marked ? 1 : 0;
    edited.set(span.file, known.slice(0, span.start + shift) + text + known.slice(span.end + shift));
  }
  onStage?.('proving that no flow changes');
  const workspace = loadWorkspace({ ...request, tree: treeWith(request.cwd, edited) });
  const bad = workspace.diagnostics.find((d) => d.severity === 'error');
  if (bad !== undefined) return { why: bad.message };
  const { snapshot, diagnostics } = buildSnapshot(workspace.layers, { at });
  if (hasErrors(diagnostics)) return { why: 'what is left does not fit together' };
  if (changesFlows(before.snapshot.layers, workspace.layers, at)) return { why: 'it would change what is allowed' };
  return { state: { workspace, snapshot, diagnostics: [...workspace.diagnostics, ...diagnostics] }, texts: edited };
}

/** At any time from then on. */
function changesFlows(before: readonly Layer[], after: readonly Layer[], at: Instant): boolean {
  const moments = new Set([...momentsOf(before, at), ...momentsOf(after, at)]);
  return [...moments].some((moment) => {
    const [left, right] = [before, after].map((layers) => buildSnapshot(layers, { at: moment }).snapshot);
    return flowsDiffer(left as Snapshot, right as Snapshot) !== null;
  });
}

/** The disk with other texts in some of its files. */
function treeWith(cwd: string, texts: ReadonlyMap<string, string>): FileTree {
  const bytes = new Map([...texts].map(([name, text]) => [resolve(cwd, name), new TextEncoder().encode(text)]));
  return {
    ...disk,
    readBytes(path, limit) {
      const own = bytes.get(path);
      if (own === undefined) return disk.readBytes(path, limit);
      return own.length > limit ? null : own;
    },
  };
}
