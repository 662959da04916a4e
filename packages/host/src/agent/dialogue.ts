import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** A conversation with whoever sets something up: a person at a terminal, or lines that another program wrote. */
export interface Dialogue {
  /** False where nobody can be asked again. */
  readonly isPerson: boolean;
  say(text: string): void;
  /** One line; hidden as it is typed where it is a secret. Null when there are no more lines. */
  ask(prompt: string, hidden?: boolean): Promise<string | null>;
  close(): void;
}

export const openDialogue = (input: NodeJS.ReadStream, output: NodeJS.WriteStream): Dialogue => {
  const isPerson = input.isTTY === true;
  let isHidden = false;
  const screen = new Writable({
    write(chunk: Buffer, _, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  let lines: Interface | null = null;
  let over = false;
  const waiting: string[] = [];
  const open = (): Interface => {
    if (lines !== null) return lines;
    lines = createInterface({ input, output: screen, terminal: isPerson, historySize: 0 });
    lines.on('line', (line) => void waiting.push(line));
    lines.on('close', () => {
      over = true;
    });
    // At a prompt Ctrl-C ends the installation, as everywhere.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    return lines;
  };

  return {
    isPerson,
    say: (text) => void output.write(`${text}\n`),
    async ask(prompt, hidden = false) {
      const reader = open();
      const [line = '', ...before] = prompt.split('\n').reverse();
      if (before.length > 0) output.write(`${before.reverse().join('\n')}\n`);
      // Its own prompt, so that what is typed again does not wipe it out.
      reader.setPrompt(`${line} `);
      if (over) output.write(`${line} `);
      else reader.prompt();
      isHidden = hidden;
      while (waiting.length === 0 && !over) await Promise.race([once(reader, 'line'), once(reader, 'close')]);
      isHidden = false;
      if (!isPerson || hidden) output.write('\n');
      return waiting.shift() ?? null;
    },
    close: () => lines?.close(),
  };
};
