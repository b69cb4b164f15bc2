// A shop with a rule too many and a group that nobody uses, for tests that run `bulkhead lint`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bulkhead } from './program.ts';

export const AT = '2026-11-21T12:00:00Z';
export const RULES = `policy shop in application {
  allow store: web -> db on tcp/5432
  allow again: web -> db on tcp/5432
  drop  log-rest: any -> db  log
}
`;
export const FILES: Readonly<Record<string, string>> = {
  'policies/main.seg': `language 1
tiers { application default drop }
label tier in { web, db }
group web = vms where tier == web
group db  = vms where tier == db
group old = vms where tier == db
${RULES}`,
  'policies/world.seg': `language 1
segment net { subnet 10.0.0.1/24 }
vm web-01 { nic net 10.0.0.11  labels tier=web }
vm db-01 { nic net 10.0.0.21  labels tier=db }
`,
};
export const lint = (cwd: string, ...words: readonly string[]) => bulkhead(['lint', '--at', AT, ...words], { cwd });
export const read = (cwd: string, name: string) => readFileSync(join(cwd, name), 'utf8');
