import type { App } from '@gatehouse/server';

/** Aborts when whoever reads an answer is gone, or the program stops. */
export const endOf = (app: App, answer: NodeJS.EventEmitter): AbortSignal => {
  const gone = new AbortController();
  answer.on('close', () => gone.abort());
  return AbortSignal.any([gone.signal, app.closing]);
};
