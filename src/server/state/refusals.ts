// Why an edit is refused, or what the store holds cannot be served: what the core found, with its places. A project is
// told of its own files and entries alone.
import type { Diagnostic } from '../../text/diagnostic.ts';
import { type Problem, problem, rejected } from '../http/problem.ts';
import type { Content, Holding } from './held.ts';
import { fileName, itemName } from './layers.ts';

/** `content`: what the edit would have made. */
export function refuseEdit({ diagnostics, sources }: Holding, content: Content, project: string | null): Problem {
  const told = project === null ? diagnostics : diagnostics.filter(isOf(content, project));
  if (told.some(({ severity }) => severity === 'error')) {
    return rejected('what would come of this change is not sound', told, sources, { code: 'not-sound' });
  }
  const detail = 'what would come of this change is not sound, for reasons outside of this project';
  return problem(422, 'not-sound', detail, { help: 'ask whoever runs this server' });
}

function isOf({ files, items }: Content, project: string): (diagnostic: Diagnostic) => boolean {
  const names = new Set([
    ...files.filter((file) => file.project === project).map(fileName),
    ...items.filter((item) => item.project === project).map(itemName),
  ]);
  return ({ span }) => span !== null && names.has(span.file);
}

/** Thrown when a server is opened on a store whose last revision cannot be compiled. */
export class Unservable extends Error {
  readonly holding: Holding;

  constructor(holding: Holding) {
    super('what the store holds cannot be served by this version with this configuration');
    this.holding = holding;
  }
}
