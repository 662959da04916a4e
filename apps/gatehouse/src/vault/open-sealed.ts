import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Fault, Secret } from '@gatehouse/kernel';
import type { Command } from 'commander';

/** `gatehouse vault credentials open`: reads a sealed export where no vault runs. */
export const addOpening = (vault: Command): void => {
  const credentials = vault.commands.find((command) => command.name() === 'credentials');
  credentials
    ?.command('open')
    .description('print the CSV of a sealed export; needs no running vault')
    .argument('<file>')
    .requiredOption('--passphrase-file <file>', 'a file with its passphrase')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse vault credentials open all.sealed --passphrase-file phrase.txt > all.csv',
    )
    .action(async (file: string, { passphraseFile }: { passphraseFile: string }) => {
      try {
        const { openFile } = await import('@gatehouse/server');
        const passphrase = new Secret(readFileSync(passphraseFile, 'utf8').replace(/\r?\n$/, ''));
        const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
        for await (const part of openFile(passphrase, lines)) process.stdout.write(part);
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        throw new Fault('misconfigured', `The file ${file} or that of its passphrase cannot be read.`, undefined, {
          cause,
        });
      }
    });
};
