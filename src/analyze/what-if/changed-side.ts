// The layers as change statements would make them, and what of the network has failed then: what a trace is asked about.
import { type ChangeText, parseChanges } from '../../bind/question/change-text.ts';
import { applyChanges } from '../../engine/changes/apply-changes.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Change } from '../../model/change.ts';
import { type Failures, tunnelKey } from '../../overlay/fabric/fabric.ts';
import { failuresAfter } from '../../overlay/fabric/failures.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';

export interface ChangedSide {
  readonly snapshot: Snapshot;
  readonly failures: Failures;
  /** With an error among them nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** The statements, for messages about them. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** Makes the changes of all statements in their order, or none. `called`: what messages call a statement. */
export function changeSide(
  snapshot: Snapshot,
  statements: readonly string[],
  failures: Failures,
  called: string,
): ChangedSide {
  const texts = statements.map((text, i): ChangeText => {
    const name = statements.length === 1 ? called : `${called} (${i + 1})`;
    return { source: makeSource(name, text), kind: 'statement' };
  });
  const sources = new Map(texts.map(({ source }) => [source.name, source]));
  const unchanged = (diagnostics: readonly Diagnostic[]): ChangedSide => ({ snapshot, failures, diagnostics, sources });
  if (texts.length === 0) return unchanged([]);
  const { changes, home, diagnostics } = parseChanges(texts, snapshot.layers);
  const lost = unknownTunnels(snapshot, changes);
  if (hasErrors(diagnostics) || lost.length > 0) return unchanged([...diagnostics, ...lost]);
  const applied = applyChanges(snapshot.layers, home, changes);
  if (hasErrors(applied.diagnostics)) return unchanged(applied.diagnostics);
  const built = buildSnapshot(applied.layers, { at: applied.at ?? snapshot.at });
  // That verdicts stay as they are is no news here: this is about packets.
  const told = applied.diagnostics.filter(({ code }) => code !== 'change/overlay-only');
  return {
    snapshot: built.snapshot,
    failures: failuresAfter(changes, failures),
    diagnostics: [...diagnostics, ...told, ...built.diagnostics.filter(({ severity }) => severity === 'error')],
    sources,
  };
}

/** Sites that nothing joins can be neither cut apart nor joined again. */
function unknownTunnels({ layers }: Snapshot, changes: readonly Change[]): readonly Diagnostic[] {
  const known = new Set(layers.flatMap(({ world }) => world.tunnels.map(({ from, to }) => tunnelKey(from, to))));
  return changes.flatMap((change) => {
    if (change.kind !== 'cut' && change.kind !== 'join') return [];
    const { from, to, span } = change;
    if (known.has(tunnelKey(from, to))) return [];
    const help =
      known.size === 0
        ? 'there is no tunnel at all'
        : `the tunnels are ${[...known]
            .slice(0, 5)
            .map((key) => `\`${key}\``)
            .join(', ')}`;
    return error('change/unknown-name', `there is no tunnel \`${from} <-> ${to}\``, span, { help });
  });
}
