// The client of docs/clients keeps sets of nftables in step with a feed of a real server, in network namespaces of its
// own: what the kernel lets through is what the feed says, and nothing that goes wrong empties or shortens a set.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';

import { type FeedServer, machine, newSecret, openFeedServer } from '../server/feed-server.ts';

const CLIENT = resolve('docs/clients/feed-to-nft.sh');
/** The firewall, with a guarded service; a peer behind it; and this process in front of it, with the server. */
const [FW, PEER] = [`bh-fw-${process.pid}`, `bh-peer-${process.pid}`];
const [OUTER, INNER] = ['10.231.78.1', '10.231.78.2'];
const SERVICE = '10.231.77.1';
const GOOD = '10.231.77.2';
const BAD = '10.231.77.3';

const run = (command: string, ...words: readonly string[]) => execFileSync(command, words, { encoding: 'utf8' });
const ip = (...words: readonly string[]) => run('ip', ...words);
const inside = (namespace: string, ...words: readonly string[]) => ip('netns', 'exec', namespace, ...words);

const RULES = `table inet guard {
  set allowed4 { type ipv4_addr; flags interval; auto-merge; }
  set allowed6 { type ipv6_addr; flags interval; auto-merge; }
  chain input {
    type filter hook input priority 0; policy accept;
    tcp dport 7777 ip saddr @allowed4 accept
    tcp dport 7777 drop
  }
}
`;

const newFolder = useFolders();
const folder = newFolder();
const state = join(folder, 'state');
const children: ChildProcess[] = [];
const servers: Server[] = [];
let server: FeedServer;
let origin = '';

beforeAll(async () => {
  const [outer, inner] = [`bho${process.pid}`.slice(0, 15), `bhi${process.pid}`.slice(0, 15)];
  for (const name of [FW, PEER]) ip('netns', 'add', name);
  ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', FW);
  ip('addr', 'add', `${OUTER}/24`, 'dev', outer);
  ip('link', 'set', outer, 'up');
  inside(FW, 'ip', 'addr', 'add', `${INNER}/24`, 'dev', inner);
  inside(FW, 'ip', 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'lan', 'netns', PEER);
  inside(FW, 'ip', 'addr', 'add', `${SERVICE}/24`, 'dev', 'lan');
  for (const address of [GOOD, BAD]) inside(PEER, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'lan');
  for (const name of [FW, PEER]) for (const dev of ['lo', 'lan']) inside(name, 'ip', 'link', 'set', dev, 'up');
  inside(FW, 'ip', 'link', 'set', inner, 'up');
  writeFileSync(join(folder, 'rules.nft'), RULES);
  inside(FW, 'nft', '-f', join(folder, 'rules.nft'));
  const service = spawn('ip', [
    ...['netns', 'exec', FW, process.execPath, '-e'],
    `require('node:http').createServer((_, r) => r.end('here')).listen(7777, '${SERVICE}', () => console.log('up'))`,
  ]);
  children.push(service);
  await new Promise((done) => service.stdout.once('data', done));

  server = await openFeedServer(join(folder, 'data'), { feeds: FEEDS });
  origin = await server.app.listen({ host: OUTER, port: 0 });
  writeFileSync(join(folder, 'secret'), (await newSecret(server, 'peers')).secret);
  writeFileSync(join(folder, 'wrong'), 'bhf_wrong');
});

const FEEDS = `feeds:
  peers: { members: ['web or (addresses 10.231.90.0/24)'], use: allow, profiles: [plain], maxEntries: 5 }
`;

afterAll(async () => {
  for (const child of children) child.kill();
  for (const each of servers) each.close();
  await server?.close();
  for (const name of [FW, PEER]) spawnSync('ip', ['netns', 'del', name]);
});

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** One run of the client; the process that serves must not wait for it. */
function sync(
  url: string,
  { secret = 'secret', folder: kept = state, sets = ['allowed4', 'allowed6'], env = {} } = {},
) {
  return new Promise<Ended>((done) => {
    const child = spawn('ip', ['netns', 'exec', FW, 'sh', CLIENT, url, 'inet', 'guard', ...sets], {
      env: { ...process.env, FEED_STATE: kept, FEED_SECRET_FILE: join(folder, secret), ...env },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code) => done({ code, stderr }));
  });
}

const feed = () => `${origin}/v1/feeds/peers.txt?profile=plain`;

