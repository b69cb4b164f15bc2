// The steps that make the tables of an empty database, and those of an older one, into today's. Plain SQL types, so that
// SQLite and PostgreSQL take the same steps. A step that was released is never changed: a new one follows it.

import type { Kysely } from 'kysely';
import { StoreFailure } from '../store.ts';
import type { Tables } from './schema.ts';

type Step = (db: Kysely<Tables>) => Promise<void>;

const STEPS: readonly Step[] = [createTables];

/** Takes the steps that are missing, each in a transaction. Refuses what a newer program wrote. */
export async function migrate(db: Kysely<Tables>, at: number): Promise<void> {
  await db.schema
    .createTable('schema_versions')
    .ifNotExists()
    .addColumn('version', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
  const version = await refuseNewer(db);
  for (const [i, step] of STEPS.entries()) {
    if (i < version) continue;
    await db.transaction().execute(async (trx) => {
      await step(trx);
      await trx
        .insertInto('schema_versions')
        .values({ version: i + 1, at })
        .execute();
    });
  }
}

/** The version of the tables that are there. */
export async function refuseNewer(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('schema_versions')
    .select((e) => e.fn.max('version').as('version'))
    .executeTakeFirst();
  const version = row?.version ?? 0;
  if (version <= STEPS.length) return version;
  throw new StoreFailure(
    'too-new',
    `the store has tables of version ${version}, and this program knows those up to ${STEPS.length}`,
    'run the program that wrote it, or a newer one; to go back, restore a backup that the older one made',
  );
}

async function createTables(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('revisions')
    .addColumn('seq', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('revisions_project').on('revisions').columns(['project', 'seq']).execute();
  await schema
    .createTable('texts')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('text', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('files')
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().references('texts.hash'))
    .addColumn('valid_from', 'bigint', (c) => c.notNull())
    .addColumn('valid_to', 'bigint')
    .addPrimaryKeyConstraint('files_key', ['project', 'path', 'valid_from'])
    .execute();
  await schema
    .createTable('items')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('hash', 'text', (c) => c.notNull().references('texts.hash'))
    .addColumn('valid_from', 'bigint', (c) => c.notNull())
    .addColumn('valid_to', 'bigint')
    .addPrimaryKeyConstraint('items_key', ['kind', 'id', 'valid_from'])
    .execute();
  for (const table of ['files', 'items'] as const) {
    await schema.createIndex(`${table}_from`).on(table).column('valid_from').execute();
    await schema.createIndex(`${table}_to`).on(table).column('valid_to').execute();
  }
  await schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('revision', 'bigint', (c) => c.unique().references('revisions.seq'))
    .addColumn('digest', 'text')
    .addColumn('prev', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('audit_project').on('audit').columns(['project', 'seq']).execute();
  await schema
    .createTable('idempotency')
    .addColumn('principal', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('request', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('revision', 'bigint')
    .addColumn('answer', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_key', ['principal', 'key'])
    .execute();
  await schema.createIndex('idempotency_at').on('idempotency').column('at').execute();
  await createPointTables(db);
}

async function createPointTables({ schema }: Kysely<Tables>): Promise<void> {
  await schema
    .createTable('logs')
    .addColumn('seq', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('point', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('request', 'text', (c) => c.notNull())
    .addColumn('entries', 'bigint', (c) => c.notNull())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    // SQLite takes any name for a type, and keeps what it is given.
    .addColumn('body', 'bytea', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addUniqueConstraint('logs_key', ['point', 'key'])
    .execute();
  await schema.createIndex('logs_at').on('logs').column('at').execute();
  await schema.createIndex('logs_point').on('logs').columns(['point', 'seq']).execute();
  await schema
    .createTable('log_usage')
    .addColumn('point', 'text', (c) => c.primaryKey())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('feed_secrets')
    .addColumn('feed', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('retired_at', 'bigint')
    .addColumn('seal', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('feed_secrets_key', ['feed', 'id'])
    .execute();
  await schema
    .createTable('point_statuses')
    .addColumn('point', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}
