import { basename } from 'node:path';
import { files, read } from './tree.ts';

const banned = /(Manager|Handler|Helper|Utils?|Service|Processor|Wrapper|Impl)$/;
const secretCallers =
  /^(connectors\/|packages\/server\/|packages\/database\/|packages\/kernel\/|scripts\/|bench\/|packages\/host\/|packages\/fields\/|apps\/[^/]+\/src\/(connections|webhooks|collectors)\/|apps\/gatehouse\/|apps\/collector\/src\/(device|events\/token|(install|settings)\/)|apps\/ecm\/src\/(foreign|configure\/test-connection|(settings|tokens|site)\/)|lab\/|packages\/connector-kit\/|packages\/remote-access\/src\/ecm\/sealing)/;

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