/** What the kernel holds. */
function setOf(name: string): readonly string[] {
  const { nftables } = JSON.parse(inside(FW, 'nft', '-j', 'list', 'set', 'inet', 'guard', name));
  const found = nftables.find((each: { set?: unknown }) => each.set !== undefined).set.elem ?? [];
  return found.map((each: string | { prefix: { addr: string; len: number } }) =>
    typeof each === 'string' ? each : `${each.prefix.addr}/${each.prefix.len}`,
  );
}

/** Whether a packet of this source reaches the service. */
const passes = (source: string): boolean =>
  spawnSync('ip', [
    ...['netns', 'exec', PEER, 'curl', '--silent', '--interface', source, '--connect-timeout', '1'],
    `http://${SERVICE}:7777/`,
  ]).status === 0;

const put = (...items: readonly ReturnType<typeof machine>[]) => change(items, []);
const remove = (id: string) => change([], [{ kind: 'workloads', id }]);
function change(upsert: readonly ReturnType<typeof machine>[], gone: readonly { kind: 'workloads'; id: string }[]) {
  return server.state.change({
    ...{ kind: 'inventory', principal: { id: 'ada', project: null }, project: null, message: '' },
    ...{ action: 'inventory.put', target: 'inventory', isDryRun: false, files: null, upsert, remove: gone },
    ...{ idempotency: null, answer: () => '' },
  });
}

/** A server that says what it should not. */
async function lie(answer: (list: string) => { status?: number; headers?: Record<string, string>; body: string }) {
  const liar = createServer((_request, response) => {
    const { status = 200, headers = {}, body } = answer('10.231.77.3\n10.231.77.9\n');
    response.writeHead(status, { 'content-length': String(body.length), ...headers });
    response.write(body);
    // What was announced and does not come.
    if (headers['content-length'] !== undefined) response.destroy();
    else response.end();
  });
  servers.push(liar);
  await new Promise<void>((done) => liar.listen(0, OUTER, done));
  return `http://${OUTER}:${(liar.address() as AddressInfo).port}/list.txt`;
}
const tagged = (body: string, entries: number) => ({
  etag: `"${createHash('sha256').update(body).digest('hex')}"`,
  'bulkhead-feed-entries': String(entries),
});

describe('the client', () => {
  it('has a first list', async () => {
    expect([passes(GOOD), passes(BAD)]).toEqual([false, false]);
    expect(await sync(feed())).toEqual({ code: 0, stderr: 'feed-to-nft: took over a list of 3 entries\n' });
    expect(setOf('allowed4')).toEqual(['10.0.1.1', '10.231.90.0/24']);
    expect(setOf('allowed6')).toEqual(['2001:db8::1']);
  });

  it('follows members as they come and go: packets pass, and pass no more', async () => {
    await put(machine('peer', 'web', GOOD));
    expect((await sync(feed())).code).toBe(0);
    expect([passes(GOOD), passes(BAD)]).toEqual([true, false]);
    await put(machine('peer', 'web', BAD));
    expect((await sync(feed())).code).toBe(0);
    expect([passes(GOOD), passes(BAD)]).toEqual([false, true]);
    await remove('peer');
    expect((await sync(feed())).code).toBe(0);
    expect([passes(GOOD), passes(BAD)]).toEqual([false, false]);
    await put(machine('peer', 'web', GOOD));
    expect((await sync(feed())).code).toBe(0);
    expect([passes(GOOD), passes(BAD)]).toEqual([true, false]);
  });

  it('fetches nothing that it has, and puts it back where it is gone', async () => {
    const before = await server.count('not-modified');
    inside(FW, 'nft', 'flush', 'set', 'inet', 'guard', 'allowed4');
    expect(passes(GOOD)).toBe(false);
    expect(await sync(feed())).toEqual({ code: 0, stderr: '' });
    expect(await server.count('not-modified')).toBe(before + 1);
    expect(passes(GOOD)).toBe(true);
  });

  it('takes over an empty list that is meant, and one of IPv4 alone', async () => {
    const own = join(folder, 'other-state');
    for (const [body, entries, held] of [
      ['192.0.2.0/24\n', 1, ['192.0.2.0/24']],
      ['', 0, []],
    ] as const) {
      const url = await lie(() => ({ headers: tagged(body, entries), body }));
      expect((await sync(url, { folder: own })).code).toBe(0);
      expect([setOf('allowed4'), setOf('allowed6')]).toEqual([held, []]);
    }
    expect((await sync(feed())).code).toBe(0);
    expect(passes(GOOD)).toBe(true);
  });
});

