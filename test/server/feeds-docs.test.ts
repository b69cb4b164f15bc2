// docs/feeds.md says what is so: profiles with their figures, a configuration that is taken, the options of the program.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SERVER_COMMANDS } from '../../src/cli/surface/server-commands.ts';
import { feedProfiles, profileNames } from '../../src/exporters/feeds/profiles.ts';
import { serverConfigOf } from '../../src/server/config/config.ts';

const page = readFileSync('docs/feeds.md', 'utf8');

describe('the page of feeds', () => {
  it('has every profile with its limit and its empty list', () => {
    const table = page.slice(page.indexOf('## Profiles'), page.indexOf('`maxEntries` of a feed'));
    const rows = [...table.matchAll(/^\| `(\w+)` \| .* \| ([\d,]+)(.*?) \| (.*) \|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual([...profileNames]);
    for (const [, name, figure = '', more = '', empty = ''] of rows) {
      const profile = feedProfiles[name as (typeof profileNames)[number]];
      expect(Number(figure.replaceAll(',', ''))).toBe(profile.maxEntries);
      expect(more).toBe(profile.maxBytes === null ? '' : ` and ${profile.maxBytes / 1_000_000} MB`);
      const [, comment] = /^the line `(.*)`$/.exec(empty) ?? [];
      expect(profile.emptyList).toBe(comment === undefined ? '' : `${comment}\n`);
    }
  });

  it('has a configuration that is taken as it stands', () => {
    const [, text = ''] = /```yaml\n(format: [\s\S]*?)```/.exec(page) ?? [];
    const { feeds } = serverConfigOf(text, '/nowhere');
    expect(feeds['shop.db']).toMatchObject({ project: 'shop', use: 'allow', maxEntries: 150_000, mayBeEmpty: false });
    expect(feeds.quarantine).toMatchObject({ use: 'deny', family: 'both', mayBeEmpty: true, secretGraceDays: 30 });
  });

  it('and the command line name the same profiles', () => {
    const values = SERVER_COMMANDS.find(({ name }) => name === 'feed')?.options.find(({ flags }) =>
      flags.startsWith('--profile'),
    )?.values;
    expect(values).toEqual([...profileNames]);
  });
});
