import { Fault } from '@gatehouse/kernel';

/** Given when whoever runs a command stops it; the command is over with that. */
export const endSignal = (): AbortSignal => {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      ending.abort(new Fault('misconfigured', 'Stopped.'));
      process.exit(130);
    });
  return ending.signal;
};
