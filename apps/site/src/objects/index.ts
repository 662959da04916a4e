export { changeObject, createObject, Refusal, removeObject } from './change.ts';
export { codeNamed } from './code-name.ts';
export { toCsvLine } from './csv.ts';
export type { Author, Kind, Place } from './kind.ts';
export { inWords, serveObjects } from './routes.ts';
export { countObjects, findObject, listObjects, updateRow } from './store.ts';
