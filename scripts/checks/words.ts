import { basename } from 'node:path';
import { files, read } from './tree.ts';

const banned = /(Manager|Handler|Helper|Utils?|Service|Processor|Wrapper|Impl)$/;
/** Where a secret may be read: where it is entered, sealed, sent to the system that it opens, or handed to whoever may have it. */
const secretCallers = new RegExp(
  `^(${[
    ...['connectors/', 'vaults/', 'desks/', 'lab/', 'scripts/', 'bench/'],
    'packages/(connector-kit|vault-kit|desk-kit|remote-access|server|database|kernel|host|mail|fields)/',
    'apps/insights/src/(connections|webhooks|collectors)/',
    'apps/vault/src/(keys|sign-in|credentials|checkouts|platforms|sdk|policies|identities|delegation)/',
    'apps/site/src/(api-accounts|jump-clients|client-scripts|configuration|oauth|recordings|sessions/rdp|support|command|outbound-events|reporting)/',
    'apps/ecm/src/(foreign|configure/test-connection|(settings|tokens|site)/)',
    'apps/desk/src/(accounts|sites|connections|keys)/',
    'apps/jump-client/src/(start-jump-client|(settings|install)/)',
    'apps/collector/src/(device|events/token|(install|settings)/)',
    'apps/gatehouse/',
  ].join('|')})`,
);

/** Names the glossary bans, links in documents that lead nowhere, and `.reveal()` where nothing may read a secret. */
export const words = async (): Promise<readonly string[]> => {
  const problems: string[] = [];
  const all = files();
  const known = new Set(all);
  for (const path of all) {
    if (/\.(ts|tsx)$/.test(path)) {
      const source = read(path);
      for (const [, name = ''] of source.matchAll(/\b(?:class|interface|type|const|function)\s+([A-Za-z0-9]+)/g))
        if (banned.test(name)) problems.push(`${path}: the name ${name} hides its noun`);
      if (/\.reveal\(\)/.test(source) && !secretCallers.test(path) && !/\.test\.ts$|\/testing\//.test(path))
        problems.push(`${path}: reads a secret; only connectors, sealing and credentials may`);
      if (source.split('\n').length > 400 && !/generated/.test(path)) problems.push(`${path}: over 400 lines`);
    }
    if (path.endsWith('.md')) {
      const folder = path.slice(0, path.length - basename(path).length);
      for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
        const file = new URL(target, `file:///${folder}`).pathname.slice(1);
        if (!known.has(file) && !all.some((other) => other.startsWith(`${file.replace(/\/$/, '')}/`)))
          problems.push(`${path}: links to ${target}, which does not exist`);
      }
    }
  }
  return problems;
};
