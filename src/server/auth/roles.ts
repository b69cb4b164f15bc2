// Who may use what: the roles that count for a principal, and whether they are enough for a route.
import type { Access, Principal, Role } from '../context/context.ts';

/** What each access asks for, beside `anyone` and `feed`, which ask for nothing here. */
const ENOUGH: Readonly<Record<Role | 'bundle', readonly Role[]>> = {
  reader: ['reader', 'publisher', 'admin'],
  publisher: ['publisher', 'admin'],
  point: ['point', 'admin'],
  admin: ['admin'],
  bundle: ['point', 'reader', 'publisher', 'admin'],
};

/**
 * The roles that count. Points and admins are the provider's: somebody of a project who is called an admin may publish for
 * it, and no token of a project can be a point, which would see what is not its own.
 */
export function countedRoles(roles: ReadonlySet<Role>, project: string | null): ReadonlySet<Role> {
  if (project === null) return roles;
  const counted = new Set<Role>();
  if (roles.has('reader')) counted.add('reader');
  if (roles.has('publisher') || roles.has('admin')) counted.add('publisher');
  return counted;
}

/** Whether the principal may use routes of this access; `isProviders`: those that tell of the whole server. */
export function mayUse({ roles, project }: Principal, access: Access, isProviders: boolean): boolean {
  if (access === 'anyone' || access === 'feed') return true;
  // What a point enforces is of everybody's machines.
  const isOfPoints = access === 'point' || access === 'bundle';
  if ((isProviders || isOfPoints) && project !== null) return false;
  const counted = countedRoles(roles, project);
  return ENOUGH[access].some((role) => counted.has(role));
}
