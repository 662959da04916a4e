export { readState, State, statusLines, writeState } from './state-file.ts';
