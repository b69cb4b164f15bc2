// The registry of diagnostic codes: every code that the program can print, with what it means.
// A code is stable once released: scripts match on it, and docs/codes/ has a page for each. A code that is not here
// does not type-check. Add one in codes/<area>.ts; add an area here.
import { changeCodes } from './codes/change.ts';
import { checkCodes } from './codes/check.ts';
import { ciCodes } from './codes/ci.ts';
import type { CodeInfo } from './codes/code-info.ts';
import { configCodes } from './codes/config.ts';
import { documentCodes } from './codes/document.ts';
import { evaluateCodes } from './codes/evaluate.ts';
import { fabricCodes } from './codes/fabric.ts';
import { gitCodes } from './codes/git.ts';
import { kubernetesCodes } from './codes/kubernetes.ts';
import { layerCodes } from './codes/layer.ts';
import { lintCodes } from './codes/lint.ts';
import { nsxCodes } from './codes/nsx.ts';
import { feedCodes } from './codes/server/feed.ts';
import { projectCodes } from './codes/server/project.ts';
import { serverCodes } from './codes/server/server.ts';
import { storeCodes } from './codes/server/store.ts';
import { trustCodes } from './codes/server/trust.ts';
import { syntaxCodes } from './codes/syntax.ts';
import { testCodes } from './codes/test.ts';
import { usageCodes } from './codes/usage.ts';
import { workspaceCodes } from './codes/workspace.ts';
import { worldCodes } from './codes/world.ts';

const registry = {
  ...syntaxCodes,
  ...checkCodes,
  ...worldCodes,
  ...documentCodes,
  ...kubernetesCodes,
  ...nsxCodes,
  ...layerCodes,
  ...testCodes,
  ...changeCodes,
  ...workspaceCodes,
  ...gitCodes,
  ...configCodes,
  ...usageCodes,
  ...evaluateCodes,
  ...fabricCodes,
  ...feedCodes,
  ...ciCodes,
  ...lintCodes,
  ...serverCodes,
  ...projectCodes,
  ...storeCodes,
  ...trustCodes,
} as const;

/** A registered code, `area/kebab-name`. */
export type Code = keyof typeof registry;

/** Every code with its meaning, in the order of the areas. */
export const codes: Readonly<Record<Code, CodeInfo>> = registry;

/** The code of this text, or null if there is none; for text that a user typed. */
export function findCode(text: string): Code | null {
  return Object.hasOwn(registry, text) ? (text as Code) : null;
}
