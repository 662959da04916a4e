import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { passwordSafe } from '@gatehouse/connectors/password-safe';
import { runCommandLine } from './command-line.ts';
import { definePlugin, type Plugin } from './plugin.ts';

/** What this collector can read. */
const plugins: readonly Plugin[] = [
  definePlugin('active-directory', activeDirectory, async (client) => {
    const { domainSid, dnsName } = await client.forest();
    return { id: domainSid, name: dnsName };
  }),
  definePlugin('password-safe', passwordSafe, async ({ base }) => ({
    id: base.toLowerCase(),
    name: new URL(base).host,
  })),
];

await runCommandLine({ plugins, program: import.meta.filename }, process.argv.slice(2));
