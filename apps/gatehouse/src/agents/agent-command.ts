import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Command } from 'commander';

/**
 * `gatehouse collector …`, `gatehouse ecm …`, `gatehouse jump-client …`: the program of its own, with the very words that were typed. It runs
 * without the rest of Gatehouse on servers inside a network, so it knows its commands and their help itself.
 */
export const agentCommand = (root: string, name: 'collector' | 'ecm' | 'jump-client', summary: string): Command =>
  new Command(name)
    .summary(summary)
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .passThroughOptions()
    .action(async (words: readonly string[]) => {
      const child = spawn(process.execPath, [join(root, 'apps', name, 'src/main.ts'), ...words], {
        stdio: 'inherit',
        env: { ...process.env, NODE_NO_WARNINGS: '1' },
      });
      // A terminal sends Ctrl-C to both; the program decides when it has ended.
      const pass = (signal: NodeJS.Signals) => signal !== 'SIGINT' && child.kill(signal);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
      const [code] = await once(child, 'exit');
      process.exitCode = typeof code === 'number' ? code : 1;
    });
