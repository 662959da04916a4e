export { readState, writeState } from './state-file.ts';
export { statusLines } from './status-lines.ts';
