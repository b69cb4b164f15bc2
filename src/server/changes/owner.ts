// Whose policies and inventory a request is about.
import type { Principal, ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';

/** The project asked for, or that of the principal; null: the provider. Throws 404 for one that is not seen. */
export function ownerOf({ views }: ServerContext, principal: Principal, asked: string | undefined): string | null {
  if (asked === undefined || asked === principal.project) return principal.project;
  if (principal.project === null && views.projects.includes(asked)) return asked;
  throw problem(404, 'no-such-project', 'there is no such project');
}
