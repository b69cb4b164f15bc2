// `bulkhead publish`: sends the policy files of a folder to a server, all of them or none, and shows what that opens and
// closes. A dry run changes nothing.
import { randomUUID } from 'node:crypto';
import { relative, resolve, sep } from 'node:path';
import type { Publication } from '../../../api/policies.ts';
import { type Diagnostic, error, hasErrors, note } from '../../../text/diagnostic.ts';
import { gatherInputs } from '../../../workspace/gather.ts';
import { askServer } from '../../io/ask-server.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress, warn } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { makePaint } from '../../text/paint.ts';
import { renderPublication } from '../../text/publication-text.ts';

export async function run(
  context: Context,
  [folder = 'policies']: readonly string[],
  values: GlobalValues,
): Promise<ExitCode> {
  const { files, inventories, sources, diagnostics } = readFolder(context, folder, values.inventory === true);
  if (hasErrors(diagnostics)) return fail(context, diagnostics, sources);
  warn(context, diagnostics, sources);
  const project = typeof values.project === 'string' ? values.project : null;
  const isDryRun = values.dryRun === true;
  return askServer(context, values, async (client) => {
    progress(context, 'publishing');
    const publication = await client.publish({
      files,
      inventory: joinInventories(inventories),
      message: typeof values.message === 'string' ? values.message : '',
      project,
      isDryRun,
      ifMatch: values.force === true ? '*' : await client.policiesTag(project),
      idempotencyKey: isDryRun ? null : randomUUID(),
    });
    return write(context, publication);
  });
}

function write(context: Context, publication: Publication): Promise<0 | 2> {
  if (context.format === 'json') return emitJson(context, publication);
  const paint = makePaint(context.outPath === null && context.terminal.colorOut);
  return emit(context, renderPublication(publication, paint));
}

interface Folder {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Documents of `bulkhead.inventory/1`. */
  readonly inventories: readonly object[];
  readonly sources: ReturnType<typeof gatherInputs>['sources'];
  readonly diagnostics: readonly Diagnostic[];
}

/** The policy files by their paths below the folder, and its inventories. What a server does not take is said. */
function readFolder(context: Context, folder: string, withInventory: boolean): Folder {
  const root = resolve(context.cwd, folder);
  const { inputs, sources, diagnostics } = gatherInputs([folder], context.cwd);
  const policies = inputs.flatMap((input) => input.policies);
  const files = policies.map(({ name, text }) => ({ path: pathBelow(root, resolve(context.cwd, name)), text }));
  const documents = inputs.map((input) => input.documents);
  const inventories = documents.flatMap(({ inventory }) => inventory.map(({ value }) => value as object));
  const found = [...diagnostics];
  if (files.length === 0 && !hasErrors(diagnostics)) {
    found.push(error('workspace/nothing-to-read', `\`${folder}\` has no policy files`, null));
  }
  const foreign = documents.flatMap(({ kubernetes, nsx }) => [...kubernetes, ...nsx]);
  if (foreign.length > 0) {
    found.push(note('workspace/unrecognised', 'manifests and dumps are not published: import them first', null));
  }
  if (inventories.length > 0 && !withInventory) {
    const message = 'the inventories of this folder are not sent: `--inventory` sends them';
    found.push(note('workspace/unrecognised', message, null));
  }
  return { files, inventories: withInventory ? inventories : [], sources, diagnostics: found };
}

function pathBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** The lists of all inventories, kind by kind. */
function joinInventories(inventories: readonly object[]): Readonly<Record<string, readonly unknown[]>> {
  const joined: Record<string, readonly unknown[]> = {};
  for (const { format: _, ...lists } of inventories as readonly Readonly<Record<string, readonly unknown[]>>[]) {
    for (const [kind, entries] of Object.entries(lists)) joined[kind] = [...(joined[kind] ?? []), ...entries];
  }
  return joined;
}