describe('when', () => {
  /** The sets before and after are the same, and so are the packets. */
  async function keeps(act: () => Promise<Ended>, message: RegExp, code = 1): Promise<void> {
    const before = [setOf('allowed4'), setOf('allowed6')];
    expect(before[0]).toContain(GOOD);
    const ended = await act();
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(message)]);
    expect([setOf('allowed4'), setOf('allowed6')]).toEqual(before);
    expect([passes(GOOD), passes(BAD)]).toEqual([true, false]);
  }
  const LIST = '10.231.77.3\n10.231.77.9\n';

  it('its secret is refused (401), the list stays', () =>
    keeps(() => sync(feed(), { secret: 'wrong' }), /the server answered 401 - the last list stays/));

  it('the feed is over its limit (503), the list stays', async () => {
    for (const i of [1, 2, 3, 4]) await put(machine(`more-${i}`, 'web', `10.231.9${i}.7`));
    await keeps(() => sync(feed()), /the server answered 503/);
    for (const i of [1, 2, 3, 4]) await remove(`more-${i}`);
    expect((await sync(feed())).code).toBe(0);
  });

  it('the store is lost, a secret that was good still is', async () => {
    server.setStoreUp(false);
    expect((await sync(feed())).code).toBe(0);
    await keeps(() => sync(feed(), { secret: 'wrong' }), /the server answered 503/);
    server.setStoreUp(true);
  });

  it.each([
    ['is cut short', { headers: { ...tagged(LIST, 2), 'content-length': '4000' }, body: LIST }, /fetched whole/],
    ['is cut at a line', { headers: tagged(LIST, 2), body: '10.231.77.3\n' }, /not what its tag says/],
    ['has a wrong number of entries', { headers: tagged(LIST, 3), body: LIST }, /as many entries/],
    ['has no tag', { headers: { 'bulkhead-feed-entries': '2' }, body: LIST }, /not what its tag says/],
    ['is a page of somebody else', { body: '<html>log in</html>\n' }, /not what its tag says/],
    [
      'would write statements',
      (({ body }) => ({ headers: tagged(body, 1), body }))({ body: '10.0.0.1 }; flush ruleset; #\n' }),
      /something else than addresses/,
    ],
    ['is an empty answer', { body: '' }, /not what its tag says/],
    ['is an error of the server', { status: 500, body: 'oops' }, /answered 500/],
  ])('what comes %s, the list stays', async (_case, answer, message) => {
    const url = await lie(() => answer);
    await keeps(() => sync(url), message);
  });

  it('a list is longer than it takes, or has a family without a set, the list stays', async () => {
    const url = await lie(() => ({ headers: tagged(LIST, 2), body: LIST }));
    await keeps(() => sync(url, { env: { FEED_MAX_ENTRIES: '1' } }), /2 entries, and 1 are taken at most/);
    const six = '2001:db8::/32\n';
    const other = await lie(() => ({ headers: tagged(six, 1), body: six }));
    const own = join(folder, 'six');
    await keeps(() => sync(other, { folder: own, sets: ['allowed4'] }), /IPv6 addresses, and no set/);
  });

  it('the sets are not there, nothing is done', () =>
    keeps(
      () => sync(feed(), { sets: ['no-such-set', 'allowed6'] }),
      /the sets cannot be written; they are as they were/,
      2,
    ));

  it('the server is gone, the list stays, and is put back after a reboot', async () => {
    const url = feed();
    await server.close();
    await keeps(() => sync(url), /could not be fetched whole/);
    inside(FW, 'nft', 'flush', 'ruleset');
    inside(FW, 'nft', '-f', join(folder, 'rules.nft'));
    expect(passes(GOOD)).toBe(false);
    expect((await sync(url)).code).toBe(1);
    expect([passes(GOOD), passes(BAD)]).toEqual([true, false]);
  });

  it('its file is damaged, that is no list', async () => {
    const [name = ''] = readdirSync(state).filter((each) => each.endsWith('.list'));
    const text = readFileSync(join(state, name), 'utf8');
    const copy = join(folder, 'damaged');
    mkdirSync(copy);
    writeFileSync(join(copy, name), text.slice(0, 20));
    await keeps(() => sync(feed(), { folder: copy }), /is damaged\n.*could not be fetched/s);
  });
});
