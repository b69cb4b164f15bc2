// `bulkhead init [FOLDER]`: a configuration, a policy, a test and a small inventory to start from.
// Nothing that is there is touched: either all of it is written, or none.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { error } from '../../text/diagnostic.ts';
import { CONFIG_FILE } from '../../workspace/config.ts';
import { describeFailure, displayName } from '../../workspace/files.ts';
import { type Context, type ExitCode, emit, fail } from '../io/context.ts';
import { usage } from '../io/refusal.ts';

/** Writes the first files of a project. */
export async function run(context: Context, [folder = '.']: readonly string[]): Promise<ExitCode> {
  const root = resolve(context.cwd, folder);
  const files = Object.entries(FILES).map(([name, text]) => ({ path: join(root, name), text }));
  const taken = files.filter(({ path }) => existsSync(path));
  if (taken.length > 0) {
    return fail(
      context,
      taken.map(({ path }) => usage('usage/already-exists', `\`${displayName(path, context.cwd)}\` is already there`)),
    );
  }
  for (const { path, text } of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: 'wx' });
    } catch (reason) {
      const message = `\`${displayName(path, context.cwd)}\` cannot be written: ${describeFailure(reason)}`;
      return fail(context, [error('workspace/cannot-write', message, null)]);
    }
  }
  const lines = files.map(({ path }) => `wrote ${displayName(path, context.cwd)}\n`);
  return emit(context, [...lines, '\nNext: bulkhead check, bulkhead test, bulkhead flows\n']);
}

const FILES: Readonly<Record<string, string>> = {
  [CONFIG_FILE]: `# What bulkhead reads in this project when it is given no paths.
version: 1
layers:
  - policies
`,
  'policies/main.seg': `language 1

// Tiers are tried in this order. Whatever no rule decides is dropped.
tiers {
  infrastructure
  application default drop
}

label app  in { shop }
label tier in { web, db }

group web = workloads where app == shop and tier == web
group db  = workloads where app == shop and tier == db

policy housekeeping in infrastructure priority 10 {
  allow dns: workloads -> addresses 10.0.0.53 on udp/53, tcp/53
}

policy shop in application priority 100 {
  // bulkhead-ignore lint/over-broad: customers come from everywhere
  allow customers: internet -> web on tcp/443
  allow store:     web -> db on tcp/5432
}
`,
  'policies/main-test.seg': `language 1

test "only the web servers reach the database" {
  allow web      -> db  on tcp/5432
  deny  internet -> db  on any
  deny  db       -> web on tcp/443
}
`,
  'policies/world.seg': `language 1

segment shop-net { subnet 10.10.1.1/24 }

vm web-01 { nic shop-net 10.10.1.11  labels app=shop tier=web }
vm web-02 { nic shop-net 10.10.1.12  labels app=shop tier=web }
vm db-01 { nic shop-net 10.10.1.21  labels app=shop tier=db }
`,
};
