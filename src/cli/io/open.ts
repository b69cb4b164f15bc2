// Opens what a command works on: layers from paths, and the snapshot that questions are put to. With an error anywhere
// there is no snapshot, and the errors are the command's answer.
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { judge } from '../../workspace/config.ts';
import { loadWorkspace, type Workspace, type WorkspaceRequest } from '../../workspace/load.ts';
import { type Context, type ExitCode, fail, progress, warn } from './context.ts';

export interface Opened {
  readonly workspace: Workspace;
  readonly snapshot: Snapshot;
  /** All that was found, from files to layers taken together; no error among it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the layers that the paths name, or those of the configuration. */
export function openWorkspace(context: Context, paths: readonly string[]): Workspace {
  progress(context, 'reading');
  return loadWorkspace(requestOf(context, paths));
}

/** What a command asks for with its paths and options. */
export function requestOf(context: Context, paths: readonly string[]): WorkspaceRequest {
  const { world, cwd, dialect } = context;
  return { paths, world, cwd, ...(dialect === null ? {} : { dialect }) };
}

/** The layers of a workspace without errors, compiled for the instant of the context. */
export function compile(context: Context, workspace: Workspace): Opened {
  progress(context, 'compiling');
  const { snapshot, diagnostics } = buildSnapshot(workspace.layers, { at: context.at });
  return {
    workspace,
    snapshot,
    diagnostics: [...workspace.diagnostics, ...judge(diagnostics, workspace.judgements)],
  };
}

/**
 * Runs `answer` on the snapshot. Errors are reported instead of an answer (2); warnings go beside it, and with --strict
 * turn a success into findings (1).
 */
export async function answerFrom(
  context: Context,
  paths: readonly string[],
  answer: (opened: Opened) => Promise<ExitCode>,
): Promise<ExitCode> {
  const workspace = openWorkspace(context, paths);
  if (hasErrors(workspace.diagnostics)) return fail(context, workspace.diagnostics, workspace.sources);
  const opened = compile(context, workspace);
  if (hasErrors(opened.diagnostics)) return fail(context, opened.diagnostics, workspace.sources);
  warn(context, opened.diagnostics, workspace.sources);
  const exit = await answer(opened);
  const isStrict = context.strict && opened.diagnostics.some((d) => d.severity === 'warning');
  return exit === 0 && isStrict ? 1 : exit;
}
