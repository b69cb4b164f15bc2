// docs/security.md is true: its table of routes is the one of the server, and its configuration can be read.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkAuth } from '../../src/server/auth/check-auth.ts';
import { mayUse } from '../../src/server/auth/roles.ts';
import { serverConfigOf } from '../../src/server/config/config.ts';
import type { Role } from '../../src/server/context/context.ts';
import { useFolders } from '../kit/folders.ts';
import { useServers } from './test-server.ts';

const newFolder = useFolders();
const open = useServers();
const page = readFileSync('docs/security.md', 'utf8');
const projects = readFileSync('docs/projects.md', 'utf8');

/** As the table says it. */
function routesOf(access: ReadonlyMap<string, { access?: string; audience?: string }>): readonly string[] {
  const member = {
    id: 'm',
    roles: new Set<Role>(['reader', 'publisher', 'point', 'admin']),
    project: 'shop',
    point: null,
  };
  return [...access]
    .filter(([route]) => !route.startsWith('HEAD '))
    .map(([route, { access: own = '', audience }]) => {
      const isOpen = own === 'anyone' || own === 'feed';
      const may = mayUse(member, own as Role, audience === 'provider');
      return `| \`${route}\` | \`${own}\` | ${isOpen ? 'open' : may ? 'own' : 'no'} |`;
    })
    .sort();
}

it('the table of routes is the one of the server', async () => {
  const { server } = await open(newFolder());
  const listed = [...page.matchAll(/^\| `(?:GET|PUT|POST|DELETE) .*$/gm)].map(([line]) => line).sort();
  expect(listed).toEqual(routesOf(server.app.routeAccess));
});

it('the configurations are right, and let nobody in unknown', () => {
  const texts = [page, projects].flatMap((text) =>
    [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml),
  );
  expect(texts).toHaveLength(2);
  const [secure] = texts.map((text) => serverConfigOf(text, '/'));
  expect(secure === undefined ? null : checkAuth(secure)).toEqual([]);
});

it('the limits are those of the defaults', () => {
  const { limits } = serverConfigOf('format: bulkhead.server/1', '/');
  const said = [...page.matchAll(/^\| (`.*`) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(Object.keys(limits).filter((name) => !said.includes(name))).toEqual([]);
  const { bodyBytes, perPrincipal, perAddress, connections, headSeconds, requestSeconds, jsonDepth, jsonItems } =
    limits;
  expect([bodyBytes, perPrincipal, perAddress]).toEqual([
    16 * 2 ** 20,
    { perSecond: 1000, burst: 2000 },
    { perSecond: 50, burst: 200 },
  ]);
  expect([connections, headSeconds, requestSeconds, jsonDepth, jsonItems]).toEqual([10_000, 10, 60, 32, 100_000]);
});
