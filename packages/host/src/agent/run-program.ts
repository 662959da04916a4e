import { Fault } from '@gatehouse/kernel';

/** Runs what a command line says. Ends the process with 1 after one clear sentence where that fails. */
export const runProgram = async (work: () => Promise<unknown>): Promise<void> => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Who reads the output may have had enough of it.
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    await work();
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`\n  ${error instanceof Fault ? error.advice : `Something went wrong: ${words}`}\n\n`);
    process.exitCode ||= 1;
  }
};
