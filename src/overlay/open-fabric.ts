// The fabric of a snapshot with what is wrong with it: what commands and programs begin with.

import type { Evaluator } from '../evaluate/evaluator.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { buildFabric, type FabricOptions } from './fabric/build-fabric.ts';
import { checkFabric } from './fabric/check-fabric.ts';
import type { Fabric } from './fabric/fabric.ts';

/** With an error among the diagnostics walks are about something that cannot be. */
export function openFabric(
  evaluator: Evaluator,
  options: FabricOptions = {},
): { readonly fabric: Fabric; readonly diagnostics: readonly Diagnostic[] } {
  const built = buildFabric(evaluator, options);
  return { fabric: built.fabric, diagnostics: checkFabric(built) };
}
