// `bulkhead import PATH… -o FOLDER`: manifests and dumps as policies and an inventory of their own, to be kept from then on.
// What was written is read back and compared before anything reaches the disk: the same flows, or nothing.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeWitness } from '../../analyze/ci/flow-change.ts';
import { findDifference } from '../../analyze/diff/flows-differ.ts';
import { bindRoot } from '../../bind/bind.ts';
import { buildSnapshot } from '../../engine/pipeline.ts';
import { exportLayer } from '../../exporters/seg/export-layer.ts';
import { makeNamer } from '../../exporters/seg/names.ts';
import { importInventory } from '../../importers/inventory/import-inventory.ts';
import type { Layer } from '../../model/layer.ts';
import { parsePolicyFile } from '../../syntax/parse.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import { makeSource, positionAt, type Source, type Span } from '../../text/source.ts';
import { describeFailure, displayName } from '../../workspace/files.ts';
import { writeInventory } from '../../workspace/formats/inventory.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress, warn } from '../io/context.ts';
import { answerFrom } from '../io/open.ts';
import { usage } from '../io/refusal.ts';

interface OutFile {
  readonly path: string;
  readonly text: string;
}

/** Writes one policy file and one inventory a layer; in folders of their own where there are several layers. */
export async function run(context: Context, paths: readonly string[]): Promise<ExitCode> {
  const { outPath } = context;
  if (outPath === null) {
    return fail(context, [usage('usage/missing-argument', '`import` needs a folder to write to', 'add `-o FOLDER`')]);
  }
  return answerFrom(context, paths, async ({ workspace, snapshot }) => {
    const imported = snapshot.layers.filter(
      (layer) => layer.kind === 'import' && layer.policies.length + layer.world.workloads.length > 0,
    );
    if (imported.length === 0) {
      return fail(context, [
        error('workspace/nothing-to-read', 'there is no manifest and no dump to import', null, {
          help: 'name a folder of Kubernetes manifests, or a dump of NSX; policies in `.seg` are what import writes',
        }),
      ]);
    }
    const folders = makeNamer();
    const files: OutFile[] = [];
    const found: Diagnostic[] = [];
    for (const layer of imported) {
      progress(context, `writing ${layer.name}`);
      const folder = imported.length === 1 ? outPath : join(outPath, folders.take(layer.name));
      const { policies, inventory, diagnostics } = exportLayer(layer, originIn(workspace.sources));
      const own = [
        { path: join(folder, 'policies.seg'), text: policies },
        ...(inventory === null ? [] : [{ path: join(folder, 'inventory.yaml'), text: writeInventory(inventory) }]),
      ];
      const problems = proveSame(context, layer, own);
      if (problems.diagnostics.length > 0) return fail(context, problems.diagnostics, problems.sources);
      files.push(...own);
      found.push(...diagnostics);
    }
    warn(context, found, workspace.sources);
    return writeAll(context, files);
  });
}

/** `file:line` of a span. */
function originIn(sources: ReadonlyMap<string, Source>): (span: Span) => string {
  return (span) => {
    const source = sources.get(span.file);
    return source === undefined ? span.file : `${span.file}:${positionAt(source, span.start).line}`;
  };
}

/** Reads the texts back and compares flows; what stands against writing them. */
function proveSame(
  context: Context,
  layer: Layer,
  files: readonly OutFile[],
): { readonly diagnostics: readonly Diagnostic[]; readonly sources: ReadonlyMap<string, Source> } {
  const [policies, inventory] = files.map((file) => makeSource(file.path, file.text)) as [Source, Source | undefined];
  const sources = new Map(
    [policies, inventory].flatMap((source) => (source === undefined ? [] : [[source.name, source]])),
  );
  const parsed = parsePolicyFile(policies);
  const world = inventory === undefined ? null : importInventory(inventory);
  const bound = bindRoot([parsed.tree], { name: layer.name, inventories: world === null ? [] : [world] });
  const again = buildSnapshot([bound.layer], { at: context.at });
  const all = [...parsed.diagnostics, ...(world?.diagnostics ?? []), ...bound.diagnostics, ...again.diagnostics];
  const errors = all.filter((diagnostic) => diagnostic.severity === 'error');
  if (hasErrors(errors)) {
    const first = error(
      'layer/not-exported',
      `\`${layer.name}\` cannot be written as policies: nothing was written`,
      null,
    );
    return { diagnostics: [first, ...errors], sources };
  }
  const before = buildSnapshot([layer], { at: context.at });
  const difference = findDifference(before.snapshot, again.snapshot, 'verdicts');
  if (difference === null) return { diagnostics: [], sources };
  const { witness, decidedBy } = difference;
  const verdicts = `${decidedBy.before.verdict}, and would be ${decidedBy.after.verdict}`;
  return {
    diagnostics: [
      error(
        'layer/not-exported',
        `\`${layer.name}\` would not allow the same flows as policies: nothing was written`,
        null,
        {
          notes: [{ message: `\`${describeWitness(witness)}\` is ${verdicts}`, span: null }],
        },
      ),
    ],
    sources,
  };
}

/** All files or none, and none over one that is there. */
async function writeAll(context: Context, files: readonly OutFile[]): Promise<ExitCode> {
  const targets = files.map(({ path, text }) => ({ path: resolve(context.cwd, path), text }));
  const taken = targets.filter(({ path }) => existsSync(path));
  if (taken.length > 0) {
    return fail(
      context,
      taken.map(({ path }) => usage('usage/already-exists', `\`${displayName(path, context.cwd)}\` is already there`)),
    );
  }
  for (const { path, text } of targets) {
    try {
      mkdirSync(resolve(path, '..'), { recursive: true });
      writeFileSync(path, text, { flag: 'wx' });
    } catch (reason) {
      const message = `\`${displayName(path, context.cwd)}\` cannot be written: ${describeFailure(reason)}`;
      return fail(context, [error('workspace/cannot-write', message, null)]);
    }
  }
  const names = targets.map(({ path }) => displayName(path, context.cwd));
  const answer = { ...context, outPath: null };
  if (context.format === 'json') return emitJson(answer, { format: 'bulkhead.import/1', files: names });
  return emit(
    answer,
    names.map((name) => `wrote ${name}\n`),
  );
}
